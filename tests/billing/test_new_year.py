"""An invoice that waits for its number past midnight of the new year: its series and its date are of the same year."""

import threading
import time

import pytest
from django.db import connection, transaction

from billing import invoicing
from billing.models import Invoice
from tests.attacks import run
from tests.billing.at_once import at_once
from tests.billing.billing_cases import at, entry, set_clock, world
from tests.factories import TESTS

LAST = "2026-12-31 23:59:58Z"
CLOCK = (
    "CREATE OR REPLACE FUNCTION countersign_now() RETURNS timestamptz LANGUAGE sql VOLATILE "
    "SET search_path = pg_catalog, public, pg_temp AS 'SELECT at FROM wall'"
)
WAITING = (
    "SELECT count(*) FROM pg_locks WHERE NOT granted "
    "AND (database IS NULL OR database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)


@pytest.mark.broken_on_purpose
def test_a_number_that_was_waited_for_is_of_the_year_in_which_it_is_given(own_database):
    worlds = [world() for _ in range(2)]
    for w in worlds:
        entry(w, at(11), at(12)).save()
    set_clock(None)
    first, second = invoicing.draft(worlds[0].entity, at(0, day=1).date(), by=TESTS, at=at(18))
    with connection.as_owner():  # a clock that goes on while somebody waits
        run("CREATE TABLE wall (at timestamptz)")
        run("INSERT INTO wall VALUES (%s)", LAST)
        run("GRANT SELECT, UPDATE ON wall TO countersign_app")
        run(CLOCK)
    held, midnight = threading.Event(), threading.Event()

    def act(i):
        if i == 0:
            with transaction.atomic():
                invoicing.issue(first, by=TESTS, at=at(18))
                held.set()
                midnight.wait(30)
        elif i == 1:
            held.wait(30)
            invoicing.issue(second, by=TESTS, at=at(18))
        else:
            held.wait(30)
            until = time.monotonic() + 20
            while run(WAITING) == [(0,)] and time.monotonic() < until:
                time.sleep(0.05)
            run("UPDATE wall SET at = '2027-01-01 00:00:01Z'")
            midnight.set()

    at_once(3, act)
    issued = Invoice.objects.issued().order_by("issued_at")
    assert list(issued.values_list("series", "number", "invoice_date__year")) == [
        ("INV-2026", 1, 2026),
        ("INV-2027", 1, 2027),
    ]

"""Who tops up, who books and who credits wait for each other; without their lock a minimum is topped up past what was signed."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from billing import invoicing
from billing.models import BilledMinimum, InvoiceLine
from support.refusal import Refused
from tests.attacks import run
from tests.billing.at_once import at_once, both
from tests.billing.billing_cases import at
from tests.billing.minimum_cases import OCTOBER, at_least, done, run_of, some_work
from tests.factories import TESTS


def test_four_runs_top_it_up_once(own_database):
    w = at_least()
    some_work(w)
    done(w)
    issued = at_once(4, lambda i: len(run_of(w)), clock=at(18))
    assert sum(issued) == 1
    assert [line.net for line in InvoiceLine.objects.filter(kind="minimum")] == [375]
    assert BilledMinimum.objects.count() == 1


def without_the_lock():
    """As the owner: the same guards, who wait for nobody."""
    with connection.as_owner():
        for shared in ("", "_shared"):
            run(f"CREATE FUNCTION public.nobody{shared}(bigint) RETURNS void LANGUAGE sql AS 'SELECT'")
        found = run(
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname IN ('hold_minimums', 'must_not_be_topped_up', 'invoice_guard')"
        )
        assert len(found) == 3  # the last one's lock, of the numbers, would keep two who issue apart
        for [text] in found:
            text = text.replace("pg_advisory_xact_lock_shared(", "nobody_shared(")
            run(text.replace("pg_advisory_xact_lock(", "nobody("))


@both
@pytest.mark.parametrize("other", ["books", "credits"])
def test_whoever_changes_what_it_is_worked_out_from_waits(own_database, guarded, other):
    """The other has begun and not committed as the top-up is issued."""
    w = at_least()
    some_work(w)
    if other == "credits":
        [issued] = run_of(w)
        time = issued.lines.get()
    [draft] = invoicing.draft(done(w).entity, OCTOBER, by=TESTS, at=at(18))
    if not guarded:
        without_the_lock()
    begun, ended = threading.Event(), threading.Event()

    def act(i):
        if i == 0:
            with transaction.atomic():
                if other == "books":
                    some_work(w, 13, 60)
                else:
                    invoicing.credit(issued, lines=[time], reason="Wrong.", by=TESTS, at=at(18))
                begun.set()
                ended.wait(1)
            return
        begun.wait(10)
        try:
            invoicing.issue(draft, by=TESTS, at=at(18))
        except (Refused, DatabaseError) as error:
            assert "draft the month again" in str(getattr(error, "sentence", error))
        finally:
            ended.set()

    at_once(2, act, clock=at(18))
    [[wrong]] = run(
        "SELECT count(*) FROM billing_billedminimum b JOIN billing_invoiceline l ON l.id = b.line_id JOIN billing_invoice i ON i.id = l.invoice_id "
        "WHERE i.number IS NOT NULL AND (b.charged, 0) IS DISTINCT FROM (charged_for(b.engagement_id, i.id, NULL), lines_lacking(b.engagement_id, i.id, NULL)::int)"
    )
    assert wrong == (0 if guarded else 1)

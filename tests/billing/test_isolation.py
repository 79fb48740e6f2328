"""Guards judge by what is committed: above READ COMMITTED, where they would judge by what was, they refuse."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import DatabaseError, connection, transaction

from billing import invoicing, timing
from billing.models import BilledEntry, GdapReading, Invoice, InvoiceLine, TimeEntry
from tests.attacks import refused, run
from tests.billing.at_once import both
from tests.billing.billing_cases import EXCHANGE, at, entry, set_clock, world
from tests.factories import TESTS

LEVELS = ["REPEATABLE READ", "SERIALIZABLE"]
RULE = "judged_by_what_is_committed"
ADDED_TO = [
    "billing_engagement",
    "billing_offer",
    "billing_invitation",
    "billing_offerend",
    "billing_signature",
    "billing_writtenyes",
    "billing_writtencheck",
    "billing_waystep",
    "billing_approval",
    "billing_approvalend",
    "billing_timeentry",
    "billing_timer",
    "billing_monthmove",
    "billing_invoice",
    "billing_invoiceline",
    "billing_billedentry",
    "billing_exportedinvoice",
    "billing_exportfile",
    "billing_exportpiece",
    "billing_paper",
    "billing_sending",
    "support_event",
    "support_contact",
    "escalations_escalation",
    "escalations_escalationclosing",
]
WRITES = [
    *(f"INSERT INTO {table} DEFAULT VALUES" for table in ADDED_TO),
    "INSERT INTO support_user (kind) VALUES ('staff')",
    "UPDATE support_ticket SET state = state",
    "UPDATE support_contract SET currency = 'JPY'",
    "UPDATE support_legalentity SET time_zone = 'Asia/Tokyo'",
]
# What they read is of their own transaction, or was judged by the guard of the table before them.
NEED_NOT = {"approval_opens_its_balance", "confirmed_is_signed", "evidence_add", "roles_leave_history"}


def guard(guarded: bool) -> None:
    """For the control the owner empties the function that every guard asks."""
    if not guarded:
        with connection.as_owner():
            run("CREATE OR REPLACE FUNCTION must_read_committed() RETURNS void LANGUAGE sql AS $$ SELECT $$")
        set_clock(at(18))


def overtaken(level: str, meanwhile, then) -> str:
    """What the database says to `then` in a transaction that began to read before `meanwhile` was committed."""
    reads, go_on = Event(), Event()

    def act():
        set_clock(at(18))
        try:
            with transaction.atomic():
                run(f"SET TRANSACTION ISOLATION LEVEL {level}")
                run("SELECT count(*) FROM billing_timeentry")
                reads.set()
                go_on.wait(20)
                then()
            return "committed"
        except DatabaseError as error:
            return str(error)
        finally:
            reads.set()
            connection.simulated_now = ""
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(act)
        try:
            reads.wait(20)
            meanwhile()
        finally:
            go_on.set()
        return answer.result()


@both
@pytest.mark.parametrize("level", LEVELS)
def test_nothing_is_issued_for_time_that_was_cancelled_meanwhile(own_database, level, guarded):
    w = world()
    row = entry(w, at(11), at(12))
    row.save()
    [draft] = invoicing.draft(w.entity, at(0, day=1).date(), by=TESTS, at=at(18))
    guard(guarded)
    said = overtaken(
        level,
        lambda: timing.cancel(row, reason="A mistake.", by=TESTS, at=at(18)),
        lambda: run("UPDATE billing_invoice SET issued_at = now() WHERE id = %s", draft.pk),
    )
    assert ("READ COMMITTED" if guarded else "committed") in said
    assert Invoice.objects.issued().exists() is not guarded
    assert (InvoiceLine.objects.get().minutes, BilledEntry.objects.count()) == (60, 0)


@both
@pytest.mark.parametrize("level", LEVELS)
def test_nothing_is_booked_after_gdap_was_terminated_meanwhile(own_database, level, guarded):
    w = world(gdap=[EXCHANGE])
    reading(w, "active", at(10.5))
    guard(guarded)
    said = overtaken(level, lambda: reading(w, "terminated", at(11)), lambda: entry(w, at(12), at(13)).save())
    assert ("READ COMMITTED" if guarded else "committed") in said
    assert TimeEntry.objects.exists() is not guarded


def reading(w, status, when):
    set_clock(when)
    GdapReading.objects.create(
        customer=w.ticket.customer,
        status=status,
        assigned=True,
        roles=[EXCHANGE],
        source="graph",
        ends_at=at(0, day=1, month=12),
        actor_kind="system",
        actor_name="tests",
    )
    set_clock(at(18))


def test_every_guard_that_judges_by_other_rows_refuses(own_database):
    world()
    for level in LEVELS:
        for write in WRITES:
            with refused(RULE):
                run(f"SET TRANSACTION ISOLATION LEVEL {level}")
                run(write)
    with refused("must be called before any query"):
        run("SELECT 1 FROM billing_offer")
        run("SET transaction_isolation = 'repeatable read'")


@pytest.mark.django_db
def test_no_guard_forgets_to_ask():
    forgetful = run(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prorettype = 'trigger'::regtype "
        r"AND prosrc ~ '(FROM|JOIN) (billing|support|escalations)_' AND prosrc NOT LIKE '%must_read_committed%'"
    )
    assert {name for (name,) in forgetful} == NEED_NOT


def test_a_server_whose_default_is_higher_is_served_at_read_committed(own_database):
    with connection.as_owner():
        run(f"ALTER DATABASE \"{own_database}\" SET default_transaction_isolation = 'serializable'")
    assert run("SHOW transaction_isolation") == [("read committed",)]

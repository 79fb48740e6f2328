"""A surcharge is billed once, and no more visits are made than were approved, with many at once; without the guards neither holds."""

from django.db import DatabaseError, connection, transaction

from billing import invoicing
from billing.models import BilledEntry, Invoice, InvoiceLine, TimeEntry
from tests.attacks import run
from tests.billing.at_once import at_once, both, take_off
from tests.billing.billing_cases import at, entry
from tests.billing.surcharge_cases import surcharged
from tests.factories import TESTS

OCTOBER = at(0, day=1).date()


def test_two_runs_at_once_bill_a_surcharge_once(own_database):
    worlds = [surcharged() for _ in range(2)]
    for w in worlds:
        entry(w, at(17), at(18), out_of_hours=True).save()

    def act(i):
        return len(invoicing.run(worlds[0].entity, OCTOBER, by=TESTS, at=at(18, day=15)))

    assert sum(at_once(4, act, clock=at(18, day=15))) == 2
    assert sorted(Invoice.objects.values_list("number", "net")) == [(1, 375), (2, 375)]


@both
def test_sixteen_writers_put_a_surcharge_on_one_line(own_database, guarded):
    w = surcharged()
    row = entry(w, at(17), at(18), out_of_hours=True)
    row.save()
    draft = Invoice(legal_entity=w.entity, bill_to=w.contract.bill_to, month=OCTOBER)
    draft.save(force_insert=True)
    said = {"kind": "surcharge", "surcharge": "out_of_hours", "approval": w.approval, "rate": 125, "net": 125}
    lines = [InvoiceLine.objects.create(invoice=draft, position=n, **said) for n in range(16)]
    if not guarded:
        with connection.as_owner():
            run("DROP INDEX entry_on_one_live_line")

    def act(i):
        try:
            with transaction.atomic():
                BilledEntry.objects.create(line=lines[i], entry=row, surcharge="out_of_hours")
        except DatabaseError as error:
            assert "entry_on_one_live_line" in str(error)

    at_once(16, act, clock=at(18, day=15))
    assert BilledEntry.objects.count() == (1 if guarded else 16)


@both
def test_eight_engineers_make_the_two_visits_that_were_approved(own_database, guarded):
    from tests.factories import UserFactory

    w = surcharged(on_site="visit", visits=2, cap=600)
    people = [UserFactory() for _ in range(8)]
    if not guarded:
        take_off(("billing_timeentry", "guard"))

    def act(i):
        row = entry(w, at(10), at(11), person=people[i], on_site=True, visit=True, piece=f"{i:032}")
        try:
            with transaction.atomic():
                row.save()
        except DatabaseError as error:
            assert "visits that were offered are used up" in str(error)

    at_once(8, act, clock=at(18, day=15))
    assert TimeEntry.objects.count() == (2 if guarded else 8)

"""Whose a miss is in a past month, and how long it was late, is what was known as the month ended."""

import pytest

from escalations import vendors
from support.desk import priority, promising
from support.models import Message
from tests.escalations.review_cases import october_of, ticket
from tests.escalations.vendor_cases import open_case, told, vendor_ticket
from tests.factories import ANA
from tests.support.desk_cases import contract_under, utc

pytestmark = pytest.mark.django_db
READ = ("2026-11-01 12:00", "2026-11-05 12:00", "2027-03-01 12:00")


@pytest.fixture
def last_day(clock):
    """A promise and a case with Microsoft of the last day; his month ends at midnight in London."""
    clock(utc("2026-10-31 09:00"))
    made = vendor_ticket(at="2026-10-31 09:00")
    Message.reply(made, "We see it.", by=ANA, at=utc("2026-10-31 09:05"))
    promising.promise(made, utc("2026-10-31 14:00"), "", by=ANA, at=utc("2026-10-31 09:06"))
    return made, open_case(made, clock, "2026-10-31 09:10")


def test_who_comes_after_the_month_has_ended_alters_no_miss_of_it(last_day, clock):
    row, case = last_day
    clock(utc(READ[0]))
    before = october_of(row.customer, at=READ[0]).misses
    assert {miss.whose for miss in before if miss.kind == "Committed time"} == {"Microsoft"}
    clock(utc("2026-11-01 13:00"))
    told(vendors.answered, case, clock, "2026-11-01 13:00", claimed_at=utc("2026-10-31 09:30"))
    told(vendors.dispatched, case, clock, "2026-11-01 13:01", claimed_at=utc("2026-10-31 09:31"))
    row.refresh_from_db()
    row.resolve(outcome="resolved", by=ANA, at=clock(utc("2026-11-02 09:00")))
    for at in READ[1:]:
        assert october_of(row.customer, at=at).misses == before


def test_while_the_month_goes_on_it_is_as_of_now(last_day, clock):
    row, case = last_day
    assert "Microsoft" in {miss.whose for miss in october_of(row.customer, at="2026-10-31 20:00").misses}
    for verb in (vendors.answered, vendors.dispatched):
        told(verb, case, clock, "2026-10-31 21:00", claimed_at=utc("2026-10-31 09:30"))
    [miss] = [m for m in october_of(row.customer, at="2026-10-31 22:00").misses if m.kind == "Committed time"]
    assert miss.whose != "Microsoft"
    assert miss.late_by == "not done yet"


def test_lengths_and_sentences_of_a_past_month_do_not_depend_on_when_they_are_read():
    row = ticket(contract_under("exponential-e-ucc"), "2026-10-31 09:00", "Critical")
    customer = row.customer
    first = october_of(customer, at=READ[0]).misses
    assert {miss.late_by for miss in first} == {"not done in the month"}
    assert october_of(customer, at=READ[2]).misses == first
    Message.reply(row, "Looking.", by=ANA, at=utc("2026-11-02 08:00"))
    priority.assess(row, "High", by=ANA, at=utc("2026-11-02 09:00"))
    row.resolve(outcome="resolved", by=ANA, at=utc("2026-11-03 09:00"))
    assert october_of(customer, at=READ[2]).misses == first

"""egroup-csp-advantage, played: four hours to respond, for A on the wall clock, for B and C on weekdays in New York,
06:00 to 20:00."""

import pytest

from support.desk import priority
from support.models import Message, Wait
from tests.factories import ANA, TESTS
from tests.support.table_cases import are, at, cycles, dues, opened, record, replies, were

pytestmark = pytest.mark.django_db

# start, response of A, response of B and C
TABLE = {
    "inside hours": ("2026-06-09 10:00-04:00", "2026-06-09 14:00-04:00", "2026-06-09 14:00-04:00"),
    "due at closing": ("2026-06-09 16:00-04:00", "2026-06-09 20:00-04:00", "2026-06-09 20:00-04:00"),
    "over the night": ("2026-06-09 18:00-04:00", "2026-06-09 22:00-04:00", "2026-06-10 08:00-04:00"),
    "before hours": ("2026-06-09 03:00-04:00", "2026-06-09 07:00-04:00", "2026-06-09 10:00-04:00"),
    "after hours": ("2026-06-09 22:00-04:00", "2026-06-10 02:00-04:00", "2026-06-10 10:00-04:00"),
    "over a weekend": ("2026-06-12 18:00-04:00", "2026-06-12 22:00-04:00", "2026-06-15 08:00-04:00"),
    "on a Saturday": ("2026-06-13 11:00-04:00", "2026-06-13 15:00-04:00", "2026-06-15 10:00-04:00"),
    "on a Sunday": ("2026-06-14 23:00-04:00", "2026-06-15 03:00-04:00", "2026-06-15 10:00-04:00"),
    "Thanksgiving counts": ("2026-11-26 10:00-05:00", "2026-11-26 14:00-05:00", "2026-11-26 14:00-05:00"),
    "Memorial Day counts": ("2026-05-22 18:00-04:00", "2026-05-22 22:00-04:00", "2026-05-25 08:00-04:00"),
    "into summer time": ("2026-03-06 19:00-05:00", "2026-03-06 23:00-05:00", "2026-03-09 09:00-04:00"),
    "an hour short": ("2026-03-08 00:30-05:00", "2026-03-08 05:30-04:00", "2026-03-09 10:00-04:00"),
    "out of summer time": ("2026-10-30 19:00-04:00", "2026-10-30 23:00-04:00", "2026-11-02 09:00-05:00"),
    "an hour long": ("2026-11-01 00:30-04:00", "2026-11-01 03:30-05:00", "2026-11-02 10:00-05:00"),
}
SATURDAY = "2026-06-13 11:00-04:00"


def a_ticket(severity, start="2026-06-09 10:00-04:00"):
    return opened("egroup-csp-advantage", start, severity)


@pytest.mark.parametrize("case", TABLE)
def test_the_response_is_due(case):
    start, critical, others = TABLE[case]
    assert dues(a_ticket("A", start)) == are(response=critical)
    assert dues(a_ticket("B", start)) == are(response=others)
    assert dues(a_ticket("C", start)) == are(response=others)


@pytest.mark.parametrize("severity", ["A", "B", "C"])
def test_the_response_is_all_that_is_promised(severity):
    ticket = a_ticket(severity)
    replies(ticket, "2026-06-09 11:00-04:00", "2026-06-09 16:00-04:00")
    assert dues(ticket) == {}
    assert cycles(ticket, "response") == were(("met", "2026-06-09 14:00-04:00"))


def test_a_b_of_saturday_answered_on_saturday_is_met_and_on_monday_at_eleven_missed():
    early, late = a_ticket("B", SATURDAY), a_ticket("B", SATURDAY)
    replies(early, "2026-06-13 12:00-04:00")
    replies(late, "2026-06-15 11:00-04:00")
    assert cycles(early, "response") == were(("met", "2026-06-15 10:00-04:00"))
    assert cycles(late, "response") == were(("missed", "2026-06-15 10:00-04:00"))


def test_answered_at_the_due_instant_it_is_met():
    ticket = a_ticket("A", SATURDAY)
    replies(ticket, "2026-06-13 15:00-04:00")
    assert cycles(ticket, "response") == were(("met", "2026-06-13 15:00-04:00"))


@pytest.mark.parametrize("reason", ["customer", "approval", "gdap", "site_access", "maintenance", "vendor"])
def test_the_response_stops_for_nothing(reason):
    ticket = a_ticket("C")
    Wait.begin(ticket, reason=reason, by=TESTS, at=at("2026-06-09 10:10-04:00"))
    assert dues(ticket) == are(response="2026-06-09 14:00-04:00")


def test_a_hand_off_to_another_region_stops_no_clock():
    ticket = a_ticket("A", "2026-06-09 19:00-04:00")
    record(ticket, "2026-06-09 19:50-04:00", "handoff.offered", old="us", new="au")
    record(ticket, "2026-06-09 20:05-04:00", "handoff.accepted", old="us", new="au")
    assert dues(ticket) == are(response="2026-06-09 23:00-04:00")


def test_raised_to_a_on_saturday_it_is_due_four_hours_after_its_opening():
    ticket = a_ticket("C", SATURDAY)
    priority.assess(ticket, "A", by=TESTS, at=at("2026-06-13 12:00-04:00"))
    assert dues(ticket) == are(response="2026-06-13 15:00-04:00")


def test_raised_to_a_when_four_hours_have_passed_it_is_the_reclassifications_miss():
    ticket = a_ticket("C", SATURDAY)
    priority.assess(ticket, "A", by=TESTS, at=at("2026-06-13 16:00-04:00"))
    clock = ticket.clocks.get(kind="response", state="running")
    assert (clock.due_at, clock.verdict) == (at("2026-06-13 15:00-04:00"), "missed")
    assert clock.attributed_to == "reclassification"


def test_lowered_to_b_on_saturday_it_is_due_on_monday():
    ticket = a_ticket("A", SATURDAY)
    priority.assess(ticket, "B", by=TESTS, at=at("2026-06-13 14:30-04:00"))
    assert dues(ticket) == are(response="2026-06-15 10:00-04:00")


@pytest.mark.parametrize(("connected", "verdict"), [(True, "met"), (False, "pending")])
def test_only_a_call_that_connects_is_a_response(connected, verdict):
    ticket = a_ticket("A")
    facts = {"made": True, "connected": connected, "by": ANA, "at": at("2026-06-09 11:00-04:00")}
    Message.call(ticket, "Rang.", **facts)
    assert cycles(ticket, "response") == were((verdict, "2026-06-09 14:00-04:00"))

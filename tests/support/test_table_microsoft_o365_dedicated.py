"""microsoft-o365-dedicated, played: everything on the wall clock, day and night, and both sides owe updates."""

import pytest

from support.desk import priority
from support.models import Message, Wait
from tests.factories import ANA, TESTS
from tests.support.table_cases import are, at, cycles, dues, hears, opened, record, replies, were

pytestmark = pytest.mark.django_db

# start; in 1 hour (response; all three of 1), in 2 (updates of A), in 24 (update of B), in 72 (of C)
TABLE = {
    "by day": (
        "2026-06-09 10:00+00:00",
        ("2026-06-09 11:00+00:00", "2026-06-09 12:00+00:00"),
        ("2026-06-10 10:00+00:00", "2026-06-12 10:00+00:00"),
    ),
    "by night": (
        "2026-06-09 23:30+00:00",
        ("2026-06-10 00:30+00:00", "2026-06-10 01:30+00:00"),
        ("2026-06-10 23:30+00:00", "2026-06-12 23:30+00:00"),
    ),
    "across a weekend": (
        "2026-06-12 18:00+00:00",
        ("2026-06-12 19:00+00:00", "2026-06-12 20:00+00:00"),
        ("2026-06-13 18:00+00:00", "2026-06-15 18:00+00:00"),
    ),
    "over Christmas, which counts": (
        "2026-12-24 20:00+00:00",
        ("2026-12-24 21:00+00:00", "2026-12-24 22:00+00:00"),
        ("2026-12-25 20:00+00:00", "2026-12-27 20:00+00:00"),
    ),
    "London into summer time": (
        "2026-03-29 00:30+00:00",
        ("2026-03-29 02:30+01:00", "2026-03-29 03:30+01:00"),
        ("2026-03-30 01:30+01:00", "2026-04-01 01:30+01:00"),
    ),
    "London out of summer time": (
        "2026-10-25 00:30+01:00",
        ("2026-10-25 01:30+01:00", "2026-10-25 01:30+00:00"),
        ("2026-10-25 23:30+00:00", "2026-10-27 23:30+00:00"),
    ),
    "New York into summer time": (
        "2026-03-08 01:30-05:00",
        ("2026-03-08 03:30-04:00", "2026-03-08 04:30-04:00"),
        ("2026-03-09 02:30-04:00", "2026-03-11 02:30-04:00"),
    ),
    "New York out of summer time": (
        "2026-11-01 00:30-04:00",
        ("2026-11-01 01:30-04:00", "2026-11-01 01:30-05:00"),
        ("2026-11-01 23:30-05:00", "2026-11-03 23:30-05:00"),
    ),
    "Denver into summer time": (
        "2026-03-08 01:30-07:00",
        ("2026-03-08 03:30-06:00", "2026-03-08 04:30-06:00"),
        ("2026-03-09 02:30-06:00", "2026-03-11 02:30-06:00"),
    ),
    "Denver out of summer time": (
        "2026-11-01 00:30-06:00",
        ("2026-11-01 01:30-06:00", "2026-11-01 01:30-07:00"),
        ("2026-11-01 23:30-07:00", "2026-11-03 23:30-07:00"),
    ),
}
TEN = "2026-06-09 10:00+00:00"


def a_request(severity, start=TEN):
    return opened("microsoft-o365-dedicated", start, severity)


@pytest.mark.parametrize("case", TABLE)
def test_response_and_updates_of_both_sides_are_due(case):
    start, (one, two), (day, three_days) = TABLE[case]
    assert dues(a_request("1", start)) == are(response=one, update=one, customer_update=one)
    assert dues(a_request("A", start)) == are(response=one, update=two, customer_update=two)
    assert dues(a_request("B", start)) == are(response=one, update=day)
    assert dues(a_request("C", start)) == are(response=one, update=three_days)
    assert dues(a_request("D", start)) == {}


def test_an_advisory_never_gets_a_clock():
    ticket = a_request("D")
    replies(ticket, "2026-06-09 10:30+00:00")
    hears(ticket, "2026-06-09 10:40+00:00")
    assert ticket.clocks.count() == 0


@pytest.mark.parametrize(
    ("severity", "first", "second"),
    [
        ("1", "2026-06-09 11:00+00:00", "2026-06-09 11:50+00:00"),
        ("A", "2026-06-09 12:00+00:00", "2026-06-09 12:50+00:00"),
        ("B", "2026-06-10 10:00+00:00", "2026-06-10 10:50+00:00"),
        ("C", "2026-06-12 10:00+00:00", "2026-06-12 10:50+00:00"),
    ],
)
def test_an_update_starts_the_next_whole_interval_and_is_the_first_response_too(severity, first, second):
    ticket = a_request(severity)
    replies(ticket, "2026-06-09 10:50+00:00")
    assert cycles(ticket, "update") == were(("met", first), ("pending", second))
    assert cycles(ticket, "response") == were(("met", "2026-06-09 11:00+00:00"))


def test_of_five_updates_the_third_is_late_and_one_cycle_is_missed():
    ticket = a_request("1")
    replies(ticket, *(f"2026-06-09 {clock}+00:00" for clock in ("10:40", "11:30", "13:00", "13:50", "14:20")))
    expected = were(
        ("met", "2026-06-09 11:00+00:00"),
        ("met", "2026-06-09 11:40+00:00"),
        ("missed", "2026-06-09 12:30+00:00"),
        ("met", "2026-06-09 14:00+00:00"),
        ("met", "2026-06-09 14:50+00:00"),
        ("pending", "2026-06-09 15:20+00:00"),
    )
    assert cycles(ticket, "update") == expected


@pytest.mark.parametrize(
    ("severity", "first", "second", "third"),
    [
        ("1", "2026-06-09 11:00+00:00", "2026-06-09 11:45+00:00", "2026-06-09 13:00+00:00"),
        ("A", "2026-06-09 12:00+00:00", "2026-06-09 12:45+00:00", "2026-06-09 14:00+00:00"),
    ],
)
def test_the_customer_owes_updates_of_its_own(severity, first, second, third):
    ticket = a_request(severity)
    hears(ticket, "2026-06-09 10:45+00:00", "2026-06-09 12:00+00:00")
    late = "missed" if severity == "1" else "met"
    assert cycles(ticket, "customer_update") == were(("met", first), (late, second), ("pending", third))
    assert cycles(ticket, "update")[0][0] == "pending"  # what the customer says is no update of ours


def test_a_call_that_the_customer_made_is_the_customers_update_and_the_first_response():
    ticket = a_request("A")
    facts = {"made": False, "connected": True, "by": ANA, "at": at("2026-06-09 10:30+00:00")}
    Message.call(ticket, "The customer called.", **facts)
    expected = are(update="2026-06-09 12:00+00:00", customer_update="2026-06-09 12:30+00:00")
    assert dues(ticket) == expected
    assert cycles(ticket, "response") == were(("met", "2026-06-09 11:00+00:00"))


def test_a_notice_to_the_audience_of_an_outage_is_an_update_and_no_response():
    ticket = a_request("A")
    record(ticket, "2026-06-09 10:40+00:00", "notice.sent", outage=3, kind="outage")
    expected = are(
        response="2026-06-09 11:00+00:00",
        update="2026-06-09 12:40+00:00",
        customer_update="2026-06-09 12:00+00:00",
    )
    assert dues(ticket) == expected


@pytest.mark.parametrize("reason", ["customer", "approval", "gdap", "site_access", "maintenance", "vendor"])
def test_waits_stop_nothing_here(reason):
    ticket = a_request("A")
    Wait.begin(ticket, reason=reason, by=TESTS, at=at("2026-06-09 10:10+00:00"))
    expected = are(
        response="2026-06-09 11:00+00:00",
        update="2026-06-09 12:00+00:00",
        customer_update="2026-06-09 12:00+00:00",
    )
    assert dues(ticket) == expected


def test_another_severity_restarts_the_updates_and_keeps_the_start_of_the_response():
    ticket = a_request("C")
    priority.assess(ticket, "A", by=TESTS, at=at("2026-06-09 10:30+00:00"))
    expected = are(
        response="2026-06-09 11:00+00:00",
        update="2026-06-09 12:30+00:00",
        customer_update="2026-06-09 12:30+00:00",
    )
    assert dues(ticket) == expected


def test_an_advisory_made_urgent_too_late_for_its_response_is_the_reclassifications_miss():
    ticket = a_request("D")
    priority.assess(ticket, "B", by=TESTS, at=at("2026-06-09 15:00+00:00"))
    assert cycles(ticket, "response") == were(("missed", "2026-06-09 11:00+00:00"))
    assert ticket.clocks.get(kind="response").attributed_to == "reclassification"
    assert dues(ticket)["update"] == at("2026-06-10 15:00+00:00")

"""enghouse-premium, played: the same table as Standard on the wall clock, day and night, a day being 24 hours."""

import pytest

from support.desk import priority
from support.models import Channel, Message, Wait
from tests.factories import ANA, TESTS
from tests.support.table_cases import are, at, cycles, dues, opened, record, replies, were

pytestmark = pytest.mark.django_db

# start; response, update and fix of P1; of P2; response of P3 and of P4
TABLE = {
    "by day": (
        "2026-06-09 09:00+01:00",
        ("2026-06-09 09:30+01:00", "2026-06-09 11:00+01:00", "2026-06-09 13:00+01:00"),
        ("2026-06-09 10:00+01:00", "2026-06-09 13:00+01:00", "2026-06-09 17:00+01:00"),
        ("2026-06-10 09:00+01:00", "2026-06-11 09:00+01:00"),
    ),
    "by night": (
        "2026-06-09 22:00+01:00",
        ("2026-06-09 22:30+01:00", "2026-06-10 00:00+01:00", "2026-06-10 02:00+01:00"),
        ("2026-06-09 23:00+01:00", "2026-06-10 02:00+01:00", "2026-06-10 06:00+01:00"),
        ("2026-06-10 22:00+01:00", "2026-06-11 22:00+01:00"),
    ),
    "across a weekend": (
        "2026-06-12 23:00+01:00",
        ("2026-06-12 23:30+01:00", "2026-06-13 01:00+01:00", "2026-06-13 03:00+01:00"),
        ("2026-06-13 00:00+01:00", "2026-06-13 03:00+01:00", "2026-06-13 07:00+01:00"),
        ("2026-06-13 23:00+01:00", "2026-06-14 23:00+01:00"),
    ),
    "Christmas counts": (
        "2026-12-25 09:00+00:00",
        ("2026-12-25 09:30+00:00", "2026-12-25 11:00+00:00", "2026-12-25 13:00+00:00"),
        ("2026-12-25 10:00+00:00", "2026-12-25 13:00+00:00", "2026-12-25 17:00+00:00"),
        ("2026-12-26 09:00+00:00", "2026-12-27 09:00+00:00"),
    ),
    "in the night that is an hour short": (
        "2026-03-29 00:15+00:00",
        ("2026-03-29 00:45+00:00", "2026-03-29 03:15+01:00", "2026-03-29 05:15+01:00"),
        ("2026-03-29 02:15+01:00", "2026-03-29 05:15+01:00", "2026-03-29 09:15+01:00"),
        ("2026-03-30 01:15+01:00", "2026-03-31 01:15+01:00"),
    ),
    "in the night that is an hour long": (
        "2026-10-25 00:15+01:00",
        ("2026-10-25 00:45+01:00", "2026-10-25 01:15+00:00", "2026-10-25 03:15+00:00"),
        ("2026-10-25 01:15+01:00", "2026-10-25 03:15+00:00", "2026-10-25 07:15+00:00"),
        ("2026-10-25 23:15+00:00", "2026-10-26 23:15+00:00"),
    ),
}
NINE = "2026-06-09 09:00+01:00"


def a_ticket(level, start=NINE, **fields):
    return opened("enghouse-premium", start, level, **fields)


def promised(response, update, fix, deployment):
    """A plan to restore is promised in the cloud only."""
    restored = {"fix": fix} if deployment == "cloud" else {}
    return are(response=response, update=update, **restored)


@pytest.mark.parametrize("deployment", ["cloud", "on_premises"])
@pytest.mark.parametrize("case", TABLE)
def test_response_updates_and_restoration_are_due(case, deployment):
    start, p1, p2, (p3, p4) = TABLE[case]
    where = {"deployment": deployment}
    assert dues(a_ticket("P1", start, **where)) == promised(*p1, deployment)
    assert dues(a_ticket("P2", start, **where)) == promised(*p2, deployment)
    assert dues(a_ticket("P3", start, **where)) == are(response=p3)
    assert dues(a_ticket("P4", start, **where)) == are(response=p4)


@pytest.mark.parametrize("claimed", ["P1", "P2"])
def test_what_is_not_phoned_in_runs_as_p3(claimed):
    ticket = a_ticket(claimed, channel=Channel.PORTAL)
    assert (ticket.priority, dues(ticket)) == ("P3", are(response="2026-06-10 09:00+01:00"))


@pytest.mark.parametrize("by", ["session", "call made", "call taken"])
def test_the_response_is_a_technical_resource_that_connects(by):
    ticket = a_ticket("P1")
    replies(ticket, "2026-06-09 09:10+01:00")
    assert dues(ticket)["response"] == at("2026-06-09 09:30+01:00")
    if by == "session":
        record(ticket, "2026-06-09 09:20+01:00", "session.connected", mode="onsite")
    else:
        made = by == "call made"
        Message.call(ticket, "Hello.", made=made, connected=True, by=ANA, at=at("2026-06-09 09:20+01:00"))
    assert cycles(ticket, "response") == were(("met", "2026-06-09 09:30+01:00"))


def test_updates_go_on_through_the_night():
    ticket = a_ticket("P1", "2026-06-09 21:00+01:00")
    replies(ticket, "2026-06-09 22:30+01:00", "2026-06-10 00:31+01:00")
    expected = were(
        ("met", "2026-06-09 23:00+01:00"),
        ("missed", "2026-06-10 00:30+01:00"),
        ("pending", "2026-06-10 02:31+01:00"),
    )
    assert cycles(ticket, "update") == expected


def test_a_plan_ends_restoration_and_a_workaround_the_updates_too():
    ticket = a_ticket("P2")
    record(ticket, "2026-06-09 10:00+01:00", "plan.given")
    assert dues(ticket) == are(response="2026-06-09 10:00+01:00", update="2026-06-09 13:00+01:00")
    record(ticket, "2026-06-09 11:00+01:00", "workaround.given", accepted=True)
    assert dues(ticket) == are(response="2026-06-09 10:00+01:00")


# From 10:00 to 12:15 it waits: 2 hours and a quarter of what would be due at 13:00.
WHILE_WAITING = {
    "customer": "2026-06-09 15:15+01:00",
    "approval": "2026-06-09 15:15+01:00",
    "gdap": "2026-06-09 15:15+01:00",
    "site_access": "2026-06-09 15:15+01:00",
    "maintenance": "2026-06-09 13:00+01:00",
    "vendor": "2026-06-09 13:00+01:00",
    "other": "2026-06-09 13:00+01:00",
}


@pytest.mark.parametrize("reason", WHILE_WAITING)
def test_waits_stop_restoration_alone(reason):
    ticket = a_ticket("P1")
    wait = Wait.begin(ticket, reason=reason, by=TESTS, at=at("2026-06-09 10:00+01:00"))
    wait.end(by=TESTS, at=at("2026-06-09 12:15+01:00"))
    expected = ("2026-06-09 09:30+01:00", "2026-06-09 11:00+01:00", WHILE_WAITING[reason])
    assert dues(ticket) == promised(*expected, "cloud")


def test_lowered_to_p3_it_is_due_a_day_after_its_opening_and_owes_no_restoration():
    ticket = a_ticket("P1")
    priority.assess(ticket, "P3", by=ANA, at=at("2026-06-09 12:00+01:00"))
    assert dues(ticket) == are(response="2026-06-10 09:00+01:00")


def test_raised_to_p1_with_a_wait_behind_it_the_wait_still_counts():
    ticket = a_ticket("P2")
    wait = Wait.begin(ticket, reason="customer", by=TESTS, at=at("2026-06-09 10:00+01:00"))
    wait.end(by=TESTS, at=at("2026-06-09 11:00+01:00"))
    priority.assess(ticket, "P1", by=ANA, at=at("2026-06-09 11:30+01:00"))
    assert dues(ticket)["fix"] == at("2026-06-09 14:00+01:00")

"""enghouse-standard, played: everything in the plan's hours, Monday to Friday 08:00 to 18:00 in London, no holidays."""

import pytest

from support.desk import priority
from support.models import Channel, Message, Wait
from tests.factories import ANA, TESTS
from tests.support.table_cases import are, at, cycles, dues, opened, record, replies, were

pytestmark = pytest.mark.django_db

# start; response, update and fix of P1; of P2; response of P3 and of P4
TABLE = {
    "inside hours, a Tuesday": (
        "2026-06-09 09:00+01:00",
        ("2026-06-09 09:30+01:00", "2026-06-09 11:00+01:00", "2026-06-09 13:00+01:00"),
        ("2026-06-09 10:00+01:00", "2026-06-09 13:00+01:00", "2026-06-09 17:00+01:00"),
        ("2026-06-10 09:00+01:00", "2026-06-11 09:00+01:00"),
    ),
    "before hours: all counts from Tuesday 08:00": (
        "2026-06-09 03:00+01:00",
        ("2026-06-09 08:30+01:00", "2026-06-09 10:00+01:00", "2026-06-09 12:00+01:00"),
        ("2026-06-09 09:00+01:00", "2026-06-09 12:00+01:00", "2026-06-09 16:00+01:00"),
        ("2026-06-10 08:00+01:00", "2026-06-11 08:00+01:00"),
    ),
    "after hours: all counts from Wednesday 08:00": (
        "2026-06-09 19:00+01:00",
        ("2026-06-10 08:30+01:00", "2026-06-10 10:00+01:00", "2026-06-10 12:00+01:00"),
        ("2026-06-10 09:00+01:00", "2026-06-10 12:00+01:00", "2026-06-10 16:00+01:00"),
        ("2026-06-11 08:00+01:00", "2026-06-12 08:00+01:00"),
    ),
    "across a weekend: two hours are left on Friday": (
        "2026-06-12 16:00+01:00",
        ("2026-06-12 16:30+01:00", "2026-06-12 18:00+01:00", "2026-06-15 10:00+01:00"),
        ("2026-06-12 17:00+01:00", "2026-06-15 10:00+01:00", "2026-06-15 14:00+01:00"),
        ("2026-06-15 16:00+01:00", "2026-06-16 16:00+01:00"),
    ),
    "on a Saturday: all counts from Monday 08:00": (
        "2026-06-13 12:00+01:00",
        ("2026-06-15 08:30+01:00", "2026-06-15 10:00+01:00", "2026-06-15 12:00+01:00"),
        ("2026-06-15 09:00+01:00", "2026-06-15 12:00+01:00", "2026-06-15 16:00+01:00"),
        ("2026-06-16 08:00+01:00", "2026-06-17 08:00+01:00"),
    ),
    "Good Friday and Easter Monday count": (
        "2026-04-02 16:00+01:00",
        ("2026-04-02 16:30+01:00", "2026-04-02 18:00+01:00", "2026-04-03 10:00+01:00"),
        ("2026-04-02 17:00+01:00", "2026-04-03 10:00+01:00", "2026-04-03 14:00+01:00"),
        ("2026-04-03 16:00+01:00", "2026-04-06 16:00+01:00"),
    ),
    "into summer time: the same wall clock on Monday": (
        "2026-03-27 16:00+00:00",
        ("2026-03-27 16:30+00:00", "2026-03-27 18:00+00:00", "2026-03-30 10:00+01:00"),
        ("2026-03-27 17:00+00:00", "2026-03-30 10:00+01:00", "2026-03-30 14:00+01:00"),
        ("2026-03-30 16:00+01:00", "2026-03-31 16:00+01:00"),
    ),
    "in the night that is an hour short": (
        "2026-03-29 00:30+00:00",
        ("2026-03-30 08:30+01:00", "2026-03-30 10:00+01:00", "2026-03-30 12:00+01:00"),
        ("2026-03-30 09:00+01:00", "2026-03-30 12:00+01:00", "2026-03-30 16:00+01:00"),
        ("2026-03-31 08:00+01:00", "2026-04-01 08:00+01:00"),
    ),
    "out of summer time: the same wall clock on Monday": (
        "2026-10-23 16:00+01:00",
        ("2026-10-23 16:30+01:00", "2026-10-23 18:00+01:00", "2026-10-26 10:00+00:00"),
        ("2026-10-23 17:00+01:00", "2026-10-26 10:00+00:00", "2026-10-26 14:00+00:00"),
        ("2026-10-26 16:00+00:00", "2026-10-27 16:00+00:00"),
    ),
    "in the night that is an hour long": (
        "2026-10-25 00:30+01:00",
        ("2026-10-26 08:30+00:00", "2026-10-26 10:00+00:00", "2026-10-26 12:00+00:00"),
        ("2026-10-26 09:00+00:00", "2026-10-26 12:00+00:00", "2026-10-26 16:00+00:00"),
        ("2026-10-27 08:00+00:00", "2026-10-28 08:00+00:00"),
    ),
}
NINE, FRIDAY = "2026-06-09 09:00+01:00", "2026-06-12 16:00+01:00"


def a_ticket(level, start=NINE, **fields):
    return opened("enghouse-standard", start, level, **fields)


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


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.PORTAL])
@pytest.mark.parametrize("claimed", ["P1", "P2"])
def test_what_is_not_phoned_in_runs_as_p3_until_it_is_agreed(claimed, channel):
    ticket = a_ticket(claimed, channel=channel)
    assert dues(ticket) == are(response="2026-06-10 09:00+01:00")
    priority.assess(ticket, "P1", by=ANA, at=at("2026-06-09 09:20+01:00"), agreed=True)
    # Response and restoration from the opening, updates from the change on.
    expected = ("2026-06-09 09:30+01:00", "2026-06-09 11:20+01:00", "2026-06-09 13:00+01:00")
    assert dues(ticket) == promised(*expected, "cloud")


def test_the_response_is_a_technical_resource_that_connects():
    ticket = a_ticket("P1")
    replies(ticket, "2026-06-09 09:10+01:00")
    assert dues(ticket)["response"] == at("2026-06-09 09:30+01:00")
    record(ticket, "2026-06-09 09:25+01:00", "session.connected", mode="remote")
    assert cycles(ticket, "response") == were(("met", "2026-06-09 09:30+01:00"))


def test_updates_go_on_over_the_night_in_the_plans_hours():
    ticket = a_ticket("P2", "2026-06-09 15:00+01:00")
    replies(ticket, "2026-06-09 17:30+01:00", "2026-06-10 12:30+01:00")
    expected = were(
        ("met", "2026-06-10 09:00+01:00"),
        ("missed", "2026-06-10 11:30+01:00"),  # half an hour on Tuesday, 3.5 on Wednesday
        ("pending", "2026-06-10 16:30+01:00"),
    )
    assert cycles(ticket, "update") == expected


def test_a_plan_ends_restoration_and_not_the_updates():
    ticket = a_ticket("P1")
    record(ticket, "2026-06-09 10:00+01:00", "plan.given")
    assert dues(ticket) == are(response="2026-06-09 09:30+01:00", update="2026-06-09 11:00+01:00")
    assert cycles(ticket, "fix") == were(("met", "2026-06-09 13:00+01:00"))


@pytest.mark.parametrize(("accepted", "ends"), [(True, True), (None, True), (False, False)])
def test_a_workaround_ends_restoration_and_updates_unless_it_was_refused(accepted, ends):
    ticket = a_ticket("P1")
    record(ticket, "2026-06-09 10:00+01:00", "workaround.given", accepted=accepted)
    open_still = {} if ends else {"fix": at("2026-06-09 13:00+01:00"), "update": at("2026-06-09 11:00+01:00")}
    assert dues(ticket) == are(response="2026-06-09 09:30+01:00") | open_still


# From Friday 16:30 to Monday 09:00 it waits: 1.5 + 1 business hours of what would be due on Monday at 10:00.
WHILE_WAITING = {
    "customer": "2026-06-15 12:30+01:00",
    "approval": "2026-06-15 12:30+01:00",
    "gdap": "2026-06-15 12:30+01:00",
    "site_access": "2026-06-15 12:30+01:00",
    "maintenance": "2026-06-15 10:00+01:00",
    "vendor": "2026-06-15 10:00+01:00",
    "other": "2026-06-15 10:00+01:00",
}


@pytest.mark.parametrize("reason", WHILE_WAITING)
def test_waits_stop_restoration_alone(reason):
    ticket = a_ticket("P1", FRIDAY)
    wait = Wait.begin(ticket, reason=reason, by=TESTS, at=at("2026-06-12 16:30+01:00"))
    wait.end(by=TESTS, at=at("2026-06-15 09:00+01:00"))
    expected = ("2026-06-12 16:30+01:00", "2026-06-12 18:00+01:00", WHILE_WAITING[reason])
    assert dues(ticket) == promised(*expected, "cloud")


def test_resolved_and_reopened_it_has_a_new_restoration_and_update_and_no_new_response():
    ticket = a_ticket("P2")
    facts = {"made": True, "connected": True, "by": ANA, "at": at("2026-06-09 09:30+01:00")}
    Message.call(ticket, "Connected.", **facts)
    ticket.resolve(outcome="resolved", by=TESTS, at=at("2026-06-09 12:00+01:00"))
    ticket.reopen(by=TESTS, at=at("2026-06-09 17:00+01:00"))
    # One hour is left on Tuesday: 3 of the 4 and 7 of the 8 hours fall on Wednesday.
    assert dues(ticket) == are(update="2026-06-10 11:00+01:00", fix="2026-06-10 15:00+01:00")

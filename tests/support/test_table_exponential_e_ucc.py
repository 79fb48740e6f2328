"""exponential-e-ucc, played: all on the wall clock but the 48 business hours of London, 09:00 to 17:30, to fix.

48 hours are five days of 8.5 hours and 5.5 hours more.
"""

from zoneinfo import ZoneInfo

import pytest

from support import versions
from support.clocks.terms import ClockKind, Deployment, WaitReason
from support.desk import deadlines as calculator
from support.desk import priority
from support.models import Wait
from tests.factories import TESTS
from tests.support.table_cases import are, at, cycles, dues, opened, record, replies, were

pytestmark = pytest.mark.django_db

# (start, response of Critical and High, fix of Critical, of High, response of Normal, of Low, fix of both)
TABLE = {
    "inside hours, a Tuesday": (
        "2026-06-09 10:00+01:00",
        ("2026-06-09 10:30+01:00", "2026-06-09 15:00+01:00", "2026-06-09 20:00+01:00"),
        ("2026-06-09 11:00+01:00", "2026-06-09 14:00+01:00", "2026-06-16 15:30+01:00"),
    ),
    "before hours: the fix counts from 09:00": (
        "2026-06-09 06:00+01:00",
        ("2026-06-09 06:30+01:00", "2026-06-09 11:00+01:00", "2026-06-09 16:00+01:00"),
        ("2026-06-09 07:00+01:00", "2026-06-09 10:00+01:00", "2026-06-16 14:30+01:00"),
    ),
    "after hours: the fix counts from Wednesday 09:00": (
        "2026-06-09 19:00+01:00",
        ("2026-06-09 19:30+01:00", "2026-06-10 00:00+01:00", "2026-06-10 05:00+01:00"),
        ("2026-06-09 20:00+01:00", "2026-06-09 23:00+01:00", "2026-06-17 14:30+01:00"),
    ),
    "across a weekend, from a Friday": (  # half an hour, Monday to Friday, and 5 hours
        "2026-06-12 17:00+01:00",
        ("2026-06-12 17:30+01:00", "2026-06-12 22:00+01:00", "2026-06-13 03:00+01:00"),
        ("2026-06-12 18:00+01:00", "2026-06-12 21:00+01:00", "2026-06-22 14:00+01:00"),
    ),
    "on a Saturday: the fix counts from Monday 09:00": (
        "2026-06-13 12:00+01:00",
        ("2026-06-13 12:30+01:00", "2026-06-13 17:00+01:00", "2026-06-13 22:00+01:00"),
        ("2026-06-13 13:00+01:00", "2026-06-13 16:00+01:00", "2026-06-22 14:30+01:00"),
    ),
    "across Good Friday and Easter Monday": (  # 3.5 on Thursday, five days from Tuesday the 7th, 2 on the 14th
        "2026-04-02 14:00+01:00",
        ("2026-04-02 14:30+01:00", "2026-04-02 19:00+01:00", "2026-04-03 00:00+01:00"),
        ("2026-04-02 15:00+01:00", "2026-04-02 18:00+01:00", "2026-04-14 11:00+01:00"),
    ),
    "across Christmas, the 28th for Boxing Day, and New Year": (  # 1.5; 29, 30, 31, 4, 5; 4 hours on the 6th
        "2026-12-24 16:00+00:00",
        ("2026-12-24 16:30+00:00", "2026-12-24 21:00+00:00", "2026-12-25 02:00+00:00"),
        ("2026-12-24 17:00+00:00", "2026-12-24 20:00+00:00", "2027-01-06 13:00+00:00"),
    ),
    "on a bank holiday: the fix counts from Tuesday 09:00": (
        "2026-05-04 11:00+01:00",
        ("2026-05-04 11:30+01:00", "2026-05-04 16:00+01:00", "2026-05-04 21:00+01:00"),
        ("2026-05-04 12:00+01:00", "2026-05-04 15:00+01:00", "2026-05-12 14:30+01:00"),
    ),
    "into summer time, and over Easter": (  # 5.5; 30, 31, 1, 2; all of the 7th, due at its closing
        "2026-03-27 12:00+00:00",
        ("2026-03-27 12:30+00:00", "2026-03-27 17:00+00:00", "2026-03-27 22:00+00:00"),
        ("2026-03-27 13:00+00:00", "2026-03-27 16:00+00:00", "2026-04-07 17:30+01:00"),
    ),
    "in the night that is an hour short": (  # Monday to Thursday, Tuesday the 7th, 5.5 on the 8th
        "2026-03-29 00:45+00:00",
        ("2026-03-29 02:15+01:00", "2026-03-29 06:45+01:00", "2026-03-29 11:45+01:00"),
        ("2026-03-29 02:45+01:00", "2026-03-29 05:45+01:00", "2026-04-08 14:30+01:00"),
    ),
    "out of summer time": (  # 5.5 and a whole week
        "2026-10-23 12:00+01:00",
        ("2026-10-23 12:30+01:00", "2026-10-23 17:00+01:00", "2026-10-23 22:00+01:00"),
        ("2026-10-23 13:00+01:00", "2026-10-23 16:00+01:00", "2026-10-30 17:30+00:00"),
    ),
    "in the night that is an hour long": (
        "2026-10-25 00:45+01:00",
        ("2026-10-25 01:15+01:00", "2026-10-25 04:45+00:00", "2026-10-25 09:45+00:00"),
        ("2026-10-25 01:45+01:00", "2026-10-25 03:45+00:00", "2026-11-02 14:30+00:00"),
    ),
}


def a_ticket(level, start="2026-06-09 10:00+01:00"):
    return opened("exponential-e-ucc", start, level)


@pytest.mark.parametrize("case", TABLE)
def test_response_and_fix_are_due(case):
    start, (soon, critical, high), (normal, low, fix) = TABLE[case]
    assert dues(a_ticket("Critical", start)) == are(response=soon, fix=critical)
    assert dues(a_ticket("High", start)) == are(response=soon, fix=high)
    assert dues(a_ticket("Normal", start)) == are(response=normal, fix=fix)
    assert dues(a_ticket("Low", start)) == are(response=low, fix=fix)


@pytest.mark.parametrize("level", ["Critical", "High", "Normal", "Low"])
@pytest.mark.parametrize(
    ("start", "replied", "due"),
    [
        ("2026-06-09 10:00+01:00", "2026-06-09 10:20+01:00", "2026-06-09 11:20+01:00"),
        ("2026-06-09 17:15+01:00", "2026-06-10 18:00+01:00", "2026-06-10 19:00+01:00"),
        ("2026-06-13 23:00+01:00", "2026-06-13 23:25+01:00", "2026-06-14 00:25+01:00"),
        ("2026-05-04 11:00+01:00", "2026-05-04 11:10+01:00", "2026-05-04 12:10+01:00"),
        ("2026-03-29 00:45+00:00", "2026-03-29 00:50+00:00", "2026-03-29 02:50+01:00"),
        ("2026-10-25 00:45+01:00", "2026-10-25 01:10+01:00", "2026-10-25 01:10+00:00"),
    ],
)
def test_troubleshooting_is_due_an_hour_after_the_response(level, start, replied, due):
    ticket = a_ticket(level, start)
    replies(ticket, replied)
    assert dues(ticket)["troubleshoot"] == at(due)
    record(ticket, replied, "troubleshoot.done")
    assert cycles(ticket, "troubleshoot") == were(("met", due))


WHILE_WAITING = {  # 11:00 to 12:30 awaited: an hour and a half on what it stops
    "customer": ("2026-06-09 12:50+01:00", "2026-06-09 16:30+01:00"),
    "approval": ("2026-06-09 12:50+01:00", "2026-06-09 16:30+01:00"),
    "gdap": ("2026-06-09 12:50+01:00", "2026-06-09 16:30+01:00"),
    "site_access": ("2026-06-09 12:50+01:00", "2026-06-09 16:30+01:00"),
    "maintenance": ("2026-06-09 11:20+01:00", "2026-06-09 15:00+01:00"),
    "vendor": ("2026-06-09 11:20+01:00", "2026-06-09 15:00+01:00"),
    "other": ("2026-06-09 11:20+01:00", "2026-06-09 15:00+01:00"),
}


@pytest.mark.parametrize("reason", WHILE_WAITING)
def test_waits_stop_troubleshooting_and_fix_where_the_service_says_so(reason):
    troubleshoot, fix = WHILE_WAITING[reason]
    ticket = a_ticket("Critical")
    replies(ticket, "2026-06-09 10:20+01:00")
    wait = Wait.begin(ticket, reason=reason, by=TESTS, at=at("2026-06-09 11:00+01:00"))
    wait.end(by=TESTS, at=at("2026-06-09 12:30+01:00"))
    assert dues(ticket) == are(troubleshoot=troubleshoot, fix=fix)


def test_maintenance_that_was_announced_in_time_stops_the_fix_alone():
    """Asked of the calculator: of this service no windows are kept. Its response comes when it is due."""
    service = versions.latest("exponential-e-ucc")
    wait = calculator.Wait(at("2026-06-09 11:00+01:00"), at("2026-06-09 12:30+01:00"), WaitReason.MAINTENANCE)
    question = calculator.Question(
        service, "Critical", at("2026-06-09 10:00+01:00"), (wait,), Deployment.CLOUD
    )
    due = {each.kind: each.due for each in calculator.deadlines(question, ZoneInfo("Europe/London"))}
    assert due[ClockKind.TROUBLESHOOT] == at("2026-06-09 11:30+01:00")
    assert due[ClockKind.FIX] == at("2026-06-09 16:30+01:00")


def test_a_wait_stops_business_hours_by_the_business_hours_it_lasted():
    ticket = a_ticket("Normal")
    # Friday 16:30 to Monday 10:00 is 1 + 1 hours: the 16th at 15:30 becomes 17:30, due at closing.
    wait = Wait.begin(ticket, reason="customer", by=TESTS, at=at("2026-06-12 16:30+01:00"))
    assert dues(ticket) == are(response="2026-06-09 11:00+01:00", fix=None)
    wait.end(by=TESTS, at=at("2026-06-15 10:00+01:00"))
    assert dues(ticket)["fix"] == at("2026-06-16 17:30+01:00")


def test_another_priority_gives_the_new_target_from_the_old_start():
    ticket = a_ticket("Normal")
    priority.assess(ticket, "High", by=TESTS, at=at("2026-06-09 10:10+01:00"))
    assert dues(ticket) == are(response="2026-06-09 10:30+01:00", fix="2026-06-09 20:00+01:00")


def test_reopened_it_has_the_whole_time_to_fix_again_and_no_new_response():
    ticket = a_ticket("High")
    replies(ticket, "2026-06-09 10:20+01:00")
    ticket.resolve(outcome="resolved", by=TESTS, at=at("2026-06-09 21:00+01:00"))
    ticket.reopen(by=TESTS, at=at("2026-06-10 09:00+01:00"))
    expected = were(("missed", "2026-06-09 20:00+01:00"), ("pending", "2026-06-10 19:00+01:00"))
    assert cycles(ticket, "fix") == expected
    assert dues(ticket) == are(fix="2026-06-10 19:00+01:00")

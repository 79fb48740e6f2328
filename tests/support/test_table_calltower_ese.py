"""calltower-ese, played: P1 and P2 on the wall clock, all else in business days of Denver, 06:00 to 18:00."""

import pytest

from tests.support.table_cases import (
    ENGAGED,
    are,
    cycles,
    dues,
    engaged,
    hears,
    record,
    replies,
    were,
)

pytestmark = pytest.mark.django_db

PRIORITIES = ("P1", "P2", "P3", "P4", "Expedited", "Standard")
# When the update is due for P1 (1 h), P2 (2 h), P3 (1 day), P4 and Expedited (2 days), Standard (3 days).
TABLE = {
    "inside hours, a Wednesday": (
        "2026-10-14 10:00-06:00",
        ["2026-10-14 11:00-06:00", "2026-10-14 12:00-06:00", "2026-10-15 10:00-06:00"],
        ["2026-10-16 10:00-06:00", "2026-10-19 10:00-06:00"],
    ),
    "before hours: days count from Tuesday 06:00": (
        "2026-10-13 03:00-06:00",
        ["2026-10-13 04:00-06:00", "2026-10-13 05:00-06:00", "2026-10-14 06:00-06:00"],
        ["2026-10-15 06:00-06:00", "2026-10-16 06:00-06:00"],
    ),
    "after hours: days count from Thursday 06:00": (
        "2026-10-14 19:00-06:00",
        ["2026-10-14 20:00-06:00", "2026-10-14 21:00-06:00", "2026-10-16 06:00-06:00"],
        ["2026-10-19 06:00-06:00", "2026-10-20 06:00-06:00"],
    ),
    "across a weekend, from a Friday": (
        "2026-10-16 15:00-06:00",
        ["2026-10-16 16:00-06:00", "2026-10-16 17:00-06:00", "2026-10-19 15:00-06:00"],
        ["2026-10-20 15:00-06:00", "2026-10-21 15:00-06:00"],
    ),
    "on a Saturday: days count from Monday 06:00": (
        "2026-10-17 11:00-06:00",
        ["2026-10-17 12:00-06:00", "2026-10-17 13:00-06:00", "2026-10-20 06:00-06:00"],
        ["2026-10-21 06:00-06:00", "2026-10-22 06:00-06:00"],
    ),
    "Thanksgiving, the 26th, counts like any Thursday": (
        "2026-11-25 10:00-07:00",
        ["2026-11-25 11:00-07:00", "2026-11-25 12:00-07:00", "2026-11-26 10:00-07:00"],
        ["2026-11-27 10:00-07:00", "2026-11-30 10:00-07:00"],
    ),
    "into summer time: the same wall clock on Monday": (
        "2026-03-06 15:00-07:00",
        ["2026-03-06 16:00-07:00", "2026-03-06 17:00-07:00", "2026-03-09 15:00-06:00"],
        ["2026-03-10 15:00-06:00", "2026-03-11 15:00-06:00"],
    ),
    "in the night that is an hour short": (  # 01:30 and an hour is 03:30 on the wall
        "2026-03-08 01:30-07:00",
        ["2026-03-08 03:30-06:00", "2026-03-08 04:30-06:00", "2026-03-10 06:00-06:00"],
        ["2026-03-11 06:00-06:00", "2026-03-12 06:00-06:00"],
    ),
    "out of summer time: the same wall clock on Monday": (
        "2026-10-30 15:00-06:00",
        ["2026-10-30 16:00-06:00", "2026-10-30 17:00-06:00", "2026-11-02 15:00-07:00"],
        ["2026-11-03 15:00-07:00", "2026-11-04 15:00-07:00"],
    ),
    "in the night that is an hour long": (  # an hour ends in the first 01:30, two in the second
        "2026-11-01 00:30-06:00",
        ["2026-11-01 01:30-06:00", "2026-11-01 01:30-07:00", "2026-11-03 06:00-07:00"],
        ["2026-11-04 06:00-07:00", "2026-11-05 06:00-07:00"],
    ),
}


def requested(priority, start="2026-10-14 10:00-06:00"):
    return engaged("calltower-ese", start, priority)


@pytest.mark.parametrize("case", TABLE)
def test_the_first_update_is_due(case):
    start, (p1, p2, p3), (p4, standard) = TABLE[case]
    for priority, due in zip(PRIORITIES, (p1, p2, p3, p4, p4, standard), strict=True):
        assert dues(requested(priority, start)) == are(update=due), priority


def test_each_update_starts_the_next_whole_interval():
    ticket = requested("P3")
    replies(ticket, "2026-10-14 16:00-06:00", "2026-10-15 20:00-06:00")
    expected = were(
        ("met", "2026-10-15 10:00-06:00"),
        ("missed", "2026-10-15 16:00-06:00"),
        ("pending", "2026-10-19 06:00-06:00"),  # Thursday 20:00 counts from Friday 06:00
    )
    assert cycles(ticket, "update") == expected


def test_silence_is_one_missed_cycle():
    ticket = requested("P1")
    replies(ticket, "2026-10-14 15:00-06:00")
    expected = were(("missed", "2026-10-14 11:00-06:00"), ("pending", "2026-10-14 16:00-06:00"))
    assert cycles(ticket, "update") == expected


def test_what_the_customer_writes_is_no_update():
    ticket = requested("P1")
    hears(ticket, "2026-10-14 10:30-06:00")
    assert dues(ticket) == are(update="2026-10-14 11:00-06:00")


WAITS = {
    "approval": (("offer.sent", {"offer": 5}), ("offer.approved", {"offer": 5})),
    "gdap": (("gdap.changed", {"status": "approvalPending"}), ("gdap.changed", {"status": "active"})),
    "customer": (("wait.started", {"id": 9, "reason": "customer"}), ("wait.ended", {"id": 9})),
    "vendor": (("wait.started", {"id": 9, "reason": "vendor"}), ("wait.ended", {"id": 9})),
}


def wait(ticket, reason, begin, end=None):
    (starts, facts), (ends, ending) = WAITS[reason]
    record(ticket, begin, starts, subject=ENGAGED, **facts)
    if end:
        record(ticket, end, ends, subject=ENGAGED, **ending)


@pytest.mark.parametrize("reason", ["approval", "gdap", "customer"])
def test_a_wait_stops_the_update_which_goes_on_with_what_remained(reason):
    ticket = requested("P1")
    wait(ticket, reason, "2026-10-14 10:20-06:00")
    assert dues(ticket) == are(update=None)
    ticket = requested("P1")
    wait(ticket, reason, "2026-10-14 10:20-06:00", "2026-10-14 12:00-06:00")
    assert dues(ticket) == are(update="2026-10-14 12:40-06:00")  # 40 minutes were left


def test_a_wait_moves_business_days_on_by_its_business_minutes():
    ticket = requested("P3")
    # Wednesday 12:00 to Thursday 12:00 is 6 + 6 hours; Thursday 10:00 and 12 more: 8 that day, 4 on Friday.
    wait(ticket, "approval", "2026-10-14 12:00-06:00", "2026-10-15 12:00-06:00")
    assert dues(ticket) == are(update="2026-10-16 10:00-06:00")


def test_a_wait_over_the_weekend_costs_no_business_minute_but_those_of_friday():
    ticket = requested("P3", "2026-10-16 15:00-06:00")
    # Friday 16:00 to Monday 06:00 is 2 hours of the calendar: Monday 15:00 becomes 17:00.
    wait(ticket, "gdap", "2026-10-16 16:00-06:00", "2026-10-19 06:00-06:00")
    assert dues(ticket) == are(update="2026-10-19 17:00-06:00")


def test_waiting_on_the_vendor_stops_nothing():
    ticket = requested("P1")
    wait(ticket, "vendor", "2026-10-14 10:20-06:00", "2026-10-14 12:00-06:00")
    assert dues(ticket) == are(update="2026-10-14 11:00-06:00")


def test_two_waits_are_their_union():
    ticket = requested("P2")
    wait(ticket, "approval", "2026-10-14 10:30-06:00")
    wait(ticket, "gdap", "2026-10-14 11:00-06:00")
    record(ticket, "2026-10-14 11:30-06:00", "offer.approved", subject=ENGAGED, offer=5)
    record(ticket, "2026-10-14 13:00-06:00", "gdap.changed", subject=ENGAGED, status="active")
    assert dues(ticket) == are(update="2026-10-14 14:30-06:00")  # 10:30 to 13:00 did not count


def test_another_priority_starts_the_interval_anew():
    ticket = requested("Standard")
    record(ticket, "2026-10-14 11:00-06:00", "priority.assessed", subject=ENGAGED, level="Expedited")
    assert dues(ticket) == are(update="2026-10-16 11:00-06:00")


def test_the_end_of_the_engagement_ends_its_clock():
    ticket = requested("P1")
    record(ticket, "2026-10-14 10:30-06:00", "engagement.ended", subject=ENGAGED, reason="declined")
    assert dues(ticket) == {}

"""Which region is on, when it closes and who takes over: both changes of daylight saving, no instant without a region."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalations.handoff_alarms import in_need_at
from escalations.relay import Desk, crossings, last_crossing, next_crossing, on_at
from support.catalogue import folder
from support.clocks.calendar import BusinessCalendar
from support.clocks.wall import DAYS
from tests.support.desk_cases import utc

NEW_YORK = ZoneInfo("America/New_York")
CALENDARS = folder.read_folder(folder.SHIPPED).calendars


def shipped(code, name):
    calendar = CALENDARS[name].value
    return Desk(code, BusinessCalendar(calendar.zone, calendar.weekly_hours()))


SHIPPED = [shipped("us", "us-distributor"), shipped("au", "au-distributor")]
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 16 * 366 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("at", "on", "closes"),
    [
        # summer time in New York: 20:00 there is midnight UTC
        ("2026-10-14 23:59", "us", "2026-10-15 00:00"),
        ("2026-10-15 00:00", "au", "2026-10-15 10:00"),
        ("2026-10-15 09:59", "au", "2026-10-15 10:00"),
        ("2026-10-15 10:00", "us", "2026-10-16 00:00"),
        # 1 November 2026, 02:00: the night from Australia has eleven hours
        ("2026-11-01 00:00", "au", "2026-11-01 11:00"),
        ("2026-11-01 10:30", "au", "2026-11-01 11:00"),
        ("2026-11-01 11:00", "us", "2026-11-02 01:00"),
        # 8 March 2026, 02:00: it has nine
        ("2026-03-08 01:00", "au", "2026-03-08 10:00"),
        ("2026-03-08 10:00", "us", "2026-03-09 00:00"),
        # Sydney's own changes, 5 April and 4 October 2026, move nothing: the hours are New York's
        ("2026-04-04 23:00", "us", "2026-04-05 00:00"),
        ("2026-04-05 05:00", "au", "2026-04-05 10:00"),
        ("2026-10-03 16:30", "us", "2026-10-04 00:00"),
    ],
)
def test_the_region_that_is_on_and_when_it_closes(at, on, closes):
    crossing = next_crossing(SHIPPED, utc(at))
    assert on_at(SHIPPED, utc(at)) == [on]
    assert (crossing.at, crossing.closing, crossing.gap) == (utc(closes), on, timedelta())
    assert crossing.taking == {"us": "au", "au": "us"}[on]


@given(INSTANTS)
def test_at_every_instant_exactly_one_region_is_on_and_another_takes_over_without_a_gap(at):
    [on] = on_at(SHIPPED, at)
    coming, last = next_crossing(SHIPPED, at), last_crossing(SHIPPED, at)
    assert last.at <= at < coming.at
    assert (coming.closing, last.taking) == (on, on)
    assert coming.opens_at == coming.at
    assert on_at(SHIPPED, coming.at) == [coming.taking]
    assert coming.at.astimezone(NEW_YORK).hour in (6, 20)
    assert timedelta(hours=9) <= coming.at - last.at <= timedelta(hours=14)


@given(INSTANTS, st.integers(1, 20_000))
def test_no_closing_is_left_out_between_two_instants(begin, minutes):
    end = begin + timedelta(minutes=minutes)
    walked, at = [], begin
    while (crossing := next_crossing(SHIPPED, at)).at <= end:
        walked.append(crossing)
        at = crossing.at
    assert walked == crossings(SHIPPED, begin, end)


def test_hours_that_leave_a_gap_say_how_long_it_is():
    late = Desk(
        "au",
        BusinessCalendar("America/New_York", {day: [("21:00", "24:00"), ("00:00", "06:00")] for day in DAYS}),
    )
    crossing = next_crossing([SHIPPED[0], late], utc("2026-10-14 12:00"))
    assert (crossing.taking, crossing.opens_at, crossing.gap) == (
        "au",
        utc("2026-10-15 01:00"),
        timedelta(hours=1),
    )


def test_a_gap_ends_where_the_region_that_closed_opens_again_first():
    def desk(code, *windows):
        return Desk(code, BusinessCalendar("UTC", {day: list(windows) for day in DAYS[:4]}))  # to Thursday

    here, there = (
        desk("us", ("08:00", "20:00")),
        Desk("au", BusinessCalendar("UTC", {"mon": [("00:00", "08:00")]})),
    )
    crossing = next_crossing([here, there], utc("2026-10-14 12:00"))  # a Wednesday
    assert (crossing.taking, crossing.opens_at) == ("au", utc("2026-10-19 00:00"))
    assert (crossing.on_again, crossing.gap) == (utc("2026-10-15 08:00"), timedelta(hours=12))


def test_a_region_that_never_closes_and_one_alone_hand_nothing_over():
    always = Desk("us", BusinessCalendar("UTC", {day: [("00:00", "24:00")] for day in DAYS}))
    assert next_crossing([always], utc("2026-10-14 12:00")) is None
    assert next_crossing(SHIPPED[:1], utc("2026-10-14 12:00")).taking == ""


@pytest.mark.parametrize(
    ("events", "needed"),
    [
        ([("ticket.opened", 0, {"priority": "A"})], True),
        ([("ticket.opened", 0, {"priority": "B"})], False),
        ([("ticket.opened", 0, {}), ("priority.assessed", 5, {"level": "A"})], True),
        ([("ticket.opened", 0, {"priority": "B"}), ("priority.agreed", 20, {"level": "A"})], False),
        ([("ticket.opened", 0, {"priority": "A"}), ("ticket.resolved", 5, {})], False),
        ([("ticket.opened", 0, {"priority": "A"}), ("ticket.resolved", 20, {})], True),
        (
            [("ticket.opened", 0, {"priority": "A"}), ("ticket.resolved", 5, {}), ("ticket.reopened", 8, {})],
            True,
        ),
        (
            [
                ("ticket.opened", 0, {"priority": "A"}),
                ("ticket.resolved", 5, {}),
                ("ticket.reopened", 20, {}),
            ],
            False,
        ),
        ([("ticket.opened", 0, {"priority": "A"}), ("ticket.merged", 5, {"survives": True})], True),
        ([("ticket.opened", 20, {"priority": "A"})], False),
    ],
)
def test_what_was_in_flight_at_a_closing_is_read_from_the_timeline(events, needed):
    start = utc("2026-10-14 12:00")
    told = [(kind, start + timedelta(minutes=minute), facts) for kind, minute, facts in events]
    assert in_need_at(told, ["A"], start + timedelta(minutes=10)) is needed

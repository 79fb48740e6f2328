"""What a calendar refuses, and what it says about its holidays."""

from datetime import date
from itertools import islice

import pytest

from support.clocks.calendar import ALWAYS_OPEN, BusinessCalendar, HolidaysUnknown, NeverOpen
from support.clocks.instants import MINUTE, micros
from tests.support.calendar_cases import BERLIN_WITH_LUNCH, LONDON, NINE_TO_FIVE, utc

NEVER = BusinessCalendar("UTC", {})
ONE_SHIFT = BusinessCalendar("UTC", {}, shifts=[(date(2026, 12, 31), "22:00", "24:00")])


@pytest.mark.parametrize(
    "question", [lambda c: c.due(utc("2026-01-05"), 1), lambda c: c.back(utc("2026-01-05"), 1)]
)
def test_a_calendar_without_hours_says_that_it_never_opens(question):
    with pytest.raises(NeverOpen, match="UTC"):
        question(NEVER)


def test_a_calendar_without_hours_has_no_business_day():
    with pytest.raises(NeverOpen):
        NEVER.due_business_days(utc("2026-01-05"), 1)
    assert list(NEVER.business_dates(utc("2026-01-05"))) == []


def test_a_single_shift_satisfies_what_fits_into_it():
    assert ONE_SHIFT.due(utc("2026-01-05"), 120) == utc("2027-01-01")
    with pytest.raises(NeverOpen):
        ONE_SHIFT.due(utc("2026-01-05"), 121)


def test_a_target_that_a_century_does_not_hold_is_refused():
    with pytest.raises(NeverOpen):
        NINE_TO_FIVE.due(utc("2026-01-05"), 101 * 366 * 480)


def test_a_due_instant_beyond_the_known_holidays_is_refused():
    known = BusinessCalendar("Europe/London", {"fri": [("09:00", "17:00")]}, known_until=date(2026, 12, 31))
    assert known.due(utc("2026-12-25 09:00"), 480) == utc("2026-12-25 17:00")
    with pytest.raises(HolidaysUnknown, match="2027-01-01 is beyond 2026-12-31"):
        known.due(utc("2026-12-25 09:00"), 481)
    with pytest.raises(HolidaysUnknown):
        known.due_business_days(utc("2026-12-25 09:00"), 1)


def test_naive_datetimes_are_refused():
    with pytest.raises(ValueError, match="no time zone"):
        NINE_TO_FIVE.due(utc("2026-01-05 09:00").replace(tzinfo=None), 60)
    with pytest.raises(ValueError, match="instant already"):
        NINE_TO_FIVE.to_utc(utc("2026-01-05"))


@pytest.mark.parametrize(
    ("zone", "hours", "complaint"),
    [
        ("Europe/Atlantis", {}, "not a time zone"),
        ("UTC", {"monday": []}, "not a day"),
        ("UTC", {"mon": [("9:00", "17:00")]}, "not a time of day"),
        ("UTC", {"mon": [("22:00", "06:00")]}, "written as two"),
    ],
)
def test_hours_that_cannot_be_read_are_refused(zone, hours, complaint):
    with pytest.raises(ValueError, match=complaint):
        BusinessCalendar(zone, hours)


def test_a_negative_budget_is_refused():
    with pytest.raises(ValueError, match="not a budget"):
        NINE_TO_FIVE.due(utc("2026-01-05"), -1)


def test_two_windows_a_day_are_fine():
    assert BERLIN_WITH_LUNCH.due(utc("2026-01-05 10:00"), 120) == utc("2026-01-05 13:00")


def test_a_business_day_that_is_too_short_ends_at_the_next_opening():
    short_tuesday = BusinessCalendar("UTC", {"mon": [("09:00", "17:00")], "tue": [("10:00", "16:00")]})
    assert short_tuesday.due_business_days(utc("2026-01-05 15:59"), 1) == utc("2026-01-06 15:59")
    assert short_tuesday.due_business_days(utc("2026-01-05 16:00"), 1) == utc("2026-01-06 16:00")
    assert short_tuesday.due_business_days(utc("2026-01-05 16:01"), 1) == utc("2026-01-12 09:00")


def test_a_holiday_is_named_when_it_shuts_a_working_day():
    assert LONDON.holidays_between(utc("2026-04-01"), utc("2026-04-06 12:00")) == [
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
    ]
    sundays_off = BusinessCalendar("UTC", {"mon": [("09:00", "17:00")]}, holidays=[date(2026, 1, 4)])
    assert sundays_off.holidays_between(utc("2026-01-01"), utc("2026-01-10")) == []


def test_the_intervals_of_a_long_weekend_leave_it_out():
    assert LONDON.intervals(utc("2026-04-02 16:00"), utc("2026-04-07 09:00")) == [
        (utc("2026-04-02 16:00"), utc("2026-04-02 16:30")),
        (utc("2026-04-07 08:00"), utc("2026-04-07 09:00")),
    ]


def test_round_the_clock_is_one_interval_across_years_and_clock_changes():
    span = (utc("2025-10-01"), utc("2027-04-01"))
    assert ALWAYS_OPEN.intervals(*span) == [span]
    assert [d.day for d in islice(ALWAYS_OPEN.business_dates(utc("2026-02-27")), 3)] == [27, 28, 1]


def test_the_next_opening_of_an_open_instant_is_that_instant():
    assert NINE_TO_FIVE.next_opening(utc("2026-01-05 12:00")) == utc("2026-01-05 12:00")
    assert NINE_TO_FIVE.next_opening(utc("2026-01-09 17:00")) == utc("2026-01-12 09:00")


def test_of_many_at_once_those_that_are_not_promised_are_none():
    start, day = micros(utc("2026-01-05")), 24 * 60 * MINUTE
    assert ONE_SHIFT.due_each([start] * 3, [120 * MINUTE, 0, 121 * MINUTE]) == [
        micros(utc("2027-01-01")),
        start,
        None,
    ]
    assert NEVER.due_each([start], [1]) == [None]
    assert NEVER.elapsed_each([start], [start + day]) == [0]
    assert LONDON.elapsed_each([start + day], [start]) == [0]
    known = BusinessCalendar("Europe/London", {"fri": [("09:00", "17:00")]}, known_until=date(2026, 12, 31))
    late = micros(utc("2026-12-30"))
    assert known.due_each([start, late], [MINUTE, MINUTE]) == [micros(utc("2026-01-09 09:01")), None]
    assert known.due_each([], []) == known.elapsed_each([], []) == []
    with pytest.raises(ValueError, match="not a budget"):
        known.due_each([start], [-1])

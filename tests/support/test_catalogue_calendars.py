import pytest

from support.catalogue.reading import read_calendar
from tests.support.catalogue_cases import OFFICE, calendar_problems_of, spoilt

HOURS = 'hours = { mon = ["09:00-12:00", "13:00-17:00"] }'


def test_a_calendar_gives_its_weekly_hours_as_clocks_take_them():
    calendar = read_calendar(OFFICE, file="office.toml")
    assert calendar.weekly_hours() == {"mon": [("09:00", "12:00"), ("13:00", "17:00")]}
    assert (calendar.minutes_a_week, calendar.days_a_week, str(calendar.holidays)) == (420, 1, "GB/ENG")


def test_a_day_may_end_at_midnight():
    calendar = read_calendar(spoilt("13:00-17:00", "13:00-24:00", OFFICE), file="office.toml")
    assert calendar.minutes_a_week == 14 * 60


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        (HOURS, "hours = {}", "hours", "the calendar is empty: it has no open hour in any week."),
        (HOURS, "hours = { mon = [] }", "hours", "the calendar is empty: it has no open hour in any week."),
        (HOURS, "", "hours", "is missing."),
        ("mon =", "monday =", "hours.monday", '"monday" is not one of: mon, tue, wed, thu, fri, sat, sun.'),
        ("09:00-12:00", "9-12", "hours.mon.1", '"9-12" is not a window; write it like "09:00-17:30".'),
        ("09:00-12:00", "12:00-12:00", "hours.mon.1", '"12:00-12:00" closes before it has opened.'),
        ("09:00-12:00", "17:30-05:30", "hours.mon.1", '"17:30-05:30" closes before it has opened.'),
        (
            "09:00-12:00",
            "24:00-24:00",
            "hours.mon.1",
            '"24:00-24:00" is not a window; write it like "09:00-17:30".',
        ),
        ("13:00-17:00", "11:00-17:00", "hours.mon", "11:00-17:00 begins before 09:00-12:00 has ended."),
        ("Europe/London", "Europe/Lundun", "zone", '"Europe/Lundun" is not a time zone.'),
        ("Europe/London", "../etc/passwd", "zone", '"../etc/passwd" is not a time zone.'),
        ("GB", "GX", "holidays.country", 'no public holidays are known for "GX/ENG".'),
        ("ENG", "XYZ", "holidays.country", 'no public holidays are known for "GB/XYZ".'),
    ],
)
def test_refused_with_key_and_reason(old, new, key, reason):
    assert calendar_problems_of(spoilt(old, new, OFFICE)) == [(key, reason)]


def test_all_problems_of_a_calendar_are_told_at_once():
    text = spoilt("mon =", "monday =", spoilt("Europe/London", "Mars", OFFICE))
    assert [key for key, _ in calendar_problems_of(text)] == ["hours.monday"]
    text = spoilt(HOURS, "hours = {}", spoilt("Europe/London", "Mars", OFFICE))
    assert [key for key, _ in calendar_problems_of(text)] == ["zone", "hours"]

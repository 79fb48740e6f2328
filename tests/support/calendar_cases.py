"""Calendars of the published services, and two that are hard, for the tests of clocks."""

from datetime import UTC, date, datetime

from support.clocks.calendar import BusinessCalendar

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
WEEK = (*WORKDAYS, "sat", "sun")

NINE_TO_FIVE = BusinessCalendar("UTC", {day: [("09:00", "17:00")] for day in WORKDAYS})
DENVER = BusinessCalendar("America/Denver", {day: [("06:00", "18:00")] for day in WORKDAYS})
LONDON = BusinessCalendar(
    "Europe/London",
    {day: [("09:00", "17:30")] for day in WORKDAYS},
    holidays={
        date(2026, 4, 3): "Good Friday",
        date(2026, 4, 6): "Easter Monday",
        date(2026, 5, 4): "May Day",
    },
)
BERLIN_WITH_LUNCH = BusinessCalendar(
    "Europe/Berlin", {day: [("08:00", "12:00"), ("13:00", "17:00")] for day in WORKDAYS}
)
NIGHT_WATCH = BusinessCalendar(
    "America/Denver", {day: [("00:00", "06:00"), ("18:00", "24:00")] for day in WEEK}
)
HALF_HOUR_ZONE = BusinessCalendar("Australia/Lord_Howe", {day: [("01:30", "13:00")] for day in WEEK})

CALENDARS = (NINE_TO_FIVE, DENVER, LONDON, BERLIN_WITH_LUNCH, NIGHT_WATCH, HALF_HOUR_ZONE)


def utc(text):
    """ "2026-03-05 11:00" as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)

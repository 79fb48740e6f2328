"""A calendar as its file spells it: zone, weekly hours, and the region whose public holidays close it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from support.catalogue.notes import Reading
from support.catalogue.problems import Flaw

TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"


class Weekday(StrEnum):
    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


@dataclass(frozen=True, slots=True)
class Window:
    """Open from one wall-clock time to another on the same day; "24:00" is the end of the day."""

    opens: str
    closes: str

    @classmethod
    def parse(cls, text: str) -> Self:
        match = re.fullmatch(rf"({TIME})-({TIME}|24:00)", text, re.ASCII)
        if match is None:
            raise ValueError(f'"{text}" is not a window; write it like "09:00-17:30".')
        if match[1] >= match[2]:
            raise ValueError(f'"{text}" closes before it has opened.')
        return cls(match[1], match[2])

    @property
    def minutes(self) -> int:
        return _minutes(self.closes) - _minutes(self.opens)

    def __str__(self) -> str:
        return f"{self.opens}-{self.closes}"


@dataclass(frozen=True, slots=True)
class HolidayRegion:
    """A country, and a part of it where its holidays differ, as the `holidays` package names them."""

    country: str
    part: str = ""

    def __str__(self) -> str:
        return "/".join(filter(None, (self.country, self.part)))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly hours in one zone. Without `holidays`, none close it; `document` and `section` say where it is stated."""

    code: str
    name: str
    zone: str
    document: str
    section: str
    hours: Mapping[Weekday, tuple[Window, ...]]
    holidays: HolidayRegion | None = None
    readings: tuple[Reading, ...] = ()

    @property
    def minutes_a_week(self) -> int:
        return sum(window.minutes for windows in self.hours.values() for window in windows)

    @property
    def days_a_week(self) -> int:
        return sum(1 for windows in self.hours.values() if windows)

    def weekly_hours(self) -> dict[str, list[tuple[str, str]]]:
        """As `support.clocks.calendar.BusinessCalendar` takes them."""
        return {str(day): [(w.opens, w.closes) for w in windows] for day, windows in self.hours.items()}

    def flaws(self) -> Iterator[Flaw]:
        if not _is_zone(self.zone):
            yield "zone", f'"{self.zone}" is not a time zone.'
        if not self.minutes_a_week:
            yield "hours", "the calendar is empty: it has no open hour in any week."
        for day, windows in self.hours.items():
            for first, second in pairwise(windows):
                if second.opens < first.closes:
                    yield f"hours.{day}", f"{second} begins before {first} has ended."


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True

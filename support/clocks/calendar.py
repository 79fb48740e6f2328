"""Business calendars: when an amount of working time is reached, and how much of it has passed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from support.clocks.compiled import Interval
from support.clocks.instants import MINUTE, instant, micros
from support.clocks.wall import DAYS, Change, Hours, WallHours, spelled
from support.clocks.working_time import NeverOpen, WorkingTime

__all__ = ["ALWAYS_OPEN", "BusinessCalendar", "HolidaysUnknown", "NeverOpen", "Pause"]

Pause = tuple[datetime, datetime]


class HolidaysUnknown(ValueError):
    """The due instant lies beyond the last date whose holidays are known."""


class BusinessCalendar:
    """Opening hours in one time zone.

    `hours` maps "mon" … "sun" to windows ("09:00", "17:30"); "24:00" ends a day. `holidays` are dates, or a mapping of
    dates to names; `breaks` (date, opens, closes) are closed; `shifts` (date, opens, closes) replace that date's hours,
    a holiday's too. `known_until` is the last date whose holidays are known: a due instant beyond it raises.

    Instants in are aware, instants out are UTC; minutes are int or float, exact to the microsecond. `pauses` are pairs
    of instants in any order; they may overlap. ValueError for what cannot be read.
    """

    __slots__ = ("_limit", "_time", "_wall", "_zone", "holidays", "known_until", "timezone")

    def __init__(
        self,
        timezone: str,
        hours: Hours,
        holidays: Iterable[date] | Mapping[date, str] = (),
        breaks: Iterable[Change] = (),
        shifts: Iterable[Change] = (),
        *,
        known_until: date | None = None,
    ) -> None:
        self._zone = _zone(timezone)
        self.timezone = timezone
        self.holidays = dict(holidays) if isinstance(holidays, Mapping) else dict.fromkeys(holidays, "")
        self.known_until = known_until
        self._wall = WallHours(hours, self.holidays, breaks, shifts)
        self._time = WorkingTime(self._zone, self._wall)
        self._limit = self._end_of(known_until) if known_until else None

    def due(self, start: datetime, minutes: float, pauses: Iterable[Pause] = ()) -> datetime:
        """The first instant by which `minutes` were open since `start`, pauses not counted.

        NeverOpen when a century does not hold that many; HolidaysUnknown when it lies beyond `known_until`.
        """
        return self._promised(self._time.ahead(micros(start), _budget(minutes), _union(pauses)))

    def due_each(self, starts: Sequence[int], budgets: Sequence[int]) -> list[int | None]:
        """`due` of many at once, all in microseconds since 1970 (`support.clocks.instants`); None where it would raise.

        Two bisections each: what a datetime costs to be made is more than they take.
        """
        if not starts:
            return []
        if min(budgets) < 0:
            raise ValueError(f"{min(budgets)} microseconds are not a budget")
        found = self._time.ahead_each(starts, budgets)
        limit = self._limit
        return found if limit is None else [None if at is None or at > limit else at for at in found]

    def elapsed_each(self, starts: Sequence[int], ends: Sequence[int]) -> list[int]:
        """`elapsed` of many at once, all in microseconds."""
        return self._time.between_each(starts, ends) if starts else []

    def back(self, start: datetime, minutes: float) -> datetime:
        """The last instant from which `minutes` are open until `start`. NeverOpen as in `due`."""
        return instant(self._time.back(micros(start), _budget(minutes)))

    def elapsed(self, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> float:
        """Open minutes between the two instants, pauses not counted; 0 when `end` is not after `start`."""
        return self._time.between(micros(start), micros(end), _union(pauses)) / MINUTE

    def is_open(self, at: datetime) -> bool:
        return self._time.covering(micros(at), micros(at)).is_open(micros(at))

    def next_opening(self, at: datetime) -> datetime:
        """The first open instant from `at` on: `at` itself while open. NeverOpen when a century holds none."""
        return at.astimezone(UTC) if self.is_open(at) else instant(self._time.ahead(micros(at), 1) - 1)

    def intervals(self, start: datetime, end: datetime) -> list[Pause]:
        """The open intervals between the two instants, in order, cut to them."""
        begin, until = micros(start), micros(end)
        if until <= begin:
            return []
        return [(instant(a), instant(b)) for a, b in self._time.covering(begin, until).between(begin, until)]

    def due_business_days(self, start: datetime, days: int) -> datetime:
        """The same wall-clock time `days` working days later; a start outside hours counts from the next opening.

        Where that day is already or still closed at that time, the next opening; its closing time stands.
        NeverOpen and HolidaysUnknown as in `due`.
        """
        if days < 0:
            raise ValueError(f"{days} days are not a budget")
        first = self.next_opening(start).astimezone(self._zone)
        day = next(islice(self.business_dates(first), days, None), None)
        if day is None:
            raise NeverOpen(f"{self.timezone}: fewer than {days} working days after {first.date()}")
        due = micros(self.to_utc(datetime.combine(day, first.time())))
        closing = self._time.covering(due, due).closes(due)
        return self._promised(due if closing else micros(self.next_opening(instant(due))))

    def windows_on(self, day: date) -> list[tuple[str, str]]:
        """The open windows of this date on the wall clock, in order: ("09:00", "17:30")."""
        return [(spelled(opens), spelled(closes)) for opens, closes in self._wall.windows(day.toordinal())]

    def business_dates(self, start: datetime) -> Iterator[date]:
        """The dates with open hours, from the date of `start` in this zone on; ends only where no hours are left."""
        last = date.max.toordinal() if self._wall.weekly else self._wall.last_shift
        for ordinal in range(start.astimezone(self._zone).toordinal(), last + 1):
            if self._wall.windows(ordinal):
                yield date.fromordinal(ordinal)

    def holidays_between(self, start: datetime, end: datetime) -> list[tuple[date, str]]:
        """The holidays, with their names, that shut a working day between the two instants, the end excluded."""
        first = start.astimezone(self._zone).toordinal()
        last = (end.astimezone(self._zone) - timedelta(microseconds=1)).toordinal()
        shut = [date.fromordinal(ordinal) for ordinal in self._wall.holidays_shut(first, last)]
        return [(day, self.holidays[day]) for day in shut]

    def to_utc(self, wall: datetime) -> datetime:
        """A wall-clock time of this zone as an instant: inside a gap moved on by it, of a doubled hour the first."""
        if wall.tzinfo is not None:
            raise ValueError(f"{wall.isoformat()} is an instant already")
        return wall.replace(tzinfo=self._zone, fold=0).astimezone(UTC)

    def _end_of(self, day: date) -> int:
        return micros(self.to_utc(datetime.combine(day + timedelta(days=1), time())))

    def _promised(self, at: int) -> datetime:
        if self._limit is not None and at > self._limit:
            known = f"{self.known_until}, the last date with known holidays"
            raise HolidaysUnknown(f"{self.timezone}: {instant(at):%Y-%m-%d} is beyond {known}")
        return instant(at)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        raise ValueError(f"{name!r} is not a time zone") from None


def _budget(minutes: float) -> int:
    if minutes < 0:
        raise ValueError(f"{minutes} minutes are not a budget")
    return round(minutes * MINUTE)


def _union(pauses: Iterable[Pause]) -> list[Interval]:
    joined: list[Interval] = []
    for begin, end in sorted((micros(begin), micros(end)) for begin, end in pauses):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif begin < end:
            joined.append((begin, end))
    return joined


ALWAYS_OPEN = BusinessCalendar("UTC", {day: [("00:00", "24:00")] for day in DAYS})

"""One piece of work as consecutive parts: cut where its approval ends, where its cap is reached, where a month begins, and
where a surcharge begins or ends.

Pure: instants and minutes in, parts out. Rounding happens once, over the approved minutes of the whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import pairwise
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


class Rounding(Enum):
    STEPS = "up to a whole step"
    MINIMUM = "up to the minimum of a piece of work"
    ROOM = "up to what was left under the cap"


@dataclass(frozen=True, slots=True)
class Part:
    """`billed` is None for what is not approved; where it is more than `raw`, `by` says what made it more."""

    started_at: datetime
    stopped_at: datetime
    raw: int
    billed: int | None
    by: Rounding | None = None


@dataclass(frozen=True, slots=True)
class Under:
    """The approval that a piece is worked under: until when, how many billed minutes are left, how they are rounded.

    `hours` are the instants at which its calendar opens or closes.
    """

    until: datetime
    room: int
    increment: int
    minimum: int = 0
    hours: tuple[datetime, ...] = ()


def parts(start: datetime, stop: datetime, under: Under | None, borders: list[datetime]) -> list[Part]:
    """The parts of [start, stop) in order; without an approval all of it is unapproved.

    Every started minute of the whole counts, but of the minute in which the approval ends only what lies before. The
    approved minutes are rounded up to the increment, to the minimum at least and to the room at most; what rounding adds
    goes to the last approved part.
    """
    start, stop = start.astimezone(UTC), stop.astimezone(UTC)  # in one zone Python would subtract wall clocks
    end = _approved_until(start, stop, under)
    hours = [each for each in under.hours if start < each < end] if under else []
    cuts = sorted({start, stop, end, *hours, *(border for border in borders if start < border < stop)})
    found = []
    for begins, ends in pairwise(cuts):
        raw = _minutes(start, ends, end, stop) - _minutes(start, begins, end, stop)
        raw = min(raw, (ends - begins) // MINUTE + 1)  # no part has more minutes than its clock went
        found.append(Part(begins, ends, raw, raw if ends <= end else None))
    return _rounded(found, under)


def borders(start: datetime, stop: datetime, zone: str) -> list[datetime]:
    """The instants at which a month begins in this zone, after `start` and before `stop`, in UTC."""
    local = start.astimezone(ZoneInfo(zone))
    return list(_beginnings(local.year, local.month, stop, ZoneInfo(zone)))


def _beginnings(year: int, month: int, stop: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        border = datetime(year, month, 1, tzinfo=zone).astimezone(UTC)
        if border >= stop:
            return
        yield border


def _approved_until(start: datetime, stop: datetime, under: Under | None) -> datetime:
    if under is None:
        return start
    return max(start, min(stop, under.until, start + max(0, under.room) * MINUTE))


def _minutes(start: datetime, at: datetime, end: datetime, stop: datetime) -> int:
    """Minutes begun from `start` to `at`; an approval that ends before the work does gives none that it cuts."""
    begun = -((start - at) // MINUTE)
    whole = (end - start) // MINUTE
    return min(begun, whole) if at <= end < stop else begun


def _rounded(found: list[Part], under: Under | None) -> list[Part]:
    approved = [part for part in found if part.billed is not None]
    raw = sum(part.raw for part in approved)
    if under is None or not raw:
        return found
    stepped = -(-raw // under.increment) * under.increment
    wanted, by = (under.minimum, Rounding.MINIMUM) if under.minimum > stepped else (stepped, Rounding.STEPS)
    billed, by = (under.room, Rounding.ROOM) if under.room < wanted else (wanted, by)
    last = max(i for i, part in enumerate(found) if part.billed)
    if billed > raw:
        found[last] = replace(found[last], billed=found[last].billed + billed - raw, by=by)
    return found

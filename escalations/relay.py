"""Which region is on at an instant, when the next one closes, and who takes over then. Pure: calendars and instants in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from support.clocks.calendar import NeverOpen

AHEAD = timedelta(days=8)  # a week of opening hours, and a day for either change of the clocks


class Opening(Protocol):
    """When a desk is open: a BusinessCalendar, or several of which each counts for a while."""

    def is_open(self, at: datetime) -> bool: ...

    def next_opening(self, at: datetime) -> datetime: ...

    def intervals(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """A region by its code, with its hours."""

    code: str
    calendar: Opening


@dataclass(frozen=True, slots=True)
class Crossing:
    """At `at` the `closing` desk ends its hours, and the `taking` one has the tickets from `opens_at` on: a gap lies between
    where that is later, until `on_again`, when any desk opens, the closing one too. `taking` is empty where no other ever does."""

    at: datetime
    closing: str
    taking: str
    opens_at: datetime
    on_again: datetime

    @property
    def gap(self) -> timedelta:
        return self.on_again - self.at


def on_at(desks: Iterable[Desk], at: datetime) -> list[str]:
    """The desks that are open at this instant, in their order."""
    return [desk.code for desk in desks if desk.calendar.is_open(at)]


def crossings(desks: Sequence[Desk], begin: datetime, end: datetime) -> list[Crossing]:
    """Every closing in (begin, end], in order. Hours that go on past midnight are one stretch."""
    found = [
        _crossing(desks, desk, closes)
        for desk in desks
        for closes in _closings(desk.calendar, begin, end)
        if begin < closes <= end
    ]
    return sorted(found, key=lambda crossing: (crossing.at, crossing.closing))


def next_crossing(desks: Sequence[Desk], at: datetime) -> Crossing | None:
    """The first closing after this instant; None where a week has none."""
    return next(iter(crossings(desks, at, at + AHEAD)), None)


def last_crossing(desks: Sequence[Desk], at: datetime) -> Crossing | None:
    """The last closing up to this instant, itself included; None where a week had none."""
    return next(reversed(crossings(desks, at - AHEAD, at)), None)


def stretches(calendar: Opening, begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """When it is open between the two instants; what touches is one stretch."""
    joined: list[tuple[datetime, datetime]] = []
    for opens, closes in calendar.intervals(begin, end):
        if joined and joined[-1][1] == opens:
            opens = joined.pop()[0]
        joined.append((opens, closes))
    return joined


def opens_next(calendar: Opening, at: datetime) -> datetime | None:
    """From this instant on; None where it never does."""
    try:
        return calendar.next_opening(at)
    except NeverOpen:
        return None


def _closings(calendar: Opening, begin: datetime, end: datetime) -> list[datetime]:
    """Where open time ends. Looked for a little past the end, since what is cut there has not closed."""
    past = end + timedelta(minutes=1)
    return [closes for _opens, closes in stretches(calendar, begin, past) if closes < past]


def _crossing(desks: Sequence[Desk], closing: Desk, at: datetime) -> Crossing:
    place = desks.index(closing)
    others = [*desks[place + 1 :], *desks[:place]]
    opening = [(opens, desk.code) for desk in others if (opens := opens_next(desk.calendar, at)) is not None]
    opens_at, taking = min(opening, key=lambda each: each[0], default=(at, ""))
    again = opens_next(closing.calendar, at) if taking else None
    return Crossing(at, closing.code, taking, opens_at, min(opens_at, again or opens_at))

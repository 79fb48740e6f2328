"""What a move to a version would change, worked out from the stored clocks: no timeline is folded, nothing is written."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from support import saying, versions
from support.calendars import pins
from support.clocks.book import reference
from support.clocks.calendar import BusinessCalendar
from support.clocks.instants import instant, micros
from support.clocks.terms import ClockKind
from support.explaining.words import KINDS
from support.models import CalendarVersion

SHOWN = 50
# The last piece of a clock that is not due yet says what it runs under; one that waits has no due instant.
CLOCKS = """
SELECT t.id, t.number, t.title, c.subject_kind, c.subject_id, c.kind, (extract(epoch FROM c.due_at) * 1000000)::bigint,
    c.detail -> 'target' ->> 'calendar', c.detail -> 'segments' -> -1 ->> 'calendar'
FROM support_ticket t JOIN support_clock c ON c.ticket_id = t.id
WHERE t.id = ANY (%s) AND c.state IN ('running', 'paused') ORDER BY c.due_at NULLS LAST, t.id, c.position
"""


@dataclass(frozen=True, slots=True)
class Shift:
    """One clock that would fall due at another instant; `now` and `then` in the reader's zone."""

    number: str
    title: str
    name: str
    now: str
    then: str
    is_later: bool


@dataclass(slots=True)
class Foresight:
    """`shifts` are the first of the clocks that change; `late` are past their due instant already, and stay it;
    `waiting` cannot be known; `left` are tickets whose deadline the version cannot give."""

    tickets: int = 0
    shifts: list[Shift] = field(default_factory=list)
    later: int = 0
    earlier: int = 0
    same: int = 0
    late: int = 0
    waiting: int = 0
    left: set[str] = field(default_factory=set)

    @property
    def changed(self) -> int:
        return self.later + self.earlier


class _Open(NamedTuple):
    """An open clock; `due` in microseconds since 1970, `under` the older version that what is left of it runs under."""

    number: str
    title: str
    kind: str
    due: int | None
    under: str


def foresee(version: CalendarVersion, at: datetime) -> Foresight:
    """The open clocks under an older version, counted; those that change, the next due first, at most fifty."""
    stale, now = pins.stale(version, at), micros(at)
    found, clocks = Foresight(len(stale)), _open(stale)
    running = [clock for clock in clocks if clock.due is not None and clock.due > now]
    found.waiting = sum(clock.due is None for clock in clocks)
    found.late = len(clocks) - found.waiting - len(running)
    then = _moved(running, now, _calendar(reference(version.name, version.version)))
    for clock, moved in zip(running, then, strict=True):
        if moved is None:
            found.left.add(clock.number)
        elif moved == clock.due:
            found.same += 1
        else:
            _shift(found, clock, moved, at)
    return found


def _open(stale: Mapping[int, Sequence[pins.Pin]]) -> list[_Open]:
    """The open clocks that a pin of these tickets holds, the next due first."""
    pinned = {
        (ticket, pin.subject, pin.name): pin.pinned
        for ticket, of_ticket in stale.items()
        for pin in of_ticket
    }
    with connection.cursor() as cursor:
        cursor.execute(CLOCKS, [list(stale)])
        return [
            _Open(number, title, kind, due, ref if under == ref else "")
            for ticket, number, title, *subject, kind, due, name, under in cursor.fetchall()
            if (ref := pinned.get((ticket, tuple(subject), name)))
        ]


def _moved(clocks: Sequence[_Open], now: int, new: BusinessCalendar) -> list[int | None]:
    """When each falls due, if what is left of it runs under another calendar; None where that cannot say."""
    then = [clock.due for clock in clocks]
    places = defaultdict(list)
    for place, clock in enumerate(clocks):
        if clock.under:
            places[clock.under].append(place)
    for under, of_it in places.items():
        begins = [now] * len(of_it)
        left = _calendar(under).elapsed_each(begins, [clocks[place].due for place in of_it])
        for place, amount, moved in zip(of_it, left, new.due_each(begins, left), strict=True):
            if amount:
                then[place] = moved
    return then


def _shift(found: Foresight, clock: _Open, moved: int, at: datetime) -> None:
    is_later = moved > clock.due
    found.later, found.earlier = found.later + is_later, found.earlier + (not is_later)
    if len(found.shifts) < SHOWN:
        here = [saying.here(instant(due), at) for due in (clock.due, moved)]
        name = f"{KINDS[ClockKind(clock.kind)]}"
        found.shifts.append(Shift(clock.number, clock.title, name, *here, is_later=is_later))


def _calendar(ref: str) -> BusinessCalendar:
    return versions.book([], [ref]).calendar(ref)

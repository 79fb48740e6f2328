"""What a move to a version would change, worked out from the stored clocks: no timeline is folded, nothing is written."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from support import saying, versions
from support.calendars import pins
from support.clocks.book import reference
from support.clocks.calendar import BusinessCalendar, HolidaysUnknown, NeverOpen
from support.clocks.terms import ClockKind
from support.explaining.words import KINDS
from support.models import CalendarVersion

SHOWN = 50
# The last piece of a clock that is not due yet says what it runs under; one that waits has no due instant.
CLOCKS = """
SELECT t.id, t.number, t.title, c.subject_kind, c.subject_id, c.kind, c.due_at,
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


def foresee(version: CalendarVersion, at: datetime) -> Foresight:
    """The open clocks under an older version, counted; those that change, the next due first, at most fifty."""
    stale = pins.stale(version, at)
    found, new = Foresight(len(stale)), _calendar(reference(version.name, version.version))
    pinned = {
        (ticket, pin.subject, pin.name): pin.pinned
        for ticket, of_ticket in stale.items()
        for pin in of_ticket
    }
    with connection.cursor() as cursor:
        cursor.execute(CLOCKS, [list(stale)])
        for ticket, number, title, *subject, kind, due, name, under in cursor.fetchall():
            if ref := pinned.get((ticket, tuple(subject), name)):
                _count(found, (number, title, kind), due, new, ref if under == ref else "", at)
    return found


def _count(
    found: Foresight, what: tuple[str, str, str], due: datetime | None, new: BusinessCalendar, under: str, at
) -> None:
    if due is None:
        found.waiting += 1
        return
    if due <= at:
        found.late += 1
        return
    try:
        then = moved(due, _calendar(under), new, at) if under else due
    except (NeverOpen, HolidaysUnknown):
        found.left.add(what[0])
        return
    if then == due:
        found.same += 1
        return
    found.later, found.earlier = found.later + (then > due), found.earlier + (then < due)
    if len(found.shifts) < SHOWN:
        number, title, kind = what
        here = [saying.here(instant, at) for instant in (due, then)]
        found.shifts.append(Shift(number, title, f"{KINDS[ClockKind(kind)]}", *here, is_later=then > due))


def moved(due: datetime, old: BusinessCalendar, new: BusinessCalendar, at: datetime) -> datetime:
    """When a clock that was due later than `at` falls due, if what is left of it runs under another calendar."""
    left = old.elapsed(at, due)
    return new.due(at, left) if left else due


def _calendar(ref: str) -> BusinessCalendar:
    return versions.book([], [ref]).calendar(ref)

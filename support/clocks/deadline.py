"""When a clock is due, and the segments that explain it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise

from support.clocks.calendar import BusinessCalendar
from support.clocks.events import Cause
from support.clocks.terms import Base, Target, WaitReason
from support.clocks.verdicts import Why
from support.clocks.waits import Pause, earlier


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a clock's life, the end excluded; `ends_at` is None while an open wait makes it unknowable.

    Only a RUNNING segment counts. `cause` is the event that put this piece under its `calendar`, where one did.
    """

    starts_at: datetime
    ends_at: datetime | None
    why: Why
    calendar: str = ""
    waits: tuple[tuple[str, WaitReason], ...] = ()
    holidays: tuple[tuple[date, str], ...] = ()
    cause: Cause | None = None

    @property
    def counted(self) -> bool:
        return self.why is Why.RUNNING


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of a clock's life under one calendar; the last one has no `end`. Its pauses lie inside it."""

    begin: datetime
    end: datetime | None
    name: str
    calendar: BusinessCalendar
    pauses: Sequence[Pause]
    cause: Cause | None


def due_at(target: Target, stretches: Sequence[Stretch]) -> datetime | None:
    """The instant at which the target is used up; None while an open wait makes it unknowable.

    Minutes used under one calendar are kept, and what remains runs under the next; a business day left over counts as
    that day's hours. NeverOpen and HolidaysUnknown as in the calendar.
    """
    first = stretches[0]
    if target.base is Base.BUSINESS_DAYS:
        due = _due_in_days(first, target.amount)
    elif target.promised_at:
        due = _due(first, max(0.0, (target.promised_at - first.begin).total_seconds() / 60))
    else:
        due = _due(first, target.amount)
    for stretch, following in pairwise(stretches):
        if due is None or due <= following.begin:
            break
        remaining = stretch.calendar.elapsed(following.begin, due)
        # Nothing left to count although not due yet: due at an opening, which no other calendar moves.
        due = _due(following, remaining) if remaining else due
    return due


def _due(stretch: Stretch, minutes: float) -> datetime | None:
    closed = [(pause.begin, pause.end) for pause in stretch.pauses if pause.end is not None]
    return _knowable(stretch, stretch.calendar.due(stretch.begin, minutes, closed))


def _due_in_days(stretch: Stretch, days: int) -> datetime | None:
    due = stretch.calendar.due_business_days(stretch.begin, days)
    for pause in stretch.pauses:
        if pause.begin >= due:
            break
        if pause.end is not None:
            due = stretch.calendar.due(due, stretch.calendar.elapsed(pause.begin, pause.end))
            if due < pause.end:  # the closing before the wait ended, which is the opening after it
                due = stretch.calendar.next_opening(pause.end)
    return _knowable(stretch, due)


def _knowable(stretch: Stretch, due: datetime) -> datetime | None:
    still_waiting = stretch.pauses and stretch.pauses[-1].end is None and stretch.pauses[-1].begin < due
    return None if still_waiting else due


def segments(
    stretches: Sequence[Stretch], due: datetime | None, stopped: datetime | None
) -> tuple[Segment, ...]:
    """The life of a clock from its start until it stopped, or else until it is due; overdue time is one piece."""
    end = stopped if due is None or (stopped and stopped < due) else due
    found = [piece for stretch in stretches for piece in pieces(stretch, end)]
    if due and stopped and due < stopped:
        found.append(Segment(due, stopped, Why.OVERDUE))
    return tuple(found)


def pieces(stretch: Stretch, until: datetime | None) -> Iterator[Segment]:
    """The pieces of one stretch until it ends, or until then.

    A wait holds a clock only while its hours are open: RUNNING and WAIT together are all the open time there was.
    """
    closed: datetime | None = None  # since when, where pieces that are closed follow each other
    for piece in _cut(stretch, until):
        if piece.why is Why.CLOSED:
            closed = closed or piece.starts_at
            continue
        if closed:
            yield _closed(stretch, closed, piece.starts_at)
            closed = None
        yield piece
    if closed and (end := earlier(stretch.end, until)):
        yield _closed(stretch, closed, end)


def _cut(stretch: Stretch, until: datetime | None) -> Iterator[Segment]:
    end = earlier(stretch.end, until)
    at: datetime | None = stretch.begin
    for pause in stretch.pauses:
        if at is None or (end and pause.begin >= end):
            break
        yield from _open_and_closed(stretch, at, pause.begin)
        at = earlier(pause.end, end)
        named = tuple((wait.id, wait.reason) for wait in pause.waits)
        if at is None:
            yield Segment(pause.begin, None, Why.WAIT, stretch.name, waits=named, cause=stretch.cause)
            continue
        for piece in _open_and_closed(stretch, pause.begin, at):
            held = piece.why is Why.RUNNING
            yield replace(piece, why=Why.WAIT, waits=named) if held else piece
    if at and end:
        yield from _open_and_closed(stretch, at, end)


def _open_and_closed(stretch: Stretch, begin: datetime, end: datetime) -> Iterator[Segment]:
    at = begin
    for opens, closes in stretch.calendar.intervals(begin, end):
        if at < opens:
            yield Segment(at, opens, Why.CLOSED)
        yield Segment(opens, closes, Why.RUNNING, stretch.name, cause=stretch.cause)
        at = closes
    if at < end:
        yield Segment(at, end, Why.CLOSED)


def _closed(stretch: Stretch, begin: datetime, end: datetime) -> Segment:
    holidays = tuple(stretch.calendar.holidays_between(begin, end))
    return Segment(begin, end, Why.CLOSED, stretch.name, holidays=holidays, cause=stretch.cause)

"""A running clock taken to another calendar without its timeline: what a fold of the same move gives, from the clock alone."""

from dataclasses import replace
from datetime import datetime

from support.clocks.calendar import BusinessCalendar
from support.clocks.deadline import Segment, Stretch, pieces
from support.clocks.events import Cause
from support.clocks.instance import ClockInstance
from support.clocks.verdicts import ClockState, Why


def is_plain(clock: ClockInstance, at: datetime) -> bool:
    """Whether the clock alone says enough: it runs, began before `at`, and is due after it."""
    running = clock.state is ClockState.RUNNING and clock.due_at is not None
    return running and clock.started_at < at < (clock.due_at or at)


def under(clock: ClockInstance) -> str:
    """What a plain clock counts under now: its last piece says it."""
    return clock.segments[-1].calendar if clock.segments else ""


def shifted(
    clock: ClockInstance, at: datetime, old: BusinessCalendar, name: str, new: BusinessCalendar, cause: Cause
) -> ClockInstance:
    """The plain clock from `at` on under the calendar `new`, called `name`; nothing may have happened at `at` itself.

    NeverOpen and HolidaysUnknown as in the calendar.
    """
    assert clock.due_at is not None
    left = old.elapsed(at, clock.due_at)
    due = new.due(at, left) if left else clock.due_at
    kept = [_until(piece, at, old) for piece in clock.segments if piece.starts_at < at]
    rest = pieces(Stretch(at, None, name, new, (), cause), due)
    return replace(clock, due_at=due, segments=(*kept, *rest))


def _until(piece: Segment, at: datetime, old: BusinessCalendar) -> Segment:
    if piece.ends_at is not None and piece.ends_at <= at:
        return piece
    if piece.why is not Why.CLOSED:
        return replace(piece, ends_at=at)
    return replace(piece, ends_at=at, holidays=tuple(old.holidays_between(piece.starts_at, at)))

"""A stored clock as it stood at an instant, without what came later: a review of a past month says what it said as that ended."""

from copy import copy
from datetime import datetime

from support.clocks.verdicts import Attribution, ClockState, Verdict, Why
from support.models import Clock


def as_of(clock: Clock, at: datetime) -> Clock:
    """Of one that had fallen due by then: itself, or where it was stopped later a copy that still runs.

    That a change of priority made it late was known when that was made.
    """
    if clock.stopped_at is None or clock.stopped_at <= at:
        return clock
    then = copy(clock)
    then.state, then.stopped_at = ClockState.RUNNING, None
    pieces = [piece for piece in clock.detail["segments"] if piece["why"] != Why.OVERDUE]
    then.detail = {**clock.detail, "segments": pieces}
    if clock.attributed_to != Attribution.RECLASSIFICATION:
        then.verdict, then.attributed_to = Verdict.PENDING, ""
    return then

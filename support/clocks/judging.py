"""A duty turned into the clock that is shown: its deadline, its verdict, and whose a miss is."""

from dataclasses import dataclass
from datetime import datetime

from support.clocks.book import Book
from support.clocks.deadline import due_at, segments
from support.clocks.events import Cause
from support.clocks.instance import ClockInstance
from support.clocks.terms import ClockKind, Owes, WaitReason
from support.clocks.track import Duty, Track
from support.clocks.verdicts import Attribution, ClockState, Verdict
from support.clocks.waits import CUSTOMERS, Wait

SPEAKING = frozenset({ClockKind.RESPONSE, ClockKind.UPDATE})  # to speak, the provider needs nobody else


@dataclass(frozen=True, slots=True)
class Ending:
    at: datetime
    state: ClockState
    cause: Cause


def clock(
    book: Book, track: Track, duty: Duty, waits: tuple[Wait, ...], ending: Ending | None = None
) -> ClockInstance:
    """The clock of a duty that has a target. An open one is the same whenever it is looked at: only events change it."""
    cut = max(ending.at, duty.started_at) if ending else None
    stretches = track.stretches(book, duty, waits, cut)
    due = due_at(duty.promise, stretches)
    verdict = _verdict(duty, due, cut, ending)
    return ClockInstance(
        subject=track.subject,
        kind=duty.kind,
        cycle=duty.cycle,
        revision=duty.revision,
        owed_by=duty.promise.owed_by,
        service=track.conditions_until(cut)[-1].service,
        priority=duty.priority,
        target=duty.promise,
        started_at=duty.started_at,
        due_at=due,
        state=ending.state if ending else ClockState.RUNNING if due else ClockState.PAUSED,
        verdict=verdict,
        attributed_to=_attribution(track, duty, waits, due) if verdict is Verdict.MISSED else None,
        stopped_at=cut,
        segments=segments(stretches, due, cut),
        opened_by=duty.opened_by,
        closed_by=ending.cause if ending else None,
    )


def _verdict(duty: Duty, due: datetime | None, cut: datetime | None, ending: Ending | None) -> Verdict:
    """Stopped at or before the due instant is met; closed after it, in whatever way, is missed."""
    if duty.unjudged:
        return Verdict.UNJUDGED
    if duty.reclassified:
        return Verdict.MISSED
    if ending is None:
        return Verdict.PENDING
    if due and cut and due < cut:
        return Verdict.MISSED
    return Verdict.MET if ending.state is ClockState.STOPPED else Verdict.UNJUDGED


def _attribution(track: Track, duty: Duty, waits: tuple[Wait, ...], due: datetime | None) -> Attribution:
    """Whose a miss is: what the ticket waited for when it fell due says so, except where the provider had to speak."""
    if duty.reclassified:
        return Attribution.RECLASSIFICATION
    if duty.promise.owed_by is Owes.CUSTOMER:
        return Attribution.CUSTOMER_WAIT
    if duty.promise.owed_by is Owes.VENDOR:
        return Attribution.VENDOR
    if duty.kind in SPEAKING or due is None:
        return Attribution.PROVIDER
    reasons = {wait.reason for wait in waits if wait.concerns(track.subject) and wait.covers(due)}
    if reasons & CUSTOMERS:
        return Attribution.CUSTOMER_WAIT
    return Attribution.VENDOR if WaitReason.VENDOR in reasons else Attribution.PROVIDER

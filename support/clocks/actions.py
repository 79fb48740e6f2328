"""The effects of the vocabulary, carried out on the duties of a ticket and what is on it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from support.clocks import facts
from support.clocks.deadline import due_at
from support.clocks.effects import Action, Effect, Kind, When
from support.clocks.events import ActorKind, FoldError
from support.clocks.pausing import answer, pause, release, resume
from support.clocks.terms import Base, ClockKind, ServiceTerms, Target
from support.clocks.track import Duty, Track
from support.clocks.verdicts import Attribution, ClockState, Verdict
from support.clocks.vocabulary import FOLDED
from support.clocks.work import Work

REPEATED = frozenset({ClockKind.UPDATE, ClockKind.CUSTOMER_UPDATE})

BEGINNINGS = frozenset({"ticket.opened", "ticket.reopened"})
PARTIES = frozenset({"customer", "partner"})
ON_ITS_WAY = frozenset({"created", "approvalPending", "approved", "activating"})


def act(work: Work, kind: Kind) -> None:
    """Carries out what the vocabulary says of this kind of event, in its order."""
    for effect in kind.effects:
        if not holds(work, effect.when):
            continue
        if ticket_action := ON_TICKET.get(effect.action):
            ticket_action(work)
        elif track_action := ON_TRACK.get(effect.action):
            for track in work.reached(kind.reach):
                track_action(work, track, effect)


def holds(work: Work, when: When) -> bool:
    """Whether the condition of an effect is met; whether a target changed is asked of each duty."""
    match when, work.facts:
        case When.PERSON, facts.MessageSent() as said:
            return work.event.actor is ActorKind.STAFF and said.to in PARTIES and not said.automatic
        case When.PERSON, facts.MessageReceived() as said:
            return said.sender in PARTIES and not said.automatic
        case When.CONNECTED, facts.Call() as said:
            return said.connected
        case When.ACCEPTABLE, facts.Workaround() as said:
            return said.accepted is not False
        case When.LOSER, facts.Merged() as said:
            return not said.survives
        case When.PROCESSING, facts.Gdap() as said:
            return said.status in ON_ITS_WAY
        case When.SETTLED, facts.Gdap() as said:
            return said.status not in ON_ITS_WAY
        case When.CHANGED, facts.Level() as said:
            return said.level != work.level_before
        case When.NEWLY_COVERED, _:
            return work.newly_covered
    return when in (When.ALWAYS, When.TARGET_CHANGED)


def start(work: Work, track: Track, effect: Effect) -> None:
    if not track.covered or track.ended:
        return
    for kind in FOLDED:
        if kind in effect.kinds and kind not in track.duties:
            work.owe(track, kind, work.at)


def stop(work: Work, track: Track, effect: Effect) -> None:
    """Judged at this instant; a cycle that began in it was owed nothing yet, so it is neither met nor missed."""
    for duty in _open(work, track, effect):
        just_begun = duty.cycle > 1 and duty.kind in REPEATED and duty.started_at == work.at
        work.close(track, duty.kind, ClockState.CANCELLED if just_begun else ClockState.STOPPED)


def cancel(work: Work, track: Track, effect: Effect) -> None:
    for duty in _open(work, track, effect):
        work.close(track, duty.kind, ClockState.CANCELLED)


def respond(work: Work, track: Track, effect: Effect) -> None:
    for duty in _open(work, track, effect):
        work.close(track, duty.kind, ClockState.STOPPED)
        work.owe(track, ClockKind.TROUBLESHOOT, work.at)


def begin_next(work: Work, track: Track, effect: Effect) -> None:
    for duty in _open(work, track, effect):
        if duty.target:
            work.close(track, duty.kind, ClockState.STOPPED)
            work.owe(track, duty.kind, work.at)


def replace_target(work: Work, track: Track, effect: Effect) -> None:
    """The new target from the old start, with the old waits; one that is past already is the reclassification's miss."""
    for duty in _open(work, track, effect):
        if duty.target == track.target(work.book, duty.kind):
            if not _is_past(work, track, duty):  # what was missed was missed under the level that it had
                track.duties[duty.kind] = replace(duty, priority=track.priority)
            continue
        work.close(track, duty.kind, ClockState.REPLACED)
        track.owe(work.book, replace(duty, opened_by=work.cause, reclassified=False))
        _mark_reclassified(work, track, track.duties[duty.kind])


def promise(work: Work, track: Track, effect: Effect) -> None:
    """To the instant that was said, waits aside: what was promised before is replaced, and missed where it was past."""
    promised_at = work.said(facts.Commitment).promised_at
    if promised_at is None or promised_at <= work.at:
        raise FoldError(f"{work.event.kind}: no later instant was promised")
    for kind in effect.kinds:
        old = track.duties.get(kind)
        if old:
            work.close(track, kind, ClockState.REPLACED)
        minutes = -((work.at - promised_at) // timedelta(minutes=1))
        target = Target(kind, Base.ELAPSED, minutes, promised_at=promised_at)
        track.take(old.again(work.at, work.cause) if old else Duty(kind, work.at, work.cause), target)


def restart(work: Work, track: Track, effect: Effect) -> None:
    for duty in _open(work, track, effect):
        if effect.when is When.TARGET_CHANGED and duty.target == track.target(work.book, duty.kind):
            continue
        # The first level that a ticket gets is no change: its updates are owed from the opening on.
        since = work.at if work.level_before else duty.started_at
        work.close(track, duty.kind, ClockState.REPLACED)
        work.owe(track, duty.kind, since)


def arm(work: Work, track: Track, effect: Effect) -> None:
    """From the opening or reopening on. Another priority asks for another time, and a raised one is told of once more."""
    if work.event.kind in BEGINNINGS:
        track.alarmed_since, track.alarmed_by = work.at, work.event.seq
    elif track.covered and _raised(work, track):
        track.alarmed_by = work.event.seq


def disarm(work: Work, track: Track, effect: Effect) -> None:
    track.alarmed_since = None


def correct(work: Work) -> None:
    """Sets the verdict of one closed clock; FoldError when there is none of that key."""
    said = work.said(facts.Correction)
    for i, clock in enumerate(work.closed):
        if clock.key == said.clock:
            missed = said.verdict is Verdict.MISSED
            blamed = clock.attributed_to or Attribution.PROVIDER if missed else None
            work.closed[i] = replace(
                clock, verdict=said.verdict, attributed_to=blamed, corrected_by=work.cause
            )
            return
    raise FoldError(f"clock.corrected: {said.clock} is not a closed clock of this ticket")


def _open(work: Work, track: Track, effect: Effect) -> Iterator[Duty]:
    """The duties that the effect is about and, where it depends on the service, that the service ends this way."""
    for kind in FOLDED:
        duty = track.duties.get(kind)
        if duty and kind in effect.kinds and _named(work, track, effect, kind):
            yield duty


def _named(work: Work, track: Track, effect: Effect, kind: ClockKind) -> bool:
    return not effect.by or effect.by in ENDED_BY[kind](work.book.service(track.now.service))


def _raised(work: Work, track: Track) -> bool:
    ranks = {step.code: step.rank for step in work.book.service(track.now.service).priorities}
    before, now = ranks.get(work.level_before), ranks.get(track.priority)
    return before is not None and now is not None and now < before


def _mark_reclassified(work: Work, track: Track, duty: Duty) -> None:
    if not duty.target or not work.level_before:
        return
    track.duties[duty.kind] = replace(duty, reclassified=_is_past(work, track, duty))


def _is_past(work: Work, track: Track, duty: Duty) -> bool:
    """Whether its due instant has come."""
    if not duty.target:
        return False
    due = due_at(duty.target, track.stretches(work.book, duty, tuple(work.waits), None))
    return due is not None and due <= work.at


ENDED_BY: Mapping[ClockKind, Callable[[ServiceTerms], frozenset[str]]] = {
    ClockKind.RESPONSE: lambda terms: terms.response_by,
    ClockKind.UPDATE: lambda terms: terms.update_by,
    ClockKind.FIX: lambda terms: terms.fix_by,
}
ON_TICKET: Mapping[Action, Callable[[Work], None]] = {
    Action.PAUSE: pause,
    Action.RESUME: resume,
    Action.ANSWER: answer,
    Action.RELEASE: release,
    Action.CORRECT: correct,
}
ON_TRACK: Mapping[Action, Callable[[Work, Track, Effect], None]] = {
    Action.START: start,
    Action.STOP: stop,
    Action.CANCEL: cancel,
    Action.RESPOND: respond,
    Action.NEXT: begin_next,
    Action.REPLACE: replace_target,
    Action.PROMISE: promise,
    Action.RESTART: restart,
    Action.ARM: arm,
    Action.DISARM: disarm,
}

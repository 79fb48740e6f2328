"""Waits that events start and end."""

from collections.abc import Callable
from dataclasses import replace

from support.clocks import facts
from support.clocks.events import FoldError
from support.clocks.terms import Subject, WaitReason
from support.clocks.waits import Wait
from support.clocks.work import Work


def pause(work: Work) -> None:
    """Starts the wait that the event tells of; FoldError when a wait with that id is there already, or would be over."""
    wait = _wait(work)
    if wait.until is not None and wait.until <= work.at:
        raise FoldError(f"wait {wait.id} would be over before it starts")
    if any(known.id == wait.id and known.ended_at is None for known in work.waits):
        if work.event.kind == "wait.started":
            raise FoldError(f"wait {wait.id} has started already")
        return
    work.waits.append(wait)


def resume(work: Work) -> None:
    """Ends that wait; one that has ended already (by a reply, say) stays as it was. FoldError when it never began."""
    name = _wait_id(work)
    if work.event.kind == "wait.ended" and all(wait.id != name for wait in work.waits):
        raise FoldError(f"wait {name} has never started")
    _end(work, lambda wait: wait.id == name)


def answer(work: Work) -> None:
    """The customer spoke: ends the waits for the customer that a reply ends."""
    _end(work, lambda wait: wait.reason is WaitReason.CUSTOMER and wait.ends_on_reply and _within(work, wait))


def release(work: Work) -> None:
    """Ends every wait of the ticket, or of the engagement that the event is about."""
    _end(work, lambda wait: _within(work, wait))


def _wait(work: Work) -> Wait:
    match work.facts:
        case facts.WaitStarted() as said:
            return Wait(
                str(said.id),
                work.event.subject,
                said.reason,
                work.at,
                announced_in_time=said.announced_in_time,
                ends_on_reply=said.ends_on_reply,
                wake_at=said.wake_at,
                until=said.until,
            )
        case facts.Offer():
            return Wait(_wait_id(work), work.event.subject, WaitReason.APPROVAL, work.at)
        case _:
            return Wait(_wait_id(work), work.event.subject, WaitReason.GDAP, work.at)


def _wait_id(work: Work) -> str:
    match work.facts:
        case facts.WaitEnded() as said:
            return str(said.id)
        case facts.Offer() as said:
            return f"offer:{said.offer}"
        case _:
            return f"gdap:{work.event.subject}"


def _within(work: Work, wait: Wait) -> bool:
    return work.event.subject.kind is not Subject.ENGAGEMENT or wait.subject == work.event.subject


def _end(work: Work, ends: Callable[[Wait], bool]) -> None:
    for i, wait in enumerate(work.waits):
        if wait.ended_at is None and ends(wait):
            work.waits[i] = replace(wait, ended_at=max(work.at, wait.started_at))

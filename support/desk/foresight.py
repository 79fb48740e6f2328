"""What an event would do to every clock of a ticket: the timeline folded with it and without it. Nothing is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from support import folding, saying, timeline
from support.clocks.events import ActorKind, Event, SubjectRef
from support.clocks.fold import fold
from support.clocks.instance import ClockInstance
from support.clocks.terms import Subject
from support.clocks.verdicts import Verdict
from support.explaining.words import KINDS
from support.models import Ticket


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of clock: when it is due now, when it would be, and what that means. Both are "" where there is none."""

    name: str
    now: str
    then: str
    words: str
    bad: bool = False

    @property
    def same(self) -> bool:
        return self.now == self.then and not self.bad


def foresee(ticket: Ticket, kind: str, *, at: datetime, **facts: Any) -> list[Change]:
    """The ticket's own clocks that are open before or after, in the order of the page; instants in the reader's zone."""
    events = folding.events_of(ticket)
    event = Event(
        seq=(events[-1].seq if events else 0) + 1,
        kind=kind,
        version=timeline.VERSION,
        subject=SubjectRef(Subject.TICKET, ticket.pk),
        at=max(at, ticket.changed_at),
        facts=timeline.plain(kind, facts),
        actor=ActorKind.STAFF,
    )
    book = folding.book_for([*events, event])
    before = _open(fold(book, events, folding.END_OF_TIME))
    after = _open(fold(book, [*events, event], folding.END_OF_TIME))
    return list(_changes(before, after, at))


def _open(clocks: list[ClockInstance]) -> dict[str, ClockInstance]:
    """The open clock of each kind; what is about an engagement or a case is not the ticket's."""
    return {clock.kind: clock for clock in clocks if clock.open and clock.subject.kind is Subject.TICKET}


def _changes(before: dict, after: dict, at: datetime) -> Iterator[Change]:
    for kind, name in KINDS.items():
        if kind in before or kind in after:
            yield _change(f"{name}", before.get(kind), after.get(kind), at)


def _change(name: str, now: ClockInstance | None, then: ClockInstance | None, at: datetime) -> Change:
    due_now, due_then = _due(now, at), _due(then, at)
    if then is None:
        return Change(name, due_now, "", _("Ends: nothing of the kind is promised then."))
    if then.verdict is Verdict.MISSED and (now is None or now.verdict is not Verdict.MISSED):
        words = _("Missed at once: that time has passed. It is counted apart, as the change’s doing.")
        return Change(name, due_now, due_then, words, bad=True)
    if now is None:
        return Change(name, "", due_then, _("Begins, and counts from the opening."))
    if now.due_at == then.due_at and now.key == then.key:
        return Change(name, due_now, due_then, _("Stays as it is."))
    if then.started_at != now.started_at:
        return Change(name, due_now, due_then, _("Begins anew with the change."))
    if then.key == now.key:
        return Change(name, due_now, due_then, _("Goes on: what is left counts in other hours."))
    return Change(name, due_now, due_then, _("Counts from its old start, with its waits."))


def _due(clock: ClockInstance | None, at: datetime) -> str:
    if clock is None:
        return ""
    return saying.here(clock.due_at, at) if clock.due_at else _("not knowable while it waits")

"""Waits: who or what a ticket waits for, from when to when, and which clocks that stops."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from support.clocks.events import SubjectRef
from support.clocks.terms import Subject, WaitReason

CUSTOMERS = frozenset({WaitReason.CUSTOMER, WaitReason.APPROVAL, WaitReason.GDAP, WaitReason.SITE_ACCESS})


@dataclass(frozen=True, slots=True)
class Wait:
    """`ended_at` is None while the ticket waits, at `until` at the latest. Of `maintenance` only one announced in time
    stops anything."""

    id: str
    subject: SubjectRef
    reason: WaitReason
    started_at: datetime
    ended_at: datetime | None = None
    announced_in_time: bool = False
    ends_on_reply: bool = False
    wake_at: datetime | None = None
    until: datetime | None = None

    def lapsed(self, at: datetime) -> "Wait":
        """As it stands at that instant: over since `until`, where that has passed and nobody ended it before."""
        over = self.ended_at is None and self.until is not None and self.until <= at
        return replace(self, ended_at=self.until) if over else self

    def covers(self, at: datetime) -> bool:
        return self.started_at <= at and (self.ended_at is None or at < self.ended_at)

    def concerns(self, subject: SubjectRef) -> bool:
        """A wait of the ticket concerns all that is on it; an engagement's own, that engagement and the ticket."""
        return self.subject == subject or Subject.TICKET in (self.subject.kind, subject.kind)

    def stops(self, reasons: frozenset[WaitReason]) -> bool:
        """Whether it stops a clock that these reasons stop."""
        announced = self.reason is not WaitReason.MAINTENANCE or self.announced_in_time
        return announced and self.reason in reasons


@dataclass(frozen=True, slots=True)
class Pause:
    """Waits that overlap or touch, as one; `end` is None while the last of them is open."""

    begin: datetime
    end: datetime | None
    waits: tuple[Wait, ...]


def union(waits: Iterable[Wait], begin: datetime, end: datetime | None) -> list[Pause]:
    """The waits inside [begin, end), joined where they overlap or touch, in order; `end` None is open."""
    joined: list[Pause] = []
    for wait in sorted(waits, key=lambda wait: wait.started_at):
        since, until = max(wait.started_at, begin), earlier(wait.ended_at, end)
        if until is not None and until <= since:
            continue
        last = joined[-1] if joined else None
        if last and (last.end is None or since <= last.end):
            later = None if last.end is None or until is None else max(last.end, until)
            joined[-1] = Pause(last.begin, later, (*last.waits, wait))
        else:
            joined.append(Pause(since, until, (wait,)))
    return joined


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two ends, where None is never."""
    if one is None or other is None:
        return one or other
    return min(one, other)

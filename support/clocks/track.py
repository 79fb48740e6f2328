"""What one subject owes: the terms it is under, over time, and a duty for each kind of clock that is not done yet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from support.clocks.book import AROUND_THE_CLOCK, Book
from support.clocks.deadline import Stretch
from support.clocks.events import Cause, FoldError, SubjectRef
from support.clocks.terms import Base, ClockKind, Deployment, Target, WaitReason
from support.clocks.waits import Wait, union


@dataclass(frozen=True, slots=True)
class Condition:
    """What a subject's clocks run under from `since` on. `around_the_clock` kinds run 24×7 whatever their calendar."""

    since: datetime
    service: str
    calendars: Mapping[str, str]
    around_the_clock: frozenset[ClockKind]
    cause: Cause

    def calendar_for(self, target: Target) -> str:
        if target.base is Base.ELAPSED or target.kind in self.around_the_clock:
            return AROUND_THE_CLOCK
        try:
            return self.calendars[target.calendar]
        except KeyError:
            raise FoldError(f"{self.service}: calendar {target.calendar!r} is not pinned") from None


@dataclass(frozen=True, slots=True)
class Duty:
    """Something owed since `started_at`; without a `target` no clock counts it. `cycle` is 0 before its first clock."""

    kind: ClockKind
    started_at: datetime
    opened_by: Cause
    target: Target | None = None
    priority: str = ""
    cycle: int = 0
    revision: int = 0
    reclassified: bool = False
    unjudged: bool = False

    def again(self, at: datetime, cause: Cause) -> "Duty":
        """The same cycle, begun anew."""
        return replace(self, started_at=at, opened_by=cause, reclassified=False)

    @property
    def promise(self) -> Target:
        """The target of a duty that a clock counts."""
        assert self.target is not None
        return self.target


@dataclass(slots=True)
class Track:
    """A ticket's or an engagement's terms and open duties. `cycles` is the last cycle used, per kind; `alarmed_since` is
    the opening, or the last reopening, while there is neither workaround nor fix, and `alarmed_by` the event that began
    the cycle in which management is told once: that one, or the last since that raised the level."""

    subject: SubjectRef
    covered: bool
    priority: str
    deployment: Deployment | None
    unjudged: frozenset[ClockKind]
    ended: bool = False
    alarmed_since: datetime | None = None
    alarmed_by: int = 0
    conditions: tuple[Condition, ...] = ()
    duties: dict[ClockKind, Duty] = field(default_factory=dict)
    cycles: dict[ClockKind, int] = field(default_factory=dict)

    def copy(self) -> "Track":
        return replace(self, duties=dict(self.duties), cycles=dict(self.cycles))

    @property
    def now(self) -> Condition:
        return self.conditions[-1]

    def target(self, book: Book, kind: ClockKind) -> Target | None:
        """What the service promises here and now; None where it promises nothing of the kind."""
        if not self.covered or not self.priority:
            return None
        try:
            target = book.service(self.now.service).priority(self.priority).targets.get(kind)
        except KeyError as unknown:
            raise FoldError(str(unknown.args[0])) from None
        reached = frozenset({self.deployment} if self.deployment else Deployment)
        return target if target and reached <= target.deployments else None

    def owe(self, book: Book, duty: Duty) -> None:
        """Takes on the duty under the target in force."""
        self.take(duty, self.target(book, duty.kind))

    def take(self, duty: Duty, target: Target | None) -> None:
        """Takes on the duty under this target: the next cycle, or the next revision of the cycle it is in."""
        if target and duty.cycle:
            duty = replace(duty, revision=duty.revision + 1)
        elif target:
            self.cycles[duty.kind] = self.cycles.get(duty.kind, 0) + 1
            duty = replace(duty, cycle=self.cycles[duty.kind], revision=1)
        self.duties[duty.kind] = replace(duty, target=target, priority=self.priority)

    def conditions_until(self, cut: datetime | None) -> tuple[Condition, ...]:
        """Those that a clock closed at `cut` ran under: what came in force at that instant is for its successor."""
        if cut is None:
            return self.conditions
        return self.conditions[:1] + tuple(c for c in self.conditions[1:] if c.since < cut)

    def stretches(
        self, book: Book, duty: Duty, waits: tuple[Wait, ...], cut: datetime | None
    ) -> list[Stretch]:
        """The life of a clock, one piece for each calendar it ran under; open waits end at `cut`, where one is given."""
        pieces = list(self._pieces(book, duty, self.conditions_until(cut)))
        ends = [following[0] for _, following in pairwise(pieces)]
        mine = [wait for wait in waits if wait.concerns(self.subject)]
        found = []
        for (begin, name, reasons, cause), end in zip(pieces, [*ends, None], strict=True):
            pauses = union((wait for wait in mine if wait.stops(reasons)), begin, end or cut)
            found.append(Stretch(begin, end, name, book.calendar(name), pauses, cause))
        return found

    def _pieces(
        self, book: Book, duty: Duty, conditions: tuple[Condition, ...]
    ) -> Iterator[tuple[datetime, str, frozenset[WaitReason], Cause | None]]:
        # A condition that changes nothing for this kind must not cut: a business day would be turned into minutes.
        first = max((i for i, c in enumerate(conditions) if c.since <= duty.started_at), default=0)
        known = None
        for condition in conditions[first:]:
            reasons = book.stops(condition.service, duty.kind)
            under = (condition.calendar_for(duty.promise), reasons)
            if under != known:
                cause = condition.cause if known else None
                yield max(condition.since, duty.started_at), *under, cause
            known = under

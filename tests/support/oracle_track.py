"""The clocks of one subject by the written rules, worked out minute by minute and not by the engine.

Rules are quoted by their number on the specification's page of clocks; the others are in docs/clocks.md.
"""

from dataclasses import dataclass, field
from itertools import chain, count, repeat

from tests.support.minute_counting import Moment, Target, due, stops, target

UPDATES = ("update", "customer_update")
WORK = ("troubleshoot", "fix", "vendor_response")  # what other hours of work concern
NOT_THE_PROVIDERS = {
    "customer_update": "customer_wait",
    "customer_answer": "customer_wait",
    "vendor_response": "vendor",
    "dispatch": "vendor",
}
AWAITED = frozenset({"customer", "approval", "gdap", "site_access"})
NOTHING_SPECIAL = Moment(frozenset(), False)


@dataclass
class Clock:
    """One row; `due_at` is filled in once nothing can move it any more."""

    kind: str
    cycle: int
    revision: int
    promise: Target
    stopped_by: frozenset[str]
    started_at: int
    state: str = "running"
    verdict: str = "pending"
    due_at: int | None = None
    stopped_at: int | None = None
    attributed_to: str | None = None


@dataclass
class Track:
    """The clocks of one subject, and for each minute since it began what held in it.

    `owed` are the kinds that the subject is owed at all, with or without a target at its present priority, each with
    the minute from which it counts and its cycle.
    """

    subject: str
    began: int
    service: str = ""
    priority: str = ""
    deployment: str = ""
    present: Moment = NOTHING_SPECIAL
    over: bool = False
    past: list[Moment] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    owed: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def now(self) -> int:
        return self.began + len(self.past)

    def live_until(self, minute: int) -> None:
        for _ in range(self.now, minute):
            self.past.append(self.present)

    def running(self, kind: str) -> Clock | None:
        return next((clock for clock in self.clocks if clock.kind == kind and clock.stopped_at is None), None)

    def due(self, clock: Clock, ahead: Moment) -> int | None:
        """When it falls due if it stays as `ahead` says; None where that keeps it from ever being due."""
        if clock.due_at is not None:
            return clock.due_at
        goes_on = clock.stopped_by.isdisjoint(ahead.waiting)
        future = repeat(ahead) if goes_on else repeat(ahead, 1)
        moments = chain(self.past[clock.started_at - self.began :], future)
        passed = zip(count(clock.started_at), moments, strict=False)
        return due(clock.promise, clock.stopped_by, clock.kind in WORK, passed)

    def owe(self, *kinds: str) -> None:
        """A cycle of each begins now, where none is open."""
        for kind in kinds:
            if kind not in self.owed:
                self._begin(kind)

    def stop(self, *kinds: str) -> bool:
        """Judge what runs of these kinds; whether one of them was owed."""
        owed = [self.owed.pop(kind) for kind in kinds if kind in self.owed]
        for clock in filter(None, map(self.running, kinds)):
            self._close(clock, "stopped")
        return bool(owed)

    def end(self, *kinds: str) -> None:
        """As `stop`, but a cycle of updates that begins in the instant of the end was owed nothing."""
        for clock in filter(None, map(self.running, UPDATES)):
            if clock.kind in kinds and clock.cycle > 1 and clock.started_at == self.now:
                self.cancel(clock.kind)
        self.stop(*kinds)

    def cancel(self, *kinds: str) -> None:
        """These kinds, or all."""
        for clock in self.clocks:
            if clock.stopped_at is None and (not kinds or clock.kind in kinds):
                self._close(clock, "cancelled")
        self.owed = {kind: since for kind, since in self.owed.items() if kinds and kind not in kinds}

    def next(self, kind: str) -> None:
        """Rule 5: each update starts the next full interval from that instant."""
        if self.stop(kind):
            self._begin(kind)

    def restart(self, kind: str) -> None:
        """Rule 4: update cycles start anew at the change."""
        if kind in self.owed:
            if clock := self.running(kind):
                self._close(clock, "replaced")
            self._begin(kind)

    def replace(self, kind: str) -> None:
        """Rule 4: the new target, the old start and the old waits; already past, it is the reclassification's miss."""
        old, promise = self.running(kind), self._target(kind)
        if kind not in self.owed or (old and old.promise == promise):
            return
        if old:
            self._close(old, "replaced")
        if promise:
            new = self._row(kind, promise, self.owed[kind][0])
            when = self.due(new, self.present)
            if when is not None and when <= self.now:
                new.due_at, new.verdict, new.attributed_to = when, "missed", "reclassification"

    def promise(self, until: int) -> None:
        """Another promise takes the place of the one that runs; earlier waits do not move it."""
        if old := self.running("committed"):
            self._close(old, "replaced")
        self.owed.setdefault("committed", (self.now, self._next_cycle("committed")))
        self._row("committed", Target(until - self.now), self.now)

    def _begin(self, kind: str) -> None:
        self.owed[kind] = (self.now, self._next_cycle(kind))
        if promise := self._target(kind):
            self._row(kind, promise, self.now)

    def _target(self, kind: str) -> Target | None:
        return target(self.service, self.priority, kind, self.deployment) if self.service else None

    def _next_cycle(self, kind: str) -> int:
        return max((clock.cycle for clock in self.clocks if clock.kind == kind), default=0) + 1

    def _row(self, kind: str, promise: Target, start: int) -> Clock:
        cycle = self.owed[kind][1]
        before = sum(1 for clock in self.clocks if (clock.kind, clock.cycle) == (kind, cycle))
        clock = Clock(kind, cycle, before + 1, promise, stops(self.service, kind), start)
        self.clocks.append(clock)
        return clock

    def _close(self, clock: Clock, state: str) -> None:
        """At the due instant is in time. Of a clock that ends in a wait, it is due as if the wait had ended there too.

        Hours of work that were switched in this very minute are those of what comes after it.
        """
        last = self.past[-1].around_the_clock if self.past else False
        clock.due_at = self.due(clock, Moment(frozenset(), last))
        clock.stopped_at, clock.state = self.now, state
        if clock.verdict != "missed" and self.now > clock.due_at:
            clock.verdict, clock.attributed_to = "missed", self._whose_miss(clock)
        elif clock.verdict != "missed":
            clock.verdict = "met" if state == "stopped" else "unjudged"

    def _whose_miss(self, clock: Clock) -> str:
        """Rule 1 names whose it may be; who was awaited when it fell due says so, the customer before the vendor.

        To respond and to send an update, which stop for nothing (rule 7), the provider needed neither of them.
        """
        if clock.kind in NOT_THE_PROVIDERS:
            return NOT_THE_PROVIDERS[clock.kind]
        waiting = self.past[clock.due_at - self.began].waiting
        if clock.kind in ("response", "update"):
            return "provider"
        if waiting & AWAITED:
            return "customer_wait"
        return "vendor" if "vendor" in waiting else "provider"

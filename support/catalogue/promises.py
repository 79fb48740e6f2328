"""The scale of a service and what it promises on each step of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from support.catalogue.amounts import Share, Span, Unit
from support.catalogue.notes import Item
from support.catalogue.problems import Flaw
from support.clocks.terms import Base, ClockKind, Deployment, Owes, Priority, Target

EVERYWHERE = (Deployment.CLOUD, Deployment.ON_PREMISES)
BY_CUSTOMER = {ClockKind.CUSTOMER_UPDATE, ClockKind.CUSTOMER_ANSWER}
BY_VENDOR = {ClockKind.VENDOR_RESPONSE, ClockKind.DISPATCH}


class Party(StrEnum):
    CUSTOMER = "customer"
    PROVIDER = "provider"


class Channel(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    PORTAL = "portal"
    CHAT = "chat"


class Hours(StrEnum):
    CONTINUOUS = "continuous"
    BUSINESS = "business"


class Measure(StrEnum):
    """What an objective is over: a kind of clock, or what is counted outside tickets."""

    RESPONSE = "response"
    TROUBLESHOOT = "troubleshoot"
    UPDATE = "update"
    CUSTOMER_UPDATE = "customer_update"
    CUSTOMER_ANSWER = "customer_answer"
    FIX = "fix"
    COMMITTED = "committed"
    VENDOR_RESPONSE = "vendor_response"
    DISPATCH = "dispatch"
    PHONE_ANSWER = "phone_answer"
    CHAT_ANSWER = "chat_answer"
    AVAILABILITY = "availability"


ANSWERS = {Measure.PHONE_ANSWER, Measure.CHAT_ANSWER}
UNCLOCKED = {*ANSWERS, Measure.AVAILABILITY}


@dataclass(frozen=True, slots=True)
class Promise:
    """One target as a document states it; for a repeated kind, such as updates, `within` is the interval."""

    within: Span
    section: str
    calendar: str = ""
    owed_by: Owes = Owes.PROVIDER
    deployments: tuple[Deployment, ...] = EVERYWHERE
    reading: str = ""

    def target(self, kind: ClockKind) -> Target:
        amount, where = self.within.amount, frozenset(self.deployments)
        return Target(kind, self.within.base, amount, self.calendar, self.owed_by, where)

    def flaws(self) -> Iterator[Flaw]:
        yield from span_flaws(self.within, self.calendar, "within")
        if not self.deployments:
            yield "deployments", "must name at least one deployment, or be left out to mean all."


@dataclass(frozen=True, slots=True)
class Alarm:
    """Management is told when there is neither workaround nor fix after this long; a plan does not disarm it."""

    after: Span
    section: str
    calendar: str = ""
    reading: str = ""

    def target(self) -> Target:
        """Counted as a fix is."""
        return Target(ClockKind.FIX, self.after.base, self.after.amount, self.calendar)

    def flaws(self) -> Iterator[Flaw]:
        yield from span_flaws(self.after, self.calendar, "after")


@dataclass(frozen=True, slots=True)
class Effort:
    """The hours in which work goes on, and those that an escalation can reach."""

    hours: Hours
    section: str
    calendar: str = ""
    escalated: Hours | None = None
    notified: str = ""

    def flaws(self) -> Iterator[Flaw]:
        if (Hours.BUSINESS in (self.hours, self.escalated)) != bool(self.calendar):
            yield "calendar", "effort in business hours names its calendar, and continuous effort names none."


@dataclass(frozen=True, slots=True)
class Step:
    """One priority. Without `channels`, any channel of the service may report it; rank 1 is the most urgent.

    `notified` are those above the desk who learn of such a ticket as soon as there is one.
    """

    code: str
    name: str
    rank: int
    meaning: str
    section: str
    declared_by: tuple[Party, ...] = (Party.CUSTOMER, Party.PROVIDER)
    channels: tuple[Channel, ...] = ()
    targets: Mapping[ClockKind, Promise] = field(default_factory=dict)
    management: Alarm | None = None
    effort: Effort | None = None
    customer_duty: str = ""
    notified: str = ""
    examples: tuple[Item, ...] = ()
    not_examples: tuple[Item, ...] = ()

    @property
    def provider_only(self) -> bool:
        return self.declared_by == (Party.PROVIDER,)

    def priority(self) -> Priority:
        targets = {kind: promise.target(kind) for kind, promise in self.targets.items()}
        return Priority(
            self.code, self.name, self.rank, targets, self.management.target() if self.management else None
        )

    def flaws(self) -> Iterator[Flaw]:
        if self.rank < 1:
            yield "rank", "must be 1 or more; 1 is the most urgent."
        if not self.declared_by:
            yield "declared_by", "must name who may declare this priority."
        for kind, promise in self.targets.items():
            owner = _owner(kind)
            if promise.owed_by is not owner:
                yield f"targets.{kind}.owed_by", f"a {kind} clock is owed by the {owner}."


@dataclass(frozen=True, slots=True)
class Objective:
    """The share of tickets, answers or time that must meet the target in a review period.

    Where the measure is a kind of clock, each ticket's own verdict is judged, and `within` is only what the document
    prints; it decides for phone and chat answers, the only ones in seconds.
    """

    measure: Measure
    share: Share
    section: str
    within: Span | None = None
    deployments: tuple[Deployment, ...] = EVERYWHERE
    counted: str = ""
    reading: str = ""

    def flaws(self) -> Iterator[Flaw]:
        if self.measure in ANSWERS and self.within is None:
            yield "within", f"an objective over {self.measure} must say within what time."
        if self.measure is Measure.AVAILABILITY and self.within is not None:
            yield "within", "availability is a share of time; it has no time to keep."
        if self.measure not in ANSWERS and self.within and self.within.unit is Unit.SECONDS:
            yield "within", "only phone and chat answers are counted in seconds."


@dataclass(frozen=True, slots=True)
class Assessment:
    """Who settles the priority, and which one holds until then.

    `default` holds when nobody named one, `not_agreed` when the parties differ, `urged_by` may raise a ticket's
    place in the queue, `statement` asks for a written business impact with every change.
    """

    decided_by: str
    default: str
    section: str
    not_agreed: str = ""
    changed_by: tuple[Party, ...] = (Party.PROVIDER,)
    statement: bool = False
    urged_by: str = ""
    reading: str = ""


def span_flaws(span: Span, calendar: str, key: str) -> Iterator[Flaw]:
    """Whole minutes; a calendar exactly where business time is meant."""
    if span.unit is Unit.SECONDS:
        yield key, "a clock counts whole minutes; seconds are for phone and chat answers."
    if span.base is Base.ELAPSED and calendar:
        yield "calendar", f'"{span}" is elapsed time, which counts around the clock; it takes no calendar.'
    if span.base is not Base.ELAPSED and not calendar:
        yield "calendar", f'is missing: "{span}" is counted inside a calendar.'


def _owner(kind: ClockKind) -> Owes:
    if kind in BY_CUSTOMER:
        return Owes.CUSTOMER
    return Owes.VENDOR if kind in BY_VENDOR else Owes.PROVIDER

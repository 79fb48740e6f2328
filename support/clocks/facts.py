"""What each kind of event says: ids, codes and figures, never free text or addresses, which live in rows of their own.

A changed shape is a new version: the old one gets an entry in `support.clocks.reading.UPCASTS`. References to a version
are written "code@3".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from support.clocks.terms import ClockKind, Deployment, WaitReason
from support.clocks.verdicts import Verdict

Id = int | str


class Effort(StrEnum):
    BUSINESS = "business"
    AROUND_THE_CLOCK = "24x7"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`happened_at` is evidence of something earlier than the event's own instant; no clock reads it."""

    happened_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOpened(Facts):
    """`service` "code@3" and `calendars` {name in the definition: "name@2"} pin what the clocks run under; `priority` is
    the level at opening, "" until somebody assesses it. Clocks of the `unjudged` kinds get no verdict: an import whose
    log lacks what would stop them."""

    channel: str = ""
    product: str = ""
    deployment: Deployment | None = None
    contract: Id | None = None
    service: str = ""
    calendars: Mapping[str, str] = field(default_factory=dict)
    covered: bool = True
    why: str = ""
    priority: str = ""
    unjudged: tuple[ClockKind, ...] = ()
    message: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake(Facts):
    reason: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level(Facts):
    level: str
    channel: str = ""
    impact: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Facts):
    """`to` is "customer" or "partner"; to anybody else it is no update."""

    message: Id | None = None
    to: str = "customer"
    automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Facts):
    """`sender` is "customer" or "partner"; anybody else's moves no clock."""

    message: Id | None = None
    sender: str = "customer"
    automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Facts):
    connected: bool
    who: Id | None = None
    seconds: int = 0
    message: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session(Facts):
    mode: str = "remote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Facts):
    finding: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitStarted(Facts):
    """A wait for the customer ends with the customer's next message where `ends_on_reply`; one for maintenance stops
    clocks only where it was `announced_in_time`. `until` is later: over then at the latest, whenever that is noticed."""

    id: Id
    reason: WaitReason
    awaited: str = ""
    wake_at: datetime | None = None
    ends_on_reply: bool = True
    announced_in_time: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitEnded(Facts):
    id: Id
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workaround(Facts):
    """One that the customer did not accept (`accepted` is false) ends nothing."""

    message: Id | None = None
    accepted: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Facts):
    message: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment(Facts):
    promised_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Facts):
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason(Facts):
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(Facts):
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortSwitched(Facts):
    effort: Effort
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceMoved(Facts):
    """From `old` to `new` ("code@3"); `priority` where the new service names the level otherwise."""

    new: str
    old: str = ""
    calendars: Mapping[str, str] = field(default_factory=dict)
    priority: str = ""
    reason: str = ""
    manager: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarMoved(Facts):
    """`calendar` is the name in the definition; `old` and `new` are "name@2"."""

    calendar: str
    new: str
    old: str = ""
    reason: str = ""
    manager: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope(Facts):
    scope: str
    item: str = ""
    override: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WayStep(Facts):
    """`step`: estimate, order, allowed or refused; `minutes` of an estimate."""

    step: str
    id: Id
    minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Assist(Facts):
    """The row `id` of what helps the customer in his own case; `number` of the pack, `what` kind of note."""

    id: Id
    number: int = 0
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagementRequested(Facts):
    service: str
    calendars: Mapping[str, str] = field(default_factory=dict)
    priority: str = ""
    unjudged: tuple[ClockKind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Facts):
    offer: Id
    hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gdap(Facts):
    """`status` as Microsoft Graph names it: created, approvalPending, approved, activating, active, …"""

    status: str
    roles: tuple[str, ...] = ()
    source: str = ""
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Facts):
    """A case with a vendor. `service` and `calendars` pin, at its opening, what the vendor's own clocks run under."""

    service: str = ""
    calendars: Mapping[str, str] = field(default_factory=dict)
    vendor: str = ""
    number: str = ""
    severity: str = ""
    claimed_at: datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Facts):
    question: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Facts):
    old: Id | None = None
    new: Id | None = None
    sheet: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation(Facts):
    level: Id | None = None
    ground: str = ""
    clock: str = ""
    item: str = ""
    not_before: datetime | None = None
    channel: str = ""
    contact: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage(Facts):
    outage: Id
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTicket(Facts):
    other: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged(Facts):
    """`survives` on the ticket that takes the other in; the loser's clocks are cancelled."""

    other: Id
    survives: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction(Facts):
    """`clock` is a `ClockInstance.key`."""

    clock: str
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids(Facts):
    ids: tuple[Id, ...] = ()

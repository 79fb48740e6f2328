"""What a service promises, as plain values: the part of a service definition that clocks are folded under."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

ALARM_SHARES = (75, 100)


class ClockKind(StrEnum):
    RESPONSE = "response"
    TROUBLESHOOT = "troubleshoot"
    UPDATE = "update"
    CUSTOMER_UPDATE = "customer_update"
    CUSTOMER_ANSWER = "customer_answer"
    FIX = "fix"
    COMMITTED = "committed"
    VENDOR_RESPONSE = "vendor_response"
    DISPATCH = "dispatch"


class Owes(StrEnum):
    PROVIDER = "provider"
    CUSTOMER = "customer"
    VENDOR = "vendor"


class Base(StrEnum):
    ELAPSED = "elapsed"  # wall clock, 24×7
    BUSINESS = "business"  # counted only inside the named calendar
    BUSINESS_DAYS = "business_days"  # the same wall-clock time that many working days later


class WaitReason(StrEnum):
    CUSTOMER = "customer"
    VENDOR = "vendor"
    APPROVAL = "approval"
    GDAP = "gdap"
    SITE_ACCESS = "site_access"
    MAINTENANCE = "maintenance"
    OTHER = "other"


class Deployment(StrEnum):
    CLOUD = "cloud"
    ON_PREMISES = "on_premises"


class Subject(StrEnum):
    TICKET = "ticket"
    ENGAGEMENT = "engagement"
    CASE = "case"
    OUTAGE = "outage"


@dataclass(frozen=True, slots=True)
class Target:
    """One promise. `amount` is whole minutes, or whole days for BUSINESS_DAYS; `calendar` names one unless ELAPSED.

    Of a promise made on the ticket `promised_at` is what was said, and `amount` the minutes until then, rounded up.
    """

    kind: ClockKind
    base: Base
    amount: int
    calendar: str = ""
    owed_by: Owes = Owes.PROVIDER
    deployments: frozenset[Deployment] = frozenset(Deployment)
    promised_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Priority:
    """One step of a service's own scale; rank 1 is the most urgent. A kind without a target has no clock.

    `management` is after how long without a workaround or fix the management is told.
    """

    code: str
    name: str
    rank: int
    targets: Mapping[ClockKind, Target]
    management: Target | None = None


@dataclass(frozen=True, slots=True)
class ServiceTerms:
    """A version of a service definition, reduced to what decides a deadline.

    `stopped_by[kind]` names the waits that stop that kind of clock; a kind that is not there stops for nothing.
    `response_by` names what counts as a first response: "message", "call", "session".
    `update_by` names what counts as the provider's update: "message", "call", "notice".
    `fix_by` names what ends the fix clock besides resolution: "workaround", "plan".
    `alarm_shares` are the parts of a hundred of a clock's time at which somebody is told.
    `on_priority_change` is "replace": open response, troubleshoot and fix clocks get the new target from the old start.
    """

    code: str
    version: int
    subject: Subject
    priorities: tuple[Priority, ...]
    stopped_by: Mapping[ClockKind, frozenset[WaitReason]] = field(default_factory=dict)
    response_by: frozenset[str] = frozenset({"message", "call", "session"})
    update_by: frozenset[str] = frozenset({"message", "call", "notice"})
    fix_by: frozenset[str] = frozenset()
    on_priority_change: str = "replace"
    alarm_shares: tuple[int, ...] = ALARM_SHARES

    def priority(self, code: str) -> Priority:
        """The step with this code; KeyError when the service has none."""
        for priority in self.priorities:
            if priority.code == code:
                return priority
        raise KeyError(f"{self.code} has no priority {code!r}")

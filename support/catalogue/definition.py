"""A service definition as one value, and the terms by which its clocks are folded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from support.catalogue.intake import FaultReport, Form
from support.catalogue.notes import Checklist, Contradiction, Document, Item, Provision, Reading, Review
from support.catalogue.plain import words_in
from support.catalogue.problems import Flaw
from support.catalogue.promises import Assessment, Channel, Objective, Step
from support.catalogue.scope import Engagement, Scope, Vendor, Verdict
from support.catalogue.upward import (
    Engineering,
    Handoff,
    IncidentReport,
    Ladder,
    Maintenance,
    Outage,
    SupportLevel,
    level_flaws,
)
from support.clocks.terms import ALARM_SHARES, ClockKind, ServiceTerms, Subject, WaitReason


class Kind(StrEnum):
    ENGAGEMENT = "engagement"
    SUPPORT = "support"
    VENDOR = "vendor"


class ResponseBy(StrEnum):
    MESSAGE = "message"
    CALL = "call"
    SESSION = "session"


class FixBy(StrEnum):
    WORKAROUND = "workaround"
    PLAN = "plan"


class OnPriorityChange(StrEnum):
    REPLACE = "replace"


SUBJECTS = {
    Kind.ENGAGEMENT: Subject.ENGAGEMENT,
    Kind.SUPPORT: Subject.TICKET,
    Kind.VENDOR: Subject.CASE,
}

NAMING_A_CALENDAR = {"calendar", "contact_hours"}


@dataclass(frozen=True, slots=True)
class Desk:
    """When the desk is there (without a calendar: always), in which languages, and how it is reached."""

    section: str
    channels: tuple[Channel, ...]
    calendar: str = ""
    languages: tuple[str, ...] = ()
    notes: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """Everything a service promises, asks and refuses, with the place in its document for each figure."""

    code: str
    name: str
    kind: Kind
    subject: Subject
    summary: str
    document: Document
    desk: Desk
    assessment: Assessment
    priorities: tuple[Step, ...]
    response_by: tuple[ResponseBy, ...] = tuple(ResponseBy)
    fix_by: tuple[FixBy, ...] = ()
    on_priority_change: OnPriorityChange = OnPriorityChange.REPLACE
    alarms: tuple[int, ...] = ALARM_SHARES
    waits: Mapping[ClockKind, tuple[WaitReason, ...]] = field(default_factory=dict)
    objectives: tuple[Objective, ...] = ()
    scope: Scope | None = None
    engagement: Engagement | None = None
    vendor: Vendor | None = None
    intake: tuple[Form, ...] = ()
    duties: tuple[Item, ...] = ()
    levels: tuple[SupportLevel, ...] = ()
    ladder: Ladder | None = None
    fault_report: FaultReport | None = None
    engineering: Engineering | None = None
    outage: Outage | None = None
    report: IncidentReport | None = None
    maintenance: Maintenance | None = None
    handoff: Handoff | None = None
    review: Review | None = None
    checklists: tuple[Checklist, ...] = ()
    provisions: tuple[Provision, ...] = ()
    readings: tuple[Reading, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()

    def terms(self, version: int) -> ServiceTerms:
        """What decides a deadline, most urgent priority first."""
        return ServiceTerms(
            code=self.code,
            version=version,
            subject=self.subject,
            priorities=tuple(step.priority() for step in sorted(self.priorities, key=lambda step: step.rank)),
            stopped_by={kind: frozenset(reasons) for kind, reasons in self.waits.items()},
            response_by=frozenset(map(str, self.response_by)),
            fix_by=frozenset(map(str, self.fix_by)),
            on_priority_change=str(self.on_priority_change),
            alarm_shares=self.alarms,
        )

    def not_accepted(self) -> tuple[Item, ...]:
        """What an escalation is declined with: the ladder's own list, then the work that the service never takes."""
        own = self.ladder.not_accepted if self.ladder else ()
        never = (
            [item for item in self.scope.items if item.verdict is Verdict.NOT_ELIGIBLE] if self.scope else []
        )
        return (*own, *(Item(item.code, item.text) for item in never))

    def step(self, code: str) -> Step:
        """The priority with this code; KeyError when the service has none."""
        for step in self.priorities:
            if step.code == code:
                return step
        raise KeyError(f"{self.code} has no priority {code!r}")

    def calendars(self) -> frozenset[str]:
        """The codes of all calendars it names."""
        return frozenset(word for _, name, word in words_in(self) if name in NAMING_A_CALENDAR)

    def flaws(self) -> Iterator[Flaw]:
        if self.subject is not SUBJECTS[self.kind]:
            yield "subject", f"the clocks of a service of kind {self.kind} run on the {SUBJECTS[self.kind]}."
        if (self.engagement is not None) != (self.kind is Kind.ENGAGEMENT):
            yield "engagement", "a service of kind engagement has this table, and no other has."
        if any(not 1 <= share <= 100 for share in self.alarms) or len(set(self.alarms)) < len(self.alarms):
            yield "alarms", "are parts of a hundred, from 1 to 100, each once."
        if self.levels:
            yield from level_flaws([level.level for level in self.levels], "levels")
        if not self.priorities:
            yield "priorities", "must hold at least one priority."

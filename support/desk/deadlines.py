"""When would each clock of a service be due? A ticket that never was, folded like any other, and nothing written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from support import folding, versions
from support.catalogue.definition import Definition
from support.clocks.events import ActorKind, Event, SubjectRef
from support.clocks.fold import fold
from support.clocks.instance import ClockInstance
from support.clocks.terms import ClockKind, Deployment, Subject, WaitReason
from support.explaining import explain
from support.models import Contract, ServiceVersion
from support.refusal import Refused

RESPONSES = {"message": "message.sent", "call": "call.made", "session": "session.connected"}
CASE_QUESTION = "case.asked_customer"


@dataclass(frozen=True, slots=True)
class Wait:
    """From one instant to a later one; a maintenance counts as announced in time."""

    begin: datetime
    end: datetime
    reason: WaitReason


@dataclass(frozen=True, slots=True)
class Deadline:
    """`due` is UTC; `why` is the explanation in the words of a ticket page, its instants in the zone that was asked for."""

    kind: ClockKind
    owed_by: str
    due: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Question:
    """Under the contract's own versions of the calendars, where it is asked of one."""

    service: ServiceVersion
    priority: str
    at: datetime
    waits: tuple[Wait, ...] = ()
    deployment: Deployment = Deployment.CLOUD
    contract: Contract | None = None


def service_named(reference: str) -> ServiceVersion:
    """ "enghouse-premium" in its newest version, or "enghouse-premium@2". Refused with the codes that there are."""
    code, at, version = reference.partition("@")
    rows = ServiceVersion.objects.filter(code=code).order_by("-version")
    if at:
        rows = rows.filter(version=int(version)) if version.isdecimal() and len(version) < 9 else rows.none()
    if found := rows.first():
        return found
    known = ", ".join(sorted(set(ServiceVersion.objects.values_list("code", flat=True))))
    raise Refused(
        _("No service is called %(code)s. There are: %(known)s.") % {"code": reference, "known": known},
        "service",
    )


def deadlines(question: Question, zone: ZoneInfo) -> list[Deadline]:
    """The first cycle of every clock, troubleshooting as if the response came at its own due instant. Raises Refused.

    A vendor's question to the customer counts as asked at once.
    """
    definition = versions.definition(question.service)
    _must_be_known(definition, question)
    first = _folded(question, _opening(definition, question))
    clocks = {clock.kind: clock for clock in first if clock.cycle == 1}
    if troubleshooting := _troubleshooting(definition, question, clocks.get(ClockKind.RESPONSE)):
        clocks[ClockKind.TROUBLESHOOT] = troubleshooting
    order = list(ClockKind)
    return [_deadline(clocks[kind], zone) for kind in sorted(clocks, key=order.index)]


def _must_be_known(definition: Definition, question: Question) -> None:
    codes = [step.code for step in sorted(definition.priorities, key=lambda step: step.rank)]
    if question.priority not in codes:
        facts = {"service": definition.name, "code": question.priority, "known": ", ".join(codes)}
        raise Refused(_("%(service)s has no priority %(code)s. There are: %(known)s.") % facts, "priority")
    for wait in question.waits:
        if not question.at <= wait.begin < wait.end:
            raise Refused(_("A wait begins at the opening or later, and ends after it has begun."), "waits")


def _subject(definition: Definition) -> SubjectRef:
    return SubjectRef(definition.subject, 0)


def _opening(definition: Definition, question: Question) -> list[tuple[datetime, str, SubjectRef, dict]]:
    ticket, mine = SubjectRef(Subject.TICKET, 0), _subject(definition)
    pinned = {
        "service": f"{question.service.code}@{question.service.version}",
        "calendars": versions.calendar_pins(question.service, question.contract),
    }
    uncovered = (question.at, "ticket.opened", ticket, {"covered": False})
    match definition.subject:
        case Subject.ENGAGEMENT:
            return [
                uncovered,
                (question.at, "engagement.requested", mine, pinned | {"priority": question.priority}),
            ]
        case Subject.CASE:
            opened = (question.at, "case.opened", mine, pinned | {"severity": question.priority})
            return [uncovered, opened, (question.at, CASE_QUESTION, mine, {})]
    facts = pinned | {"priority": question.priority, "deployment": question.deployment.value}
    return [(question.at, "ticket.opened", ticket, facts)]


def _troubleshooting(
    definition: Definition, question: Question, response: ClockInstance | None
) -> ClockInstance | None:
    if response is None or response.due_at is None:
        return None
    kind = RESPONSES[next(iter(definition.response_by))]
    facts = {"connected": True} if kind == "call.made" else {}
    answered = (response.due_at, kind, _subject(definition), facts)
    clocks = _folded(question, [*_opening(definition, question), answered])
    return next((clock for clock in clocks if clock.kind is ClockKind.TROUBLESHOOT), None)


def _folded(
    question: Question, told: Sequence[tuple[datetime, str, SubjectRef, dict]]
) -> list[ClockInstance]:
    subject = told[-1][2] if told[-1][1] != CASE_QUESTION else told[0][2]
    for n, wait in enumerate(question.waits, 1):
        name = f"wait-{n}"
        facts = {"id": name, "reason": wait.reason.value, "announced_in_time": True}
        told = [
            *told,
            (wait.begin, "wait.started", subject, facts),
            (wait.end, "wait.ended", subject, {"id": name}),
        ]
    events = [
        Event(seq, kind, 1, about, at, facts, ActorKind.STAFF)
        for seq, (at, kind, about, facts) in enumerate(sorted(told, key=lambda one: one[0]), 1)
    ]
    return fold(folding.book_for(events), events, folding.END_OF_TIME)


def _deadline(clock: ClockInstance, zone: ZoneInfo) -> Deadline:
    why = explain(folding.row_of(None, clock, 0), zone).sentence
    return Deadline(clock.kind, str(clock.owed_by), clock.due_at, why)


def read_wait(text: str) -> Wait:
    """ "2026-10-12T10:00Z..2026-10-12T12:00Z:customer". Refused with the sentence what is wrong with it."""
    span, _colon, reason = text.rpartition(":")
    begin, dots, end = span.partition("..")
    known = [one.value for one in WaitReason]
    if not dots or reason not in known:
        facts = {"text": text, "known": ", ".join(known)}
        raise Refused(
            _("“%(text)s” is not a wait: write FROM..TO:REASON, the reason one of %(known)s.") % facts,
            "waits",
        )
    return Wait(read_instant(begin), read_instant(end), WaitReason(reason))


def read_instant(text: str) -> datetime:
    """ISO 8601 with Z or an offset. Refused otherwise."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is not None and not 1900 <= at.year <= 2200:
        raise Refused(
            _("“%(text)s” lies too far away: write a year from 1900 to 2200.") % {"text": text}, "at"
        )
    if at is None or at.tzinfo is None:
        raise Refused(
            _("“%(text)s” is not an instant: write it as 2026-10-12T10:00Z or 2026-10-12T10:00+01:00.")
            % {"text": text},
            "at",
        )
    return at


def services() -> Iterable[ServiceVersion]:
    """Each service once, in its newest version."""
    return ServiceVersion.objects.order_by("code", "-version").distinct("code")

"""What the pages of vendor cases show, worked out before a template sees it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from escalations import vendors
from escalations.beside import Beside, beside, duties, step_of
from escalations.blame import judge, known_from
from escalations.models import Party, VendorCase, VendorEscalation
from escalations.months import Month
from support import explaining, saying
from support.clocks.terms import ClockKind, Owes
from support.clocks.verdicts import Attribution
from support.desk.shown import shown
from support.explaining.words import KINDS
from support.forms.priority import priority_name
from support.models import Clock, Ticket, Wait


@dataclass(frozen=True, slots=True)
class Judged:
    """One miss of ours on a ticket, and whose it is."""

    clock: str
    whose: str
    why: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A case in a list: its severity in words, and the clock that the vendor owes first."""

    case: VendorCase
    severity: str
    since: str
    due: str
    late: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One step or escalation of a case; `claimed` says when it was and how that is known."""

    title: str
    text: str
    claimed: str
    noted: str


@dataclass(frozen=True, slots=True)
class Panel:
    cases: tuple[Listed, ...]
    beside: Beside
    misses: tuple[Judged, ...]


def panel_of(ticket: Ticket, at: datetime, zone: tzinfo, has_cases: bool) -> Panel:
    """One query for its cases, if it has any, and four at most where a promise of ours is late; given a ticket with its clocks."""
    cases = list(ticket.vendor_cases.select_related("ticket").order_by("position")) if has_cases else []
    clocks = sorted(ticket.clocks.all(), key=lambda clock: clock.position)
    owed = _owed(clocks)
    return Panel(
        tuple(listed(case, owed.get(case.pk), at) for case in cases),
        beside(cases, clocks, at),
        tuple(_judged(clocks, cases, ticket.waits.all(), at, zone)),
    )


def listed(case: VendorCase, due_at: datetime | None, at: datetime) -> Listed:
    step = step_of(case)
    return Listed(
        case,
        priority_name(step) if step else "",
        saying.here(case.opened_at, at),
        saying.here(due_at, at) if due_at else "",
        bool(due_at and due_at < at),
    )


def most_urgent_first(cases: QuerySet) -> QuerySet:
    """With `due_at`, the first instant that the vendor of a case owes something by; those that owe nothing come last."""
    clocks = Clock.objects.filter(
        ticket=OuterRef("ticket"),
        subject_kind="case",
        subject_id=OuterRef("pk"),
        owed_by=Owes.VENDOR,
        state="running",
    )
    first = clocks.order_by().values("subject_id").annotate(first=Min("due_at")).values("first")
    return cases.annotate(due_at=Subquery(first)).order_by(
        F("due_at").asc(nulls_last=True), "recorded_at", "id"
    )


def found(cases: QuerySet, *, party: str, state: str, text: str) -> QuerySet:
    """Cases of a list's filters: of one party, with one state ("" is all that are not closed), by number, ticket or customer."""
    cases = cases.filter(party=party) if party in Party.values else cases
    cases = cases.filter(state=state) if state else cases.unclosed()
    named = (
        Q(number__icontains=text)
        | Q(ticket__number__icontains=text)
        | Q(ticket__title__icontains=text)
        | Q(ticket__customer__name__icontains=text)
    )
    return cases.filter(named) if text else cases


def facts_of(case: VendorCase, at: datetime, zone: tzinfo) -> dict:
    """What a case's page shows besides its forms."""
    clocks = list(case.ticket.clocks.order_by("position"))
    own = [clock for clock in clocks if (clock.subject_kind, clock.subject_id) == case.subject]
    known, month, step = explaining.background(own), Month.of(at, zone), step_of(case)
    return {
        "severity": priority_name(step) if step else "",
        "step": step,
        "opened": saying.here(case.opened_at, at),
        "recorded": saying.here(case.recorded_at, at),
        "clocks": [
            (shown(clock, at), explaining.explain(clock, zone, known, at=at).sentence) for clock in own
        ],
        "beside": beside([case], clocks, at),
        "duties": duties(case),
        "entries": list(_entries(case, at)),
        "month": month.label,
        "pressed": pressed(case.party, month),
        "may_escalate": not case.closed and vendors.missed(case, at).exists(),
        "barred": vendors.barred(case.ticket) if case.party == Party.MICROSOFT else "",
    }


def pressed(party: str, month: Month) -> int:
    """How often the desk escalated with this vendor in the month."""
    rows = VendorEscalation.objects.filter(case__party=party, at__gte=month.start, at__lt=month.end)
    return rows.count()


def _owed(clocks: list[Clock]) -> dict[int, datetime]:
    """What the vendor of each case owes first."""
    owed: dict[int, datetime] = {}
    for clock in clocks:
        if clock.open and clock.subject_kind == "case" and clock.owed_by == Owes.VENDOR and clock.due_at:
            owed[clock.subject_id] = min(clock.due_at, owed.get(clock.subject_id, clock.due_at))
    return owed


def _judged(
    clocks: list[Clock], cases: list[VendorCase], waits: Iterable[Wait], at: datetime, zone: tzinfo
) -> Iterator[Judged]:
    late = [clock for clock in clocks if clock.owed_by == Owes.PROVIDER and is_late(clock, at)]
    known = known_from(cases, waits) if late else None
    for clock in late:
        told = judge(clock, known, at, zone)
        yield Judged(f"{KINDS[ClockKind(clock.kind)]}", whose_name(told), told.why)


def is_late(clock: Clock, at: datetime) -> bool:
    """Missed, or due and not done; a verdict that a manager set needs no due instant that has passed."""
    if clock.due_at is None:
        return False
    return clock.verdict == "missed" or (clock.verdict == "pending" and clock.due_at <= at)


def whose_name(told) -> str:
    match told.attribution:
        case Attribution.VENDOR:
            return told.vendor or _("The vendor’s")
        case Attribution.CUSTOMER_WAIT:
            return _("The customer’s wait")
        case Attribution.RECLASSIFICATION:
            return _("Counted apart")
    return _("Ours")


def _entries(case: VendorCase, at: datetime) -> Iterator[Entry]:
    steps = [(row.at, row.pk, row) for row in case.steps.all()]
    pressed = [(row.at, row.pk, row) for row in case.escalations.all()]
    for noted_at, _pk, row in sorted([*steps, *pressed], key=lambda each: each[:2], reverse=True):
        facts = {"at": saying.here(noted_at, at), "by": row.actor_name}
        if isinstance(row, VendorEscalation):
            title = _("Escalated with %(vendor)s") % {"vendor": case.get_party_display()}
            claimed = _("It had missed: %(kind)s") % {"kind": KINDS[ClockKind(row.kind)]}
            yield Entry(title, row.reason, claimed, _("%(at)s, %(by)s") % facts)
            continue
        title = f"{row.get_kind_display()}: {row.severity}" if row.severity else row.get_kind_display()
        claimed = f"{saying.here(row.claimed_at, at)}, {row.get_how_display().lower()}"
        claimed = "" if row.kind == row.Kind.CONTACT else claimed
        yield Entry(title, row.text, claimed, _("noted %(at)s by %(by)s") % facts)

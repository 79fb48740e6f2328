"""Four tables of a service review: tickets by priority, what was escalated, incident reports, hours outside the contract."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.lookups import GreaterThan
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from escalations.figures import Period, TicketCount
from escalations.hours import Hours
from escalations.models import Escalation, OutageContract, ReportState, ReportVersion
from support import saying
from support.catalogue.definition import Definition


@dataclass(frozen=True, slots=True)
class Tickets:
    """One service's: a column for each priority, most urgent first, and one for all; rows opened, closed, open."""

    service: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Raised:
    """An escalation, in words for the customer: what the desk wrote to override a time is not among them."""

    ticket: str
    level: str
    ground: str
    raised: str
    taken: str


@dataclass(frozen=True, slots=True)
class Outside:
    """An engagement's hours, or all of them: offered, approved, used and invoiced, and the money."""

    name: str
    hours: tuple[str, str, str, str]
    money: str


def tickets(counts: Iterable[TicketCount], services: Mapping[int, Definition]) -> Iterator[Tickets]:
    """One table for each service that had any; tickets without a service come last."""
    grouped = defaultdict(list)
    for count in counts:
        definition = services.get(count.service)
        grouped[definition.code if definition else ""].append(count)
    newest = {definition.code: definition for definition in services.values()}
    for code in sorted(grouped, key=lambda code: (not code, code)):
        yield _table(newest.get(code), grouped[code])


@dataclass(frozen=True, slots=True)
class Reported:
    """A major incident report that left in the month: its newest version of then, with its actions as they were issued."""

    number: str
    title: str
    about: str
    issued: str
    late: bool
    root_cause: str
    actions: tuple[str, ...]


def reports(period: Period, zone: tzinfo) -> Iterator[Reported]:
    """Issued in the month to this customer, the oldest first; two queries."""
    hit = OutageContract.objects.filter(contract__holder=period.customer).values("outage")
    mine = Q(report__ticket__customer=period.customer) | Q(report__outage__in=hit)
    rows = ReportVersion.objects.filter(
        mine,
        state=ReportState.ISSUED,
        issued_at__gte=period.month.start,
        issued_at__lt=period.cut,
    )
    rows = rows.select_related("report__outage", "report__ticket").prefetch_related("actions")
    first = ReportVersion.objects.filter(report=OuterRef("report"), position=1)
    late = GreaterThan(Subquery(first.values("issued_at")), F("report__due_at"))  # however it is corrected
    newest = {row.report_id: row for row in rows.annotate(late=late).order_by("issued_at", "id")}
    for row in newest.values():
        yield _reported(row, zone)


def _reported(row: ReportVersion, zone: tzinfo) -> Reported:
    said = _("%(what)s %(who)s, by %(on)s")
    return Reported(
        number=row.report.number,
        title=row.report.subject.title,
        about=row.report.subject.number,
        issued=saying.instant(row.issued_at, zone) if row.issued_at else "",
        late=row.late,
        root_cause=row.root_cause,
        actions=tuple(
            said % {"what": each.text, "who": each.owner_name, "on": date_format(each.due_on, "j M Y")}
            for each in row.actions.all()
        ),
    )


def escalations(period: Period, zone: tzinfo) -> Iterator[Raised]:
    """Those of the month, as they stood when it ended, or stand while it goes on."""
    rows = Escalation.objects.filter(
        ticket__customer=period.customer,
        raised_at__gte=period.month.start,
        raised_at__lt=period.cut,
    )
    for row in rows.select_related("ticket", "contact", "acknowledgement", "refusal").order_by(
        "raised_at", "id"
    ):
        yield _raised(row, zone, period.cut)


def outside(hours: Hours) -> Iterator[Outside]:
    """One row for each engagement, the sums last; nothing where there were none."""
    for row in hours.engagements:
        yield Outside(f"{row.reference} {row.title}", _hours(row), f"{row.money}")
    if hours.engagements:
        yield Outside(_("All"), _hours(hours), saying.listed([f"{money}" for money in hours.money]))


def _hours(of) -> tuple[str, str, str, str]:
    return tuple(saying.duration(minutes) for minutes in (of.offered, of.approved, of.used, of.invoiced))


def _table(definition: Definition | None, counts: list[TicketCount]) -> Tickets:
    ranks = {step.code: step.rank for step in definition.priorities} if definition else {}
    used = {count.priority for count in counts if count.priority not in ranks}
    codes = [*sorted(ranks, key=ranks.__getitem__), *sorted(used)]
    titles = [(_("Opened"), "opened"), (_("Closed"), "closed"), (_("Open at the end"), "open")]
    rows = []
    for title, name in titles:
        cells = [sum(getattr(c, name) for c in counts if c.priority == code) for code in codes]
        rows.append((title, (*cells, sum(cells))))
    columns = (*(code or _("No priority") for code in codes), _("All"))
    return Tickets(definition.name if definition else _("Without a service"), columns, tuple(rows))


def _raised(row: Escalation, zone: tzinfo, cut: datetime) -> Raised:
    facts = {
        "at": saying.instant(row.raised_at, zone),
        "who": row.contact.name if row.contact else row.actor_name,
    }
    taken, declined = (_by(getattr(row, step, None), cut) for step in ("acknowledgement", "refusal"))
    return Raised(
        ticket=row.ticket.number,
        level=_("%(level)d of %(levels)d, %(name)s")
        % {"level": row.level, "levels": row.levels, "name": row.name},
        ground=row.ground_text,
        raised=_("%(at)s by %(who)s") % facts,
        taken=_taken(taken, declined, row, zone),
    )


def _by(step, cut: datetime):
    """Nothing that was told in a month that was over: the review keeps what it said."""
    return step if step and step.at < cut else None


def _taken(taken, declined, row: Escalation, zone: tzinfo) -> str:
    if declined:
        return _("not accepted, %(at)s") % {"at": saying.instant(declined.at, zone, beside=row.raised_at)}
    return saying.instant(taken.at, zone, beside=row.raised_at) if taken else _("not acknowledged")

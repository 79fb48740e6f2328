"""Three tables of a service review: tickets by priority, what was escalated, hours outside the contract."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from django.utils.translation import gettext as _

from escalations.figures import Period, TicketCount
from escalations.hours import Hours
from escalations.models import Escalation
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


def escalations(period: Period, zone: tzinfo) -> Iterator[Raised]:
    """Those of the month, as they were raised."""
    rows = Escalation.objects.filter(
        ticket__customer=period.customer,
        raised_at__gte=period.month.start,
        raised_at__lt=period.cut,
    )
    for row in rows.select_related("ticket", "contact", "acknowledgement").order_by("raised_at", "id"):
        yield _raised(row, zone)


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


def _raised(row: Escalation, zone: tzinfo) -> Raised:
    facts = {
        "at": saying.instant(row.raised_at, zone),
        "who": row.contact.name if row.contact else row.actor_name,
    }
    taken = getattr(row, "acknowledgement", None)
    return Raised(
        ticket=row.ticket.number,
        level=_("%(level)d of %(levels)d, %(name)s")
        % {"level": row.level, "levels": row.levels, "name": row.name},
        ground=row.ground_text,
        raised=_("%(at)s by %(who)s") % facts,
        taken=saying.instant(taken.at, zone, beside=row.raised_at) if taken else _("not acknowledged"),
    )

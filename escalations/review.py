"""The service review of a customer's month: figures and sentences, worked out before any template sees them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import reduce
from pathlib import Path
from zoneinfo import ZoneInfo

from django.contrib.staticfiles import finders
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from escalations import objectives, review_words, uptimes, zones
from escalations.attainment import Line, lines
from escalations.figures import MONTHS, Count, Period, TicketCount
from escalations.hours import hours_of
from escalations.misses import Miss, Share, misses, shares
from escalations.months import Month
from escalations.review_tables import (
    Outside,
    Raised,
    Reported,
    Tickets,
    escalations,
    outside,
    reports,
    tickets,
)
from escalations.review_uptime import Up, ups
from escalations.review_words import Figure
from escalations.trend import Trend, trend
from support import saying, versions
from support.models import Contract, Customer, ServiceVersion, Ticket

STYLES = ["tokens", "base", "shell", "badge", "table", "clock", "panel", "chart", "document", "print"]


@dataclass(frozen=True, slots=True)
class Review:
    """`until` is when a month that goes on was looked at; `times` names the zone in which instants stand."""

    customer: str
    code: str
    provider: str
    month: str
    label: str
    until: str
    times: str
    lead: tuple[str, ...]
    figures: tuple[Figure, ...]
    opened: int
    closed: int
    open: int
    tickets: tuple[Tickets, ...]
    attainment: tuple[Line, ...]
    available: tuple[Up, ...]
    trend: Trend
    misses: tuple[Miss, ...]
    missed: str
    shares: tuple[Share, ...]
    silence: str
    escalations: tuple[Raised, ...]
    reports: tuple[Reported, ...]
    outside: tuple[Outside, ...]


def review(customer: Customer, months: tuple[Month, ...], *, at: datetime, zone: tzinfo) -> Review:
    """The last of `figures.MONTHS` months in the customer's zone, as it is known at `at`; instants stand in the reader's zone.

    The number of queries does not depend on the number of tickets.
    """
    period, month = Period(customer, months, at), months[-1]
    counts, results = period.tickets(), period.results()
    ours = [count for count in results if count.month == month.first_day]
    definitions = {row.pk: versions.definition(row) for row in _services(period, counts, ours)}
    services = {definition.code: definition for definition in definitions.values()}
    running = objectives.of_customer(customer, month, at)
    ours += objectives.answers(running)
    kept = tuple(lines(ours, [each.terms for each in running], services, customer.name))
    available = tuple(ups(uptimes.of(running), zone))
    provider = customer.legal_entity.name
    missed = misses(period.missed(), customer, provider, period.cut, zone, over=at >= month.end)
    hours = hours_of(customer, month)
    opened, closed, still = (sum(getattr(c, name) for c in counts) for name in ("opened", "closed", "open"))
    first = Figure(_("Opened"), f"{opened}", _opened_before(period))
    second = Figure(_("Closed"), f"{closed}", _("%(n)d open at the end") % {"n": still})
    return Review(
        customer=customer.name,
        code=customer.code,
        provider=provider,
        month=f"{month}",
        label=month.label,
        until="" if at >= month.end else saying.instant(at, zone),
        times=review_words.times(zone, month.zone),
        lead=tuple(review_words.lead(opened, closed, kept, available)),
        figures=tuple(review_words.figures(first, second, kept, available, hours)),
        opened=opened,
        closed=closed,
        open=still,
        tickets=tuple(tickets(counts, definitions)),
        attainment=kept,
        available=available,
        trend=trend(months, results),
        misses=missed,
        missed=review_words.missed(missed),
        shares=tuple(shares(missed)),
        silence=review_words.silence(period.silence(), zone),
        escalations=tuple(escalations(period, zone)),
        reports=tuple(reports(period, zone)),
        outside=tuple(outside(hours)),
    )


def render_html(customer: Customer, month: str, at: datetime | None = None) -> str:
    """One file that needs nothing else, in the customer's own zone and language; `month` is "2026-10".

    Without `at` the whole month is over.
    """
    zone = ZoneInfo(customer.time_zone)
    months = zones.months_of(customer, month, at or datetime.max.replace(tzinfo=UTC), MONTHS)
    with timezone.override(zone), translation.override(customer.locale):
        told = review(customer, months, at=at or months[-1].end, zone=zone)
        styles = "\n".join(Path(finders.find(f"css/{name}.css")).read_text() for name in STYLES)
        return render_to_string("escalations/review_file.html", {"review": told, "styles": styles})


def _services(period: Period, counts: Iterable[TicketCount], ours: Iterable[Count]) -> list[ServiceVersion]:
    """The versions of services that the month ran under, oldest first: of tickets, of clocks, of contracts."""
    first, last = period.month.first_day, period.month.back(-1).first_day - timedelta(days=1)
    contracts = Contract.objects.filter(holder=period.customer, starts_on__lte=last).exclude(
        ends_on__lt=first
    )
    used = Q(pk__in={count.service for count in counts if count.service}) | Q(
        pk__in=contracts.values("support_service")
    )
    named = {tuple(count.service.rsplit("@", 1)) for count in ours if count.service}
    used = reduce(lambda found, name: found | Q(code=name[0], version=name[1]), sorted(named), used)
    return list(ServiceVersion.objects.filter(used).defer("data", "source").order_by("code", "version"))


def _opened_before(period: Period) -> str:
    before = period.months[-2]
    seen = Ticket.objects.filter(
        customer=period.customer, opened_at__gte=before.start, opened_at__lt=before.end
    )
    return _("%(n)d in %(month)s") % {"n": seen.count(), "month": before.label}

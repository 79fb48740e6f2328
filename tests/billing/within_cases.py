"""Half an hour at $250.00, of which ten minutes are worked and invoiced in a month: two come to $83.34, three to a cent too much."""

from datetime import date, timedelta
from decimal import Decimal

from billing import invoicing, timing
from billing.models import Invoice, InvoiceLine
from support.actors import Actor
from tests.billing.billing_cases import World, at, rate_card, set_clock, world
from tests.factories import TESTS

MONTHS = (10, 11, 12)


def half_an_hour(**fields) -> World:
    return world(**{"cap": 30, "card": rate_card(increment=1), **fields})


def works(w: World, month: int, *, day: int = 15, hour: int = 11, minutes: int = 10) -> None:
    """Ten minutes of that month, booked by hand, by 23:00 of its day."""
    start = at(hour, day=day, month=month)
    what = {"approval": w.approval, "person": w.ana, "text": "Worked", "started_at": start}
    what["stopped_at"] = start + timedelta(minutes=minutes)
    timing.book(w.engagement, **what, by=Actor.of(w.ana), at=at(23, day=day, month=month))


def drafts_of(w: World, month: int) -> Invoice:
    [draft] = invoicing.draft(w.entity, date(2026, month, 1), by=TESTS, at=at(18, day=15, month=12))
    return draft


def runs(w: World, month: int) -> list[Invoice]:
    return invoicing.run(w.entity, date(2026, month, 1), by=TESTS, at=at(18, day=15, month=12))


def month_by_month(w: World, **fields) -> list[Invoice]:
    """Worked and invoiced in each of the three months."""
    found = []
    for month in MONTHS:
        set_clock(at(18, day=15, month=month))
        works(w, month, **fields)
        found += runs(w, month)
    return found


def standing() -> Decimal:
    """What the lines of hours that are issued and not credited come to."""
    lines = InvoiceLine.objects.filter(invoice__number__isnull=False, kind__in=("time", "surcharge"))
    return sum(lines.filter(credited_by=None).values_list("net", flat=True), Decimal(0))


def nets(invoice: Invoice) -> list[str]:
    return [str(line.net) for line in invoice.lines.order_by("position")]

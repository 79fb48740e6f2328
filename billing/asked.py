"""What lines of time and hourly surcharges may ask: those of an approval never come to more than was signed for them.

The database works the same out as an invoice is issued (guards/asked.sql).
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from billing.models import Added, InvoiceLine
from billing.money import price

HOURLY = {"": "rate", Added.OUT_OF_HOURS: "out_of_hours_rate", Added.ON_SITE: "on_site_rate"}
HOURLY_LINES = Q(kind__in=(InvoiceLine.Kind.TIME, InvoiceLine.Kind.SURCHARGE), surcharge__in=list(HOURLY))
ISSUED = Q(invoice__number__isnull=False)


def asked(approvals: Iterable[int], drafts: Q) -> defaultdict[tuple[int, str], Decimal]:
    """Approval and surcharge, "" for time → what the lines that stand come to before tax: issued, not credited, or on these drafts."""
    found: defaultdict[tuple[int, str], Decimal] = defaultdict(Decimal)
    if approvals := set(approvals):
        rows = _standing(approvals, ISSUED | drafts).annotate(sum=Sum("net"))
        found.update({(approval, kind): net for approval, kind, net in rows})
    return found


def invoiced(approvals: Iterable[int]) -> defaultdict[tuple[int, str], tuple[int, Decimal]]:
    """Approval and surcharge → the minutes of its issued lines that stand, and what they come to before tax."""
    found = defaultdict(lambda: (0, Decimal(0)))
    if approvals := set(approvals):
        rows = _standing(approvals, ISSUED).annotate(
            minutes=Sum(F("minutes") + F("surcharged")), sum=Sum("net")
        )
        found.update({(approval, kind): (minutes, net) for approval, kind, minutes, net in rows})
    return found


def left(cap: int, rate: Decimal, so_far: Decimal) -> Decimal:
    """Of what was signed for a cap of minutes at a rate an hour, after lines that come to so much."""
    return max(price(cap, rate) - so_far, Decimal(0))


def before(line: InvoiceLine) -> QuerySet[InvoiceLine]:
    """The lines of the same approval and kind that an issued one was worked out after: those that stood then, and those above it."""
    at, number = line.invoice.issued_at, line.invoice.number
    earlier = Q(invoice__issued_at__lt=at) | Q(invoice__issued_at=at, invoice__number__lt=number)
    above = Q(invoice=line.invoice, position__lt=line.position)
    of = {"approval": line.approval_id, "kind": line.kind, "surcharge": line.surcharge}
    rows = InvoiceLine.objects.filter(earlier | above, ~Exists(_credits(earlier)), **of)
    return rows.select_related("invoice").order_by("invoice__issued_at", "invoice__number", "position")


def is_less(line: InvoiceLine) -> bool:
    """Whether it asks less than its minutes come to."""
    hourly = line.kind in (InvoiceLine.Kind.TIME, InvoiceLine.Kind.SURCHARGE) and line.surcharge in HOURLY
    return hourly and line.net < price(line.counted, line.rate)


def _standing(approvals: Iterable[int], issued: Q) -> QuerySet:
    """Rows of approval and surcharge."""
    lines = InvoiceLine.objects.filter(HOURLY_LINES, issued, approval__in=approvals)
    return lines.exclude(Exists(_credits(ISSUED))).order_by().values_list("approval", "surcharge")


def _credits(issued: Q) -> QuerySet[InvoiceLine]:
    return InvoiceLine.objects.filter(issued, credits=OuterRef("pk"))

"""Minimums: what an engagement came to less than was signed is asked for once, when it is done and all of its time is invoiced."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import (
    BigIntegerField,
    DateField,
    DateTimeField,
    DecimalField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import TruncDate

from billing.models import Approval, BilledMinimum, Engagement, EngagementState, InvoiceLine
from billing.rules import ask
from billing.unbilled import bounds
from billing.worth import DUE, left_to_minimum
from support.models import LegalEntity

ROUNDED = 1  # lines are rounded one by one, so that together they may come to some cents less than their time
WITHOUT_ORDER = {"engagement__contract__rate__order_needed": True, "order": ""}


@dataclass(frozen=True, slots=True)
class TopUp:
    """`approval` is the yes that names the minimum; `charged` what lines of time and surcharges come to before tax."""

    approval: Approval
    charged: Decimal

    @property
    def amount(self) -> Decimal:
        return self.approval.offer.minimum_charge - self.charged


def unbilled(entity: LegalEntity, month: date) -> QuerySet[Approval]:
    """Of engagements done in this month, in the legal entity's zone; each with `charged` by lines that are issued or on
    a draft of the month, and `lacking`, how often an entry is on none of these. Without those that wait for an order."""
    begins, ends = bounds(entity, month)
    none, drafted = Value(None, BigIntegerField()), Value(month.replace(day=1), DateField())
    of = {"output_field": DecimalField(max_digits=12, decimal_places=2)}
    rows = on_no_line(entity).filter(done_at__gte=begins, done_at__lt=ends).exclude(**WITHOUT_ORDER)
    return rows.annotate(
        charged=Func("engagement", none, drafted, function="charged_for", **of),
        lacking=Func("engagement", none, drafted, function="lines_lacking", output_field=BigIntegerField()),
    )


def on_no_line(entity: LegalEntity) -> QuerySet[Approval]:
    """Approvals whose minimum is due, of every month, on no line that stands; each with `done_at` and `order`."""
    on_a_line = BilledMinimum.objects.filter(engagement=OuterRef("engagement"), credited_by=None)
    done_at = Func("engagement", function="engagement_ended_at", output_field=DateTimeField())
    day = TruncDate("done_at", tzinfo=ZoneInfo(entity.time_zone))
    return (
        Approval.objects.filter(
            ~Exists(on_a_line),
            offer__minimum_charge__gt=0,
            engagement__state=EngagementState.DONE,
            engagement__contract__legal_entity=entity,
        )
        .filter(
            balance__used__lt=(F("offer__minimum_charge") + ROUNDED) * 60 / F("offer__rate")
        )  # else the rest is not asked
        .annotate(due=DUE)
        .filter(due=F("pk"))
        .annotate(done_at=done_at)
        .annotate(order=Func("engagement", day, function="purchase_order_for", output_field=TextField()))
        .select_related(
            "offer__engagement",
            "engagement__contract__bill_to",
            "engagement__contract__legal_entity",
            "engagement__contract__rate",
            "engagement__ticket",
        )
        .order_by("engagement__contract__bill_to__name", "engagement__reference")
    )


def to_come(engagement: Engagement) -> tuple[Approval, Decimal] | None:
    """The yes whose minimum is, or will be, asked for besides what was worked so far, and how much of it; None where nothing is."""
    if engagement.state == EngagementState.WITHDRAWN:
        return None
    topped_up = BilledMinimum.objects.filter(engagement=engagement, line__invoice__number__isnull=False)
    if topped_up.filter(Q(credited_by=None) | Q(credited_by__for_good=True)).exists():
        return None
    [number] = ask("SELECT minimum_signed(%s)", engagement.pk)
    approval = Approval.objects.filter(pk=number).select_related("offer").first()
    left = left_to_minimum([approval])[approval.pk] if approval else Decimal(0)
    return (approval, left) if left else None


def top_up(approval: Approval, planned: Iterable) -> TopUp | None:
    """What is asked for beside the lines that are planned for its engagement; nothing while some of its time is on no line.

    `approval` as `unbilled` has it; the lines are planning.PlannedLine.
    """
    lines = [
        line for line in planned if line.entries and line.approval.engagement_id == approval.engagement_id
    ]
    if approval.lacking > sum(len(line.entries) for line in lines):
        return None
    found = TopUp(approval, approval.charged + sum((line.net.amount for line in lines), Decimal(0)))
    return found if found.amount > 0 else None


def counted(line: InvoiceLine) -> QuerySet[InvoiceLine]:
    """The lines that an issued top-up was worked out from: those of its engagement that stood as it was issued."""
    at, number = line.invoice.issued_at, line.invoice.number
    by_then = Q(invoice__issued_at__lt=at) | Q(invoice__issued_at=at, invoice__number__lte=number)
    credited = InvoiceLine.objects.filter(by_then, credits=OuterRef("pk"))
    rows = InvoiceLine.objects.filter(
        by_then,
        ~Exists(credited),
        approval__engagement=line.approval.engagement_id,
        kind__in=(InvoiceLine.Kind.TIME, InvoiceLine.Kind.SURCHARGE),
    )
    return rows.select_related("invoice").order_by("invoice__issued_at", "invoice__number", "position")

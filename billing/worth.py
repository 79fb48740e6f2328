"""What is used of approvals in money: what their invoices ask for it, the other minutes at their rates."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import BigIntegerField, Count, F, Func, Q, Sum

from billing import asked
from billing.models import Added, Approval, Delivery, Offer, TimeEntry
from billing.money import price

DUE = Func("engagement", function="minimum_due", output_field=BigIntegerField())
COUNTED = {
    "out_of_hours": Sum("billed_minutes", filter=Q(out_of_hours=True), default=0),
    "on_site": Sum("billed_minutes", filter=Q(on_site=True), default=0),
    "visits": Count("pk", filter=Q(visit=True)),
}


def used(approvals: Iterable[Approval]) -> dict[int, Decimal]:
    """Approval → what its booked time comes to before tax; surcharges are asked for only where an offer names one.

    A fixed price counts once delivered, what is left to a minimum once the engagement is done.
    """
    approvals = list(approvals)
    worth = _used(approvals)
    if named := [each.pk for each in approvals if each.offer.minimum_charge]:
        due = Approval.objects.filter(pk__in=named).annotate(due=DUE).filter(due=F("pk"))
        for approval, left in left_to_minimum(due.select_related("offer")).items():
            worth[approval] += left
    return worth


def left_to_minimum(due: Iterable[Approval]) -> dict[int, Decimal]:
    """Approvals whose minimum is due → what is asked for besides the time and surcharges of their engagements; 0 for nothing."""
    due = list(due)
    rows = Approval.objects.filter(engagement__in={each.engagement_id for each in due}, offer__fixed_price=0)
    by_hour = list(rows.select_related("offer", "balance")) if due else []
    worth, came_to = _used(by_hour), defaultdict(Decimal)
    for each in by_hour:
        came_to[each.engagement_id] += worth[each.pk]
    return {each.pk: max(each.offer.minimum_charge - came_to[each.engagement_id], Decimal(0)) for each in due}


def _used(approvals: list[Approval]) -> dict[int, Decimal]:
    lines = asked.invoiced(each.pk for each in approvals)
    worth = {each.pk: _hours(each.offer, "", each.balance.used, lines[each.pk, ""]) for each in approvals}
    fixed = {each.pk: each.offer.fixed_price for each in approvals if each.offer.fixed_price}
    if fixed:
        standing = Delivery.objects.filter(approval__in=fixed).exclude(billed__credited_by__for_good=True)
        for delivered in standing.values_list("approval", flat=True):
            worth[delivered] += fixed[delivered]
    with_more = {each.pk: each.offer for each in approvals if each.offer.in_hours_id or each.offer.visits}
    if with_more:
        rows = TimeEntry.objects.approved().filter(approval__in=with_more).values("approval")
        for row in rows.annotate(**COUNTED):
            pk, offer = row["approval"], with_more[row["approval"]]
            worth[pk] += row["visits"] * offer.visit_price
            for kind in (Added.OUT_OF_HOURS, Added.ON_SITE):
                worth[pk] += _hours(offer, kind, row[kind], lines[pk, kind])
    return worth


def _hours(offer: Offer, kind: str, minutes: int, invoiced: tuple[int, Decimal]) -> Decimal:
    """Invoices round each of their lines: only what stands on none is priced here, and nothing past what was signed."""
    on_lines, net = invoiced
    rate = getattr(offer, asked.HOURLY[kind])
    return net + min(price(minutes - on_lines, rate), asked.left(offer.cap, rate, net))

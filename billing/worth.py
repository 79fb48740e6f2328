"""What is used of approvals in money: each one's minutes at its rate, and the surcharges on them."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Count, Q, Sum

from billing.models import Approval, Delivery, Offer, TimeEntry
from billing.money import price

COUNTED = {
    "out_of_hours": Sum("billed_minutes", filter=Q(out_of_hours=True), default=0),
    "on_site": Sum("billed_minutes", filter=Q(on_site=True), default=0),
    "visits": Count("pk", filter=Q(visit=True)),
}


def used(approvals: Iterable[Approval]) -> dict[int, Decimal]:
    """Approval → what its booked time comes to before tax; surcharges are asked for only where an offer names one."""
    approvals = list(approvals)
    worth = {each.pk: price(each.balance.used, each.offer.rate) for each in approvals}
    fixed = {each.pk: each.offer.fixed_price for each in approvals if each.offer.fixed_price}
    if fixed:
        for delivered in Delivery.objects.filter(approval__in=fixed).values_list("approval", flat=True):
            worth[delivered] += fixed[delivered]
    with_more = {each.pk: each.offer for each in approvals if each.offer.in_hours_id or each.offer.visits}
    if with_more:
        rows = TimeEntry.objects.approved().filter(approval__in=with_more).values("approval")
        for row in rows.annotate(**COUNTED):
            worth[row["approval"]] += _added(with_more[row["approval"]], row)
    return worth


def _added(offer: Offer, counted: dict[str, int]) -> Decimal:
    hours = price(counted["out_of_hours"], offer.out_of_hours_rate)
    return hours + price(counted["on_site"], offer.on_site_rate) + counted["visits"] * offer.visit_price

"""Service reviews: whose and of which months one may read, and one of them."""

from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from escalations import zones
from escalations.figures import MONTHS
from escalations.months import Month
from escalations.review import review
from support.models import Customer, Ticket
from support.refusal import Refused

PER_PAGE, SHOWN = 25, 12  # customers on a page, newest months of each


@require_safe
def review_list(request):
    first = Ticket.objects.filter(customer=OuterRef("pk")).order_by("opened_at").values("opened_at")[:1]
    customers = Customer.objects.visible_to(request.user).annotate(
        first_at=Subquery(first), zones=zones.said("pk")
    )
    page = Paginator(customers.order_by("name", "id"), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(customer, _months(customer, timezone.now())) for customer in page]
    return render(request, "escalations/review_list.html", {"page": page, "rows": rows})


@require_safe
def review_page(request, code, month):
    seen, at = Customer.objects.visible_to(request.user), timezone.now()
    seen = seen.select_related("legal_entity").annotate(zones=zones.said("pk"))
    customer = get_object_or_404(seen, code=code)
    try:
        months = zones.months_of(customer, month, at, MONTHS)
    except Refused as wrong:
        facts = {"customer": customer, "sentence": wrong.sentence}
        return render(request, "escalations/review_none.html", facts, status=404)
    told, place = review(customer, months, at=at, zone=timezone.get_current_timezone()), months[-1]
    later = place.back(-1)
    facts = {"review": told, "earlier": place.back(1), "later": later if place.end <= at else None}
    return render(request, "escalations/review_page.html", facts)


def _months(customer: Customer, at) -> list[Month]:
    """From its first ticket's to the one that goes on, newest first; none before there was a ticket."""
    if customer.first_at is None:
        return []
    first, month, found = (
        Month.of(customer.first_at, ZoneInfo(customer.time_zone)),
        zones.current(customer, at),
        [],
    )
    while (month.year, month.month) >= (first.year, first.month) and len(found) < SHOWN:
        found.append(month)
        month = month.back(1)
    return found

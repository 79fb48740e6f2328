"""Availability of all contracts in a month, those that are not held first, with the outages that made what is missing."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from escalations import uptimes
from escalations.months import Month
from escalations.review_uptime import when
from support import saying
from support.models import Contract, Customer
from support.refusal import Refused

PER_PAGE = 25  # contracts on a page


@require_safe
def availability_list(request):
    at, zone = timezone.now(), timezone.get_current_timezone()
    wrong, month = "", Month.of(at, zone)
    try:
        month = Month.read(request.GET.get("month", f"{month}"), zone).begun(at)
    except Refused as refused:
        wrong = refused.sentence
    seen = Contract.objects.filter(holder__in=Customer.objects.visible_to(request.user))
    page = Paginator(uptimes.of_month(seen, month.first_day, at), PER_PAGE).get_page(request.GET.get("page"))
    later = month.back(-1)
    facts = {
        "page": page,
        "rows": [(each, *_when(each, zone)) for each in page],
        "month": month,
        "earlier": month.back(1),
        "later": later if later.start <= at else None,
        "wrong": wrong,
    }
    return render(request, "escalations/availability_list.html", facts, status=422 if wrong else 200)


def _when(each, zone):
    """Its outages and windows, each with its period in the reader's zone."""
    hits = [(hit, when(hit, each.standing.cut, zone)) for hit in each.hits]
    return hits, [(row, saying.period(row.begins_at, row.until, zone)) for row in each.windows]

"""Objectives of all contracts in a month, those that are not held first."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from escalations.months import Month
from escalations.objectives import kept
from support.models import Contract, Customer
from support.refusal import Refused

PER_PAGE = 25  # contracts on a page


@require_safe
def objective_list(request):
    at, zone = timezone.now(), timezone.get_current_timezone()
    wrong, month = "", Month.of(at, zone)
    try:
        month = Month.read(request.GET.get("month", f"{month}"), zone).begun(at)
    except Refused as refused:
        wrong = refused.sentence
    seen = Contract.objects.filter(holder__in=Customer.objects.visible_to(request.user))
    found = sorted(kept(seen, month.first_day, at), key=lambda each: each.worst)
    later = month.back(-1)
    facts = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "month": month,
        "earlier": month.back(1),
        "later": later if later.start <= at else None,
        "wrong": wrong,
    }
    return render(request, "escalations/objective_list.html", facts, status=422 if wrong else 200)

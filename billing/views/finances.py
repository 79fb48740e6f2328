"""Finance's own page: what is worked and not paid yet, and which months are to be closed."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing import finances
from support.models import LegalEntity

SHOWN = 200  # invoices of a company


@require_safe
def finance_page(request):
    now = timezone.now()
    found = [finances.books(entity, now) for entity in LegalEntity.objects.order_by("name", "pk")]
    context = {"books": found, "late": finances.COLUMNS, "shown": SHOWN, "several": len(found) > 1}
    return render(request, "billing/finance_page.html", context)

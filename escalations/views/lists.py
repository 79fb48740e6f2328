"""Every escalation on which a ticket stands, those that nobody has taken first."""

from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from escalations.models import Escalation
from support import saying
from support.models import Ticket
from support.models.tickets import UNDONE

PER_PAGE = 25


@require_safe
def escalation_list(request):
    at, only = timezone.now(), request.GET.get("show") == "unacknowledged"
    seen = Ticket.objects.visible_to(request.user).filter(state__in=UNDONE)
    found = Escalation.objects.standing().filter(ticket__in=seen)
    if only:
        found = found.filter(acknowledgement=None)
    found = found.select_related("ticket__customer", "contact", "acknowledgement")
    ordered = found.order_by(F("acknowledgement__at").asc(nulls_first=True), "raised_at", "id")
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(row, saying.here(row.raised_at, at), _taken(row, at)) for row in page]
    facts = {"page": page, "rows": rows, "only": only}
    return render(request, "escalations/escalation_list.html", facts)


def _taken(row: Escalation, at) -> str:
    taken = getattr(row, "acknowledgement", None)
    return f"{taken.actor_name}, {saying.here(taken.at, at)}" if taken else ""

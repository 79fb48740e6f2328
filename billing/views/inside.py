"""A ticket's time under the contract: what was worked, one more entry, and a mistake taken back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from billing import inside
from billing.forms.time import TicketTimeForm, TimeCancelForm
from billing.models import TicketTime
from billing.views.verbs import carried_out
from support import saying
from support.once import once
from support.views.tickets import seen

SHOWN = 100  # entries, the newest


@require_http_methods(["GET", "HEAD", "POST"])
def inside_page(request, number):
    ticket = seen(request, number)
    return _recorded(request, ticket) if request.method == "POST" else _page(request, ticket)


@once
def _recorded(request, ticket):
    form = TicketTimeForm(request.POST)
    if carried_out(
        request, form, lambda said, by, at: inside.record(ticket, person=request.user, **said, by=by, at=at)
    ):
        messages.success(request, _("Recorded; it is not billed."))
        return redirect("billing:inside-page", ticket.number)
    return _page(request, ticket, form, status=422)


@require_POST
@once
def inside_cancel(request, number, entry):
    ticket = seen(request, number)
    worked = get_object_or_404(TicketTime, ticket=ticket, pk=entry)
    form = TimeCancelForm(request.POST, auto_id=f"cancel_{entry}_%s")
    if carried_out(request, form, lambda said, by, at: inside.cancel(worked, **said, by=by, at=at)):
        return redirect("billing:inside-page", number)
    return _page(request, ticket, cancel=form, row=entry, status=422)


def _page(request, ticket, form=None, cancel=None, row=None, status=200):
    entries = list(TicketTime.objects.filter(ticket=ticket).select_related("person")[:SHOWN])
    counted = TicketTime.objects.live().filter(ticket=ticket)
    context = {
        "ticket": ticket,
        "form": form or TicketTimeForm(),
        "entries": [
            (
                entry,
                cancel if entry.pk == row and cancel else TimeCancelForm(auto_id=f"cancel_{entry.pk}_%s"),
                entry.pk == row,
            )
            for entry in entries
        ],
        "total": saying.duration(sum(entry.minutes for entry in counted)),
        "shown": SHOWN if len(entries) == SHOWN else 0,
    }
    return render(request, "billing/inside_page.html", context, status=status)

"""A customer's own tickets: the list, one of them, and a word to the desk."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from support import saying, versions
from support.clocks.terms import Owes
from support.desk.shown import shown
from support.explaining import explain
from support.forms.portal import OwnReplyForm
from support.forms.priority import priority_name
from support.models import TicketState
from support.models.waits import REASONS
from support.once import once
from support.portal import tickets as portal
from support.refusal import Refused
from support.views.tickets import seen

PER_PAGE = 25


@require_safe
def own_list(request):
    now, state = timezone.now(), "all" if request.GET.get("state") == "all" else "open"
    page = Paginator(portal.tickets_of(request.user, state), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        (
            ticket,
            saying.here(ticket.opened_at, now),
            saying.here(ticket.next_due_at, now) if ticket.undone and ticket.next_due_at else "",
            bool(ticket.undone and ticket.next_due_at and ticket.next_due_at <= now),
        )
        for ticket in page
    ]
    several = portal.sees_several_companies(request.user)
    return render(
        request,
        "support/own_list.html",
        {"page": page, "rows": rows, "state": state, "several": several},
    )


@require_safe
def own_page(request, number):
    return show(request, seen(request, number))


@require_POST
@once
def own_reply(request, number):
    ticket = seen(request, number)
    form = OwnReplyForm(request.POST, request.FILES)
    if form.is_valid():
        said = form.cleaned_data
        try:
            portal.write(ticket, request.user, said["text"], said["files"], at=timezone.now())
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            messages.success(request, _("The desk has it."))
            return redirect("support:own-page", number)
    return show(request, ticket, form, status=422)


def show(request, ticket, form=None, status=200, **bound):
    """The page of a customer's ticket; `bound` are the forms of its panels that came back with errors."""
    now, zone = timezone.now(), timezone.get_current_timezone()
    clocks = list(ticket.clocks.exclude(owed_by=Owes.VENDOR).order_by("position"))  # what others owe the desk
    why = next((clock for clock in clocks if clock.key == request.GET.get("why")), None)
    steps = versions.definition(ticket.service).priorities if ticket.service else ()
    level = next((step for step in steps if step.code == ticket.priority), None)
    reasons = dict(REASONS)
    context = {
        "ticket": ticket,
        "priority": priority_name(level) if level else ticket.priority,
        "opened": saying.here(ticket.opened_at, now),
        "clocks": [shown(clock, now) for clock in clocks if clock.open],
        "ended": [shown(clock, now) for clock in reversed(clocks) if not clock.open],
        "why": explain(why, zone) if why else None,
        "waits": [
            (reasons[wait.reason], saying.here(wait.started_at, now))
            for wait in ticket.waits.filter(ended_at=None)
        ],
        "days": portal.timeline(ticket, now),
        "earlier": 0,
        "closed": ticket.state == TicketState.CLOSED,
        "form": form or OwnReplyForm(),
        "forms": bound,
    }
    return render(request, "support/own_page.html", context, status=status)

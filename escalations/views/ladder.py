"""Going up the ladder of a ticket, taking a level, stepping down."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from escalations.forms import EscalationCloseForm, TicketEscalateForm
from escalations.ladder import Standing, need_ladder
from escalations.models import Escalation
from support.actors import Actor
from support.models import Ticket
from support.once import once
from support.refusal import Refused


@require_POST
@once
def ticket_escalate(request, number):
    ticket, at = _ticket(request, number), timezone.now()
    last = Escalation.current(ticket)
    standing = Standing(need_ladder(ticket), last.standing() if last else None)
    form = TicketEscalateForm(request.POST, ticket=ticket, standing=standing, user=request.user, at=at)
    if form.is_valid():
        try:
            Escalation.escalate(ticket, by=Actor.of(request.user), at=at, **form.words())
        except Refused as refused:
            if refused.field not in form.fields:
                raise
            form.add_error(refused.field, refused.sentence)
        else:
            return redirect(ticket)
    return _again(request, ticket, escalate_form=form)


@require_POST
@once
def escalation_acknowledge(request, number):
    ticket = _ticket(request, number)
    _current(ticket).acknowledge(by=Actor.of(request.user), at=timezone.now())
    return redirect(ticket)


@require_POST
@once
def escalation_close(request, number):
    ticket = _ticket(request, number)
    escalation, form = _current(ticket), EscalationCloseForm(request.POST)
    if not form.is_valid():
        return _again(request, ticket, close_form=form)
    escalation.close(by=Actor.of(request.user), at=timezone.now(), **form.cleaned_data)
    return redirect(ticket)


def _ticket(request, number: str) -> Ticket:
    seen = Ticket.objects.visible_to(request.user).select_related("service", "raised_by")
    return get_object_or_404(seen, number=number)


def _current(ticket: Ticket) -> Escalation:
    if (current := Escalation.current(ticket)) is None:
        raise Refused(_("Ticket %(number)s is not escalated.") % {"number": ticket.number})
    return current


def _again(request, ticket: Ticket, **forms):
    """The panel alone, with what was typed and what is wrong with it."""
    return render(request, "escalations/ticket_escalate.html", {"ticket": ticket, **forms}, status=422)

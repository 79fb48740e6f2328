"""Going up the ladder of a ticket, taking a level, stepping down."""

from django.db import transaction
from django.shortcuts import redirect
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
from support.views.tickets import seen, show


@require_POST
@once
def ticket_escalate(request, number):
    ticket, at = seen(request, number), timezone.now()
    last = Escalation.current(ticket)
    standing = Standing(need_ladder(ticket), last.standing() if last else None)
    form = TicketEscalateForm(request.POST, ticket=ticket, standing=standing, user=request.user, at=at)
    if form.is_valid():
        try:
            with transaction.atomic():  # a refusal half way leaves nothing behind
                Escalation.escalate(ticket, by=Actor.of(request.user), at=at, **form.words())
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            return redirect(ticket)
    ticket.refresh_from_db()
    return show(request, ticket, status=422, escalate=form)


@require_POST
@once
def escalation_acknowledge(request, number):
    ticket = seen(request, number)
    _current(ticket).acknowledge(by=Actor.of(request.user), at=timezone.now())
    return redirect(ticket)


@require_POST
@once
def escalation_close(request, number):
    ticket = seen(request, number)
    escalation, form = _current(ticket), EscalationCloseForm(request.POST)
    if not form.is_valid():
        return show(request, ticket, status=422, deescalate=form)
    escalation.close(by=Actor.of(request.user), at=timezone.now(), **form.cleaned_data)
    return redirect(ticket)


def _current(ticket: Ticket) -> Escalation:
    if (current := Escalation.current(ticket)) is None:
        raise Refused(_("Ticket %(number)s is not escalated.") % {"number": ticket.number})
    return current

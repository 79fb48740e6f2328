"""Going up the ladder of a ticket, accepting or declining it, taking a level, acting, stepping down, closing."""

from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from escalations import about, forms
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
    standing = Escalation.standing_of(ticket)
    form = forms.TicketEscalateForm(request.POST, ticket=ticket, standing=standing, user=request.user, at=at)
    if form.is_valid() and _took(
        form, lambda: Escalation.escalate(ticket, **_who(request, at), **form.words())
    ):
        return redirect(ticket)
    ticket.refresh_from_db()
    return show(request, ticket, status=422, escalate=form)


@require_POST
@once
def escalation_accept(request, number):
    ticket = seen(request, number)
    _meant(request, ticket).accept(**_who(request))
    return redirect(ticket)


@require_POST
@once
def escalation_decline(request, number):
    ticket = seen(request, number)
    form = forms.EscalationDeclineForm(request.POST, ticket=ticket)
    return _act(request, ticket, "decline", form, _meant(request, ticket).decline)


@require_POST
@once
def escalation_acknowledge(request, number):
    ticket = seen(request, number)
    _meant(request, ticket).acknowledge(**_who(request))
    return redirect(ticket)


@require_POST
@once
def escalation_act(request, number):
    ticket = seen(request, number)
    return _act(request, ticket, "act", forms.EscalationActForm(request.POST), _meant(request, ticket).act)


@require_POST
@once
def escalation_step_down(request, number):
    ticket = seen(request, number)
    form = forms.EscalationStepDownForm(request.POST)
    return _act(request, ticket, "stepdown", form, _meant(request, ticket).step_down)


@require_POST
@once
def escalation_close(request, number):
    ticket = seen(request, number)
    form = forms.EscalationCloseForm(request.POST)
    return _act(request, ticket, "deescalate", form, _meant(request, ticket).close)


def _act(request, ticket: Ticket, name: str, form, verb):
    """The form's words to the verb; the page again with errors beside their fields, and with 409 where a rule said no."""
    typed = form.is_valid()
    if typed and _took(form, lambda: verb(**_who(request), **form.cleaned_data)):
        return redirect(ticket)
    ticket.refresh_from_db()
    return show(request, ticket, status=409 if typed else 422, **{name: form})


def _took(form, act) -> bool:
    """Whether it was done; what was refused stands beside its field, and nothing of it is left."""
    try:
        with transaction.atomic():
            act()
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    return form.is_valid()


def _who(request, at=None) -> dict:
    return {"by": Actor.of(request.user), "at": at or timezone.now()}


def _meant(request, ticket: Ticket) -> Escalation:
    """The escalation that was on the page; its verbs refuse where the ticket stands on another one by now."""
    if Escalation.current(ticket) is None:
        raise Refused(_("Ticket %(number)s is not escalated.") % {"number": ticket.number})
    meant = Escalation.objects.of(ticket).filter(position=about.number(request)).first()
    if meant is None:
        raise Refused(_("Ticket %(number)s has no such escalation.") % {"number": ticket.number})
    return meant

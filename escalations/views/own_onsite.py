"""The customer asks for onsite assistance on his ticket, reads how it stands, and cancels what nobody has begun."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing.views.verbs import carried_out
from escalations import onsite, onsite_pages
from escalations.forms_onsite import AccessForm, AnswerForm, HandsForm
from escalations.models import Help, OnsiteState
from escalations.views.onsite import request_on
from support.once import once
from support.portal.tickets import contact_for
from support.refusal import Refused
from support.views.tickets import seen


@require_safe
def own_onsite(request, number):
    return _show(request, seen(request, number))


@require_POST
@once
def own_hands(request, number):
    return _asked(request, seen(request, number), Help.HANDS, HandsForm, onsite.ask_hands)


@require_POST
@once
def own_access(request, number):
    return _asked(request, seen(request, number), Help.ACCESS, AccessForm, onsite.ask_access)


@require_POST
@once
def own_cancel(request, number, position):
    ticket = seen(request, number)
    row = request_on(ticket, position)
    _asker(request, ticket)
    if OnsiteState.CANCELLED not in row.following:
        raise Refused(onsite.not_following(row, OnsiteState.CANCELLED))
    form = AnswerForm(request.POST, of=row, kind=OnsiteState.CANCELLED.value)
    if carried_out(
        request, form, lambda said, by, at: onsite.step(row, OnsiteState.CANCELLED, **said, by=by, at=at)
    ):
        return redirect("escalations:own-onsite", number)
    return _show(request, ticket, {(row.position, "cancelled"): form}, status=422)


def _asker(request, ticket):
    """As whom this person asks; Refused for whoever is not authorised."""
    contact = contact_for(request.user, ticket)
    if contact is None or not contact.asks_onsite:
        raise Refused(_("You are not among those who ask for onsite assistance here: the desk can add you."))
    return contact


def _asked(request, ticket, kind, form_class, verb):
    asker = _asker(request, ticket)
    if kind not in onsite.known(ticket):
        raise Refused(onsite.unknown_sentence())
    form = form_class(request.POST, ticket=ticket, asker=asker)
    if carried_out(request, form, lambda said, by, at: verb(ticket, **form.said(), by=by, at=at)):
        return redirect("escalations:own-onsite", ticket.number)
    return _show(request, ticket, {kind.value: form}, status=422)


def _show(request, ticket, bound=None, status=200):
    bound, at = bound or {}, timezone.now()
    contact = contact_for(request.user, ticket)
    asks = contact is not None and contact.asks_onsite
    rows = []
    for row in onsite_pages.requests_of(ticket):
        verbs = onsite_pages.verbs_of(row, bound, own=True) if asks else ()
        rows.append(onsite_pages.shown(row, at, verbs))
    facts = {
        "ticket": ticket,
        "rows": rows,
        "knows": bool(onsite.known(ticket)),
        "asks": asks,
        "forms": onsite_pages.asking(ticket, contact, bound) if asks else {},
    }
    return render(request, "escalations/own_onsite.html", facts, status=status)

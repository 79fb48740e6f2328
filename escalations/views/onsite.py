"""Onsite assistance at the desk: the list, a ticket's page, and each request and step as a POST."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from billing.views.verbs import carried_out
from escalations import onsite, onsite_pages
from escalations.forms_onsite import STEPS, AccessForm, HandsForm
from escalations.models import Help, OnsiteRequest, OnsiteState
from support import roles
from support.once import once
from support.refusal import Refused
from support.views.tickets import seen

PER_PAGE = 25


@require_safe
def onsite_list(request):
    said = {name: request.GET.get(name, "").strip()[:100] for name in ("kind", "state", "text")}
    found = onsite_pages.found(OnsiteRequest.objects.visible_to(request.user), **said)
    found = (
        found.select_related("ticket__customer", "contact")
        .prefetch_related("steps__visitors")
        .order_by("at", "id")
    )
    page, at = Paginator(found, PER_PAGE).get_page(request.GET.get("page")), timezone.now()
    rows = [onsite_pages.shown(row, at) for row in page]
    facts = {"page": page, "rows": rows, "said": said, "kinds": Help.choices, "states": OnsiteState.choices}
    return render(request, "escalations/onsite_list.html", facts)


@require_safe
def onsite_page(request, number):
    return _show(request, seen(request, number))


@require_POST
@once
def onsite_hands(request, number):
    return _asked(request, seen(request, number), Help.HANDS, HandsForm, onsite.ask_hands)


@require_POST
@once
def onsite_access(request, number):
    return _asked(request, seen(request, number), Help.ACCESS, AccessForm, onsite.ask_access)


@require_POST
@once
def onsite_step(request, number, position, kind):
    ticket = seen(request, number)
    row = request_on(ticket, position)
    if kind not in STEPS:
        raise Http404
    form = STEPS[OnsiteState(kind)](request.POST, of=row, kind=kind)
    if kind not in row.following:
        raise Refused(onsite.not_following(row, kind))
    if carried_out(request, form, lambda said, by, at: onsite.step(row, kind, **said, by=by, at=at)):
        return redirect(row)
    ticket.refresh_from_db()
    return _show(request, ticket, {(row.position, kind): form}, status=422)


def request_on(ticket, position) -> OnsiteRequest:
    row = get_object_or_404(OnsiteRequest, ticket=ticket, position=position)
    row.ticket = ticket
    return row


def _asked(request, ticket, kind, form_class, verb):
    if kind not in onsite.known(ticket):
        raise Refused(onsite.unknown_sentence())
    form = form_class(request.POST, ticket=ticket)
    if carried_out(request, form, lambda said, by, at: verb(ticket, **form.said(), by=by, at=at)):
        return redirect("escalations:onsite-page", ticket.number)
    ticket.refresh_from_db()
    return _show(request, ticket, {kind.value: form}, status=422)


def _show(request, ticket, bound=None, status=200):
    bound, at = bound or {}, timezone.now()
    acts = roles.may_open(request.user, "escalations:onsite-hands")
    rows = [
        onsite_pages.shown(row, at, onsite_pages.verbs_of(row, bound) if acts else ())
        for row in onsite_pages.requests_of(ticket)
    ]
    facts = {
        "ticket": ticket,
        "rows": rows,
        "knows": bool(onsite.known(ticket)),
        "nobody": onsite_pages.nobody(ticket),
        "forms": onsite_pages.asking(ticket, None, bound) if acts else {},
    }
    return render(request, "escalations/onsite_page.html", facts, status=status)

"""Hand-offs: the board, a ticket's own page, and a verb for each step."""

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.views.stale import attempted, renew
from billing.views.verbs import carried_out
from escalations import about, handing, handoff_pages, rota
from escalations.forms_handoff import FORMS, HandOffWriteForm
from escalations.handoff_board import board
from escalations.models import HandOff
from escalations.relay import Crossing
from escalations.rota import Relay
from support.once import once
from support.refusal import Refused
from support.views.tickets import seen


@require_safe
def handoff_board(request):
    """All of it, or with `?unaccepted` what somebody has to see to now."""
    now = timezone.now()
    facts = {"board": board(request.user, now), "now": now, "as_of": f"{timezone.localtime(now):%H:%M:%S}"}
    facts["only"] = "unaccepted" in request.GET
    name = "handoff_live" if request.htmx else "handoff_board"
    response = render(request, f"escalations/{'_' * bool(request.htmx)}{name}.html", facts)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def handoff_write(request, number):
    if request.method == "POST":
        return _offered(request, number)
    return _show(request, seen(request, number))


@once
def _offered(request, number):
    ticket = seen(request, number)
    form = _write_form(ticket, request.POST)
    status = attempted(request, form, lambda said, by, at: _offer(ticket, form, by, at))
    if status == 302:
        return redirect("escalations:handoff-write", ticket.number)
    ticket.refresh_from_db()
    if status == 409:
        _relay, crossing = _crossing(ticket)
        renew(form, closing=crossing.at.isoformat() if crossing else "")
    return _show(request, ticket, status=status, write=form)


def _offer(ticket, form, by, at):
    handing.offer(ticket, **form.offered(), by=by, at=max(at, ticket.changed_at))


@require_POST
@once
def handoff_accept(request, number):
    return _done(request, number, "accept", handing.accept)


@require_POST
@once
def handoff_ask(request, number):
    return _done(request, number, "ask", handing.ask_back)


@require_POST
@once
def handoff_answer(request, number):
    return _done(request, number, "answer", handing.answer)


@require_POST
@once
def handoff_withdraw(request, number):
    return _done(request, number, "withdraw", handing.take_back)


def _done(request, number, name, verb) -> HttpResponse:
    """The ticket's hand-off again, with what was done; 409 in words where somebody else was faster."""
    ticket = seen(request, number)
    handoff = _meant(request, ticket)
    form = FORMS[name](request.POST, auto_id=f"{name}_%s")
    if carried_out(request, form, lambda said, by, at: verb(handoff, **said, by=by, at=at)):
        return redirect("escalations:handoff-write", ticket.number)
    if name == "accept":
        raise Refused(form.non_field_errors()[0])
    ticket.refresh_from_db()
    _meant(request, ticket)  # refused in words where it has ended in this very moment
    return _show(request, ticket, status=422 if handoff.is_open else 409, **{name: form})


def _meant(request, ticket) -> HandOff:
    """The hand-off that was on the page, whose verbs refuse once it is over; Refused at once where no other one is open."""
    rows = ticket.handoffs.select_related("from_region", "to_region", "from_person", "to_person")
    if (last := rows.order_by("position").last()) is None:
        raise Refused(_("Nobody has offered a hand-off of %(number)s.") % {"number": ticket.number})
    if not last.is_open:
        raise Refused(handing.over_sentence(last))
    if (handoff := rows.filter(position=about.number(request)).first()) is None:
        raise Refused(_("There is no such hand-off of %(number)s.") % {"number": ticket.number})
    handoff.ticket = ticket
    return handoff


def _crossing(ticket) -> tuple[Relay | None, Crossing | None]:
    """For which closing of which regions a hand-off is written now."""
    relay = rota.relay_of(ticket)
    return relay, handing.crossing_for(ticket, relay, timezone.now()) if relay else None


def _write_form(ticket, data=None) -> HandOffWriteForm:
    relay, crossing = _crossing(ticket)
    region = handoff_pages.receiving(relay, crossing, timezone.now()) if crossing else ""
    closing = crossing.at.isoformat() if crossing else ""
    initial = None if data else {**handoff_pages.prefilled(ticket), "closing": closing}
    return HandOffWriteForm(data, region=region, owner=ticket.owner_id, initial=initial)


def _show(request, ticket, status=200, **bound) -> HttpResponse:
    if not ticket.undone and not bound and not ticket.handoffs.exists():
        raise Refused(
            _("Ticket %(number)s is done: there is nothing to hand over.") % {"number": ticket.number}
        )
    rows = ticket.handoffs.with_closings().order_by("-position")
    rows = list(rows.select_related("from_region", "to_region", "from_person", "to_person"))
    prefetch_related_objects(rows, "steps")
    for row in rows:
        row.ticket = ticket
    facts = handoff_pages.facts_of(ticket, rows, request.user, timezone.now())
    forms = {name: bound.get(name) or form(auto_id=f"{name}_%s") for name, form in FORMS.items()}
    if facts["may_write"] or "write" in bound:
        forms["write"] = bound.get("write") or _write_form(ticket)
    facts |= {"ticket": ticket, "forms": forms, "bound": dict.fromkeys(bound, True)}
    return render(request, "escalations/handoff_write.html", facts, status=status)

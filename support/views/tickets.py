"""The ticket page, and raising a ticket."""

from functools import cache

from django.db.models import BigIntegerField, Prefetch, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from support import saying, versions
from support.actors import Actor
from support.clocks.terms import ClockKind
from support.desk import effort, opening, telling
from support.desk.priority import open_claim
from support.desk.shown import shown
from support.explaining import explain
from support.explaining.words import KINDS
from support.forms import priority as levels
from support.forms import tickets as forms
from support.models import Clock, Contract, Customer, Event, Ticket
from support.models.waits import REASONS
from support.once import once
from support.prepared import Given, PreparedModels
from support.refusal import Refused
from support.rendering import blank

NAMED = ("customer", "contract", "owner", "product", "raised_by")
ENTRIES = 60  # of a timeline, until somebody asks for all


@require_safe
def ticket_page(request, number):
    return show(request, seen(request, number))


def seen(request, number) -> Ticket:
    """The ticket, where this person may see it; 404 otherwise."""
    if request.user.is_staff:  # who sees every ticket
        found = _by_number().rows(number=number)
    else:
        found = Ticket.objects.visible_to(request.user).select_related(*NAMED).filter(number=number)
    ticket = next(iter(found), None)
    if ticket is None:
        raise Http404
    if ticket.service_id:
        ticket.service = versions.stored(ticket.service_id)
    return ticket


@cache
def _by_number() -> PreparedModels[Ticket]:
    number = Given("number", Ticket._meta.get_field("number"))
    return PreparedModels(Ticket.objects.select_related(*NAMED).filter(number=number))


@cache
def _events() -> PreparedModels[Event]:
    return PreparedModels(
        Event.objects.filter(ticket=Given("ticket", BigIntegerField())).order_by("-seq")[:ENTRIES]
    )


def show(request, ticket, status=200, **bound) -> HttpResponse:
    """The ticket page; `bound` are forms that came back with errors, by their verb."""
    now = timezone.now()
    # The panels read them too, without asking again.
    prefetch_related_objects([ticket], "waits", Prefetch("clocks", Clock.objects.order_by("position")))
    waits = list(ticket.waits.all())
    events = (
        list(ticket.events.order_by("-seq")) if request.GET.get("all") else _events().rows(ticket=ticket.pk)
    )
    days, earlier = telling.timeline(ticket, events, waits, now)
    rows = [(clock, shown(clock, now)) for clock in ticket.clocks.all()]
    reasons = dict(REASONS)
    awaited = [
        (
            wait,
            reasons[wait.reason],
            saying.here(wait.started_at, now),
            saying.here(wait.wake_at, now) if wait.wake_at else "",
        )
        for wait in waits
        if wait.ended_at is None
    ]
    steps = (
        {step.code: step for step in versions.definition(ticket.service).priorities} if ticket.service else {}
    )
    context = {
        "ticket": ticket,
        "clocks": [clock for row, clock in rows if row.open],
        "ended": [clock for row, clock in reversed(rows) if not row.open],
        "waits": awaited,
        "days": days,
        "earlier": earlier,
        "opened": saying.here(ticket.opened_at, now),
        "priority": levels.priority_name(steps[ticket.priority])
        if ticket.priority in steps
        else ticket.priority,
        "scale": len(steps),
        "claimed": open_claim(ticket, events) if ticket.undone and ticket.service else None,
        "switchable": ticket.undone and effort.is_switchable(ticket),
        "promised": any(row.kind == ClockKind.COMMITTED and row.open for row, _clock in rows),
        "why": _why([row for row, clock in rows], request.GET.get("why")),
        "forms": {**_forms(ticket), **bound},
        "bound": dict.fromkeys(bound, True),
    }
    return render(request, "support/ticket_page.html", context, status=status)


def _why(clocks: list[Clock], key: str | None):
    """The clock that somebody asks about, explained in his zone."""
    clock = next((clock for clock in clocks if clock.key == key), None)
    return explain(clock, timezone.get_current_timezone()) if clock else None


BLANK = {
    "note": forms.TicketNoteForm,
    "receive": forms.TicketReceiveForm,
    "call": forms.TicketCallForm,
    "attach": forms.TicketAttachForm,
    "promise": forms.TicketPromiseForm,
    "unpromise": forms.TicketUnpromiseForm,
    "wait": forms.TicketWaitForm,
    "effort": levels.TicketEffortForm,
    "resolve": forms.TicketResolveForm,
    "reopen": forms.TicketReopenForm,
}
BLANK_FOR = {  # with what the ticket's service knows
    "work": forms.TicketWorkForm,
    "priority": levels.TicketPriorityForm,
    "claim": levels.TicketClaimForm,
    "owner": forms.TicketOwnerForm,
}


def _forms(ticket: Ticket) -> dict:
    """The verbs' forms, empty: most of the page's time would go into those that are the same on every ticket."""
    return {
        "reply": blank(forms.TicketReplyForm),
        **{name: blank(form, f"{name}_%s") for name, form in BLANK.items()},
        **{name: blank(form, f"{name}_%s", **form.facts(ticket)) for name, form in BLANK_FOR.items()},
    }


@require_http_methods(["GET", "HEAD", "POST"])
def ticket_raise(request):
    """First the customer (GET), then what is wrong (POST): the contract and its priorities are shown in between."""
    customer = (
        Customer.objects.visible_to(request.user)
        .filter(active=True, code=request.GET.get("customer", ""))
        .first()
    )
    if customer is None:
        pick = forms.CustomerPickForm(request.GET if "customer" in request.GET else None)
        return render(
            request, "support/ticket_pick.html", {"form": pick}, status=422 if pick.is_bound else 200
        )
    return _raise_for(request, customer)


def _raise_for(request, customer):
    now = timezone.now()
    contracts = list(
        Contract.objects.covering(customer, None, opening.day_of(customer, now)).select_related(
            "support_service"
        )
    )
    named = request.POST.get("contract") or request.GET.get("contract")
    contract = next(
        (each for each in contracts if each.number == named), contracts[0] if len(contracts) == 1 else None
    )
    form = forms.TicketRaiseForm(
        request.POST or None,
        request.FILES or None,
        customer=customer,
        contracts=contracts,
        contract=contract,
        initial={"contract": contract.number if contract else None},
    )
    if request.method == "POST":
        return _raised(request, customer, form, contracts, contract, now)
    return _raise_page(request, customer, form, contracts, contract, now)


@once
def _raised(request, customer, form, contracts, contract, now):
    if form.is_valid():
        said = form.cleaned_data
        by = Actor.of(request.user)
        try:
            ticket = opening.open_ticket(
                customer=customer,
                title=said["title"],
                text=said["text"],
                channel=said["channel"],
                contact=said["contact"],
                product=said["product"],
                contract=said.get("contract"),
                priority=said.get("priority", ""),
                owner=request.user,
                uploads=said["files"],
                by=by,
                at=now,
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            return redirect(ticket)
    return _raise_page(request, customer, form, contracts, contract, now, status=422)


def _raise_page(request, customer, form, contracts, contract, now, status=200):
    context = {"customer": customer, "form": form, "contracts": contracts, "contract": contract}
    if contract and contract.support_service:
        definition = versions.definition(contract.support_service)
        context["service"] = definition
        clocks = opening.preview(contract, definition.assessment.default, now)
        context["preview"] = [
            (KINDS[clock.kind], saying.here(clock.due_at, now)) for clock in clocks if clock.due_at
        ]
        context["default"] = levels.priority_name(definition.step(definition.assessment.default))
    return render(request, "support/ticket_raise.html", context, status=status)

"""What a change would do to every clock of a ticket, before it is confirmed."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from support import versions
from support.clocks.facts import Effort
from support.desk import effort
from support.desk.foresight import foresee
from support.forms import priority as levels
from support.refusal import Refused
from support.views.tickets import seen, show


@require_safe
def priority_foresee(request, number):
    """What another priority would do to every clock, before it is confirmed."""
    ticket, now = seen(request, number), timezone.now()
    form = levels.TicketPriorityForm(
        request.GET, auto_id="priority_%s", **levels.TicketPriorityForm.facts(ticket)
    )
    if not (ticket.undone and ticket.service and form.is_valid()):
        return show(request, ticket, status=422, priority=form)
    said = form.cleaned_data
    if said["priority"] == ticket.priority:
        form.add_error("priority", _("It is %(level)s already.") % {"level": ticket.priority})
        return show(request, ticket, status=422, priority=form)
    definition = versions.definition(ticket.service)
    kind = "priority.agreed" if said["agreed"] else "priority.assessed"
    step = definition.step(said["priority"])
    names = {
        "from_level": levels.priority_name(definition.step(ticket.priority)) if ticket.priority else "",
        "to_level": levels.priority_name(step),
    }
    agreed = {"agreed": "on"} if said["agreed"] else {}
    facts = {
        "ticket": ticket,
        "heading": _("From %(from_level)s to %(to_level)s") % names,
        "lead": step.meaning,
        "changes": foresee(ticket, kind, at=now, level=said["priority"]),
        "action": reverse("support:ticket-priority", args=[ticket.number]),
        "said": {"priority": said["priority"], **agreed},
        "verb": _("Change it to %(to_level)s") % names,
        "kept": _("Recorded as agreed with the customer.")
        if agreed
        else _("Recorded as the desk’s own assessment."),
    }
    return render(request, "support/ticket_foresee.html", facts)


@require_safe
def effort_foresee(request, number):
    """What other hours of work would do to every clock, before it is confirmed."""
    ticket, now = seen(request, number), timezone.now()
    form = levels.TicketEffortForm(request.GET, auto_id="effort_%s")
    if form.is_valid():
        try:
            effort.must_be_possible(ticket, form.cleaned_data["effort"])
        except Refused as refused:
            form.add_error(refused.field, refused.sentence)
    if not form.is_valid():
        return show(request, ticket, status=422, effort=form)
    said = form.cleaned_data
    day_and_night = said["effort"] is Effort.AROUND_THE_CLOCK
    facts = {
        "ticket": ticket,
        "heading": _("Work day and night") if day_and_night else _("Work in the service’s hours"),
        "lead": _("What has counted until now stays counted; the rest counts in the new hours."),
        "changes": foresee(ticket, effort.KIND, at=now, effort=said["effort"].value),
        "action": reverse("support:ticket-effort", args=[ticket.number]),
        "said": {"effort": said["effort"].value, "reason": said["reason"]},
        "verb": _("Work day and night from now on")
        if day_and_night
        else _("Work in the service’s hours from now on"),
        "kept": _("Recorded with an internal note: %(reason)s") % {"reason": said["reason"]},
    }
    return render(request, "support/ticket_foresee.html", facts)

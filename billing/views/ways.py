"""The way that out-of-scope work takes: a page that shows what it waits for, and a verb for each step."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import scope, ways
from billing.forms import ways as forms
from billing.views.verbs import carried_out
from support.models import Outcome
from support.once import once
from support.refusal import Refused
from support.views.tickets import seen

FORMS = {
    ways.ESTIMATE.value: forms.WayEstimateForm,
    ways.ORDER.value: forms.WayOrderForm,
    ways.MANAGER: forms.WayAnswerForm,
    ways.CLOSE: forms.WayCloseForm,
}
ACTIONS = {ways.MANAGER: "answer"}  # the others are called as their steps


@require_safe
def way_page(request, number):
    ticket = seen(request, number)
    decision = _decision(ticket)
    if ways.way_of(decision) is None:
        return redirect("billing:scope-decide", ticket.number)
    return _show(request, ticket)


@require_POST
@once
def way_estimate(request, number):
    return _taken(request, number, forms.WayEstimateForm(request.POST), ways.estimate)


@require_POST
@once
def way_order(request, number):
    return _taken(request, number, forms.WayOrderForm(request.POST), ways.order)


@require_POST
@once
def way_answer(request, number):
    def answer(ticket, *, allowed, **said):
        ways.answer(ticket, allowed=allowed == "yes", **said)

    return _taken(request, number, forms.WayAnswerForm(request.POST), answer)


@require_POST
@once
def way_close(request, number):
    return _taken(request, number, forms.WayCloseForm(request.POST), ways.close)


def _taken(request, number, form, verb):
    """Where more is to be done on the way, its page; the ticket where nothing is."""
    ticket = seen(request, number)
    if carried_out(request, form, lambda said, by, at: verb(ticket, **said, by=by, at=at)):
        more = ways.next_step(_decision(ticket))
        return redirect("billing:way-page", ticket.number) if more else redirect(ticket)
    ticket.refresh_from_db()
    step = ways.next_step(_decision(ticket))
    if not isinstance(form, FORMS.get(step, ())):
        raise Refused(next(iter(form.errors.values()))[0])
    return _show(request, ticket, form, status=422)


def _decision(ticket):
    decision = scope.newest(ticket)
    if decision is not None:
        decision.ticket = ticket
    return decision


def _show(request, ticket, form=None, status=200):
    decision = _decision(ticket)
    step = ways.next_step(decision)
    way = ways.way_of(decision)
    if form is None and step:
        form = FORMS[step](initial=_initial(step, decision))
    context = {
        "ticket": ticket,
        "decision": decision,
        "way": way,
        "closes": dict(Outcome.choices).get(way.closes, ""),
        "taken": list(decision.steps.all()),
        "step": step,
        "form": form,
        "verb": f"billing:way-{ACTIONS.get(step, step)}" if step else "",
    }
    return render(request, "billing/way_page.html", context, status=status)


def _initial(step, decision) -> dict:
    if step == ways.CLOSE:
        return {"text": ways.ending(decision)}
    if step == ways.ESTIMATE:
        return {
            "text": _(
                "What you ask for is work of our professional services. "
                "We estimate … for it, and begin when we have your purchase order."
            )
        }
    return {}

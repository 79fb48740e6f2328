"""Scope and engagements: from "out of scope" to the request, the page of an engagement, and its end."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import delivery, engaging, scope, stating, ways
from billing.forms import engagements as forms
from billing.forms.time import (
    GdapConfirmForm,
    TimeBookForm,
    TimeCancelForm,
    TimerStartForm,
    TimerStopForm,
    TimerTakeForm,
)
from billing.models import Engagement, WrittenYes
from billing.models.scope import ENGAGEMENT
from billing.shown import priced, standing
from billing.views.verbs import carried_out
from support.once import once
from support.refusal import Refused
from support.views.tickets import seen

GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


@GET_AND_POST
def scope_decide(request, number):
    return (
        _scope_decided(request, number)
        if request.method == "POST"
        else _scope_page(request, seen(request, number))
    )


@once
def _scope_decided(request, number):
    ticket = seen(request, number)
    form = forms.ScopeDecideForm(request.POST, ticket=ticket)

    def decide(said, by, at):
        said = {
            name: value for name, value in said.items() if name != "outcome" or said["scope"] == forms.OUT
        }
        scope.decide(ticket, **said, by=by, at=at)

    if not carried_out(request, form, decide):
        return _scope_page(request, ticket, form, status=422)
    if form.cleaned_data["scope"] == forms.OUT and form.cleaned_data.get("outcome") == ENGAGEMENT:
        return redirect("billing:engagement-request", ticket.number)
    if ways.next_step(scope.newest(ticket)):
        return redirect("billing:way-page", ticket.number)
    return redirect(ticket)


def _scope_page(request, ticket, form=None, status=200):
    form = form or forms.ScopeDecideForm(ticket=ticket)
    context = {"ticket": ticket, "form": form, "newest": scope.newest(ticket)}
    return render(request, "billing/scope_decide.html", context, status=status)


@GET_AND_POST
def engagement_request(request, number):
    ticket = seen(request, number)
    if ticket.contract is None or ticket.contract.engagement_service is None:
        return redirect("billing:scope-decide", number)
    return _requested(request, ticket) if request.method == "POST" else _request_page(request, ticket)


@once
def _requested(request, ticket):
    form, made = forms.EngagementRequestForm(request.POST, ticket=ticket), []

    def act(said, by, at):
        chosen = {"kind": said.pop("kind"), "priority": said.pop("priority")}
        wanted = engaging.Wanted(**{**said, "gdap_roles": tuple(said["gdap_roles"])})
        made.append(engaging.request(ticket, wanted, **chosen, by=by, at=at))

    if not carried_out(request, form, act):
        return _request_page(request, ticket, form, status=422)
    return redirect("billing:engagement-page", made[0].reference)


def _request_page(request, ticket, form=None, status=200):
    form = form or forms.EngagementRequestForm(ticket=ticket, initial={"title": ticket.title})
    return render(request, "billing/engagement_request.html", {"ticket": ticket, "form": form}, status=status)


def found(request, reference) -> Engagement:
    """The engagement, where this person may see it; 404 otherwise."""
    engagements = Engagement.objects.visible_to(request.user).select_related(
        "ticket__customer", "contract__legal_entity", "contract__rate__card", "service", "decision"
    )
    return get_object_or_404(engagements, reference=reference)


@require_safe
def engagement_list(request):
    open_offer = {"offer__approval": None, "offer__end": None}
    unchecked = WrittenYes.objects.filter(offer__engagement=OuterRef("pk"), check_made=None, **open_offer)
    engagements = Engagement.objects.visible_to(request.user).undone().select_related("ticket__customer")
    engagements = engagements.annotate(is_to_be_checked=Exists(unchecked))
    return render(
        request, "billing/engagement_list.html", {"engagements": engagements.order_by("-requested_at")[:200]}
    )


@require_safe
def engagement_page(request, reference):
    return show(request, found(request, reference))


def show(request, engagement, status=200, row=None, other=None, **bound):
    """The engagement page; `bound` are forms that came back with errors, of the entry, offer or timer `row` where each has its own,
    and `other` a statement of work that was written meanwhile.

    Raises Refused, with what was wrong, where the page has no place for that row any more.
    """
    now = timezone.now()
    stands = standing(engagement, request.user, now)

    def of_row(name, number, form_class):
        """Its form, and whether it is open: another one's words never stand in it."""
        if name in bound and row == number:
            return bound[name], True
        return form_class(auto_id=f"{name}_{number}_%s"), False

    copies = delivery.copies([shown.approval for shown in stands.offers if shown.approval], now)
    offers = [
        (
            shown,
            copies.get(shown.approval and shown.approval.pk),
            *of_row("withdraw", shown.offer.number, forms.WithdrawForm),
        )
        for shown in stands.offers
    ]
    entries = [(entry, *of_row("cancel", entry.pk, TimeCancelForm)) for entry in stands.entries]
    timers = [(timer, *of_row("take", timer.pk, TimerTakeForm)) for timer in stands.others_timers]
    if row is not None and not any(is_open for *_row, is_open in (*offers, *entries, *timers)):
        [form] = bound.values()
        raise Refused(next(iter(form.errors.values()))[0])
    context = {
        "offers": offers,
        "entries": entries,
        "timers": timers,
        "engagement": engagement,
        "ticket": engagement.ticket,
        "stands": stands,
        "priced": priced(engagement),
        "statement_above": stating.above(engagement),
        "other": other,
        "statements": engagement.statements.order_by("-version").defer("document"),
        "forms": _forms(engagement, stands, now) | bound,
        "bound": dict.fromkeys(bound, True),
    }
    return render(request, "billing/engagement_page.html", context, status=status)


def _forms(engagement, stands, now) -> dict:
    newest = engagement.statements.values("version", "text").last()
    initial = {
        "statement": newest["version"] if newest else 0,
        "cap": engagement.estimate,
        "answer_by": timezone.localtime(now + timedelta(days=7)).replace(minute=0),
        "work_until": timezone.localtime(now + timedelta(days=37)).replace(minute=0),
    }
    return {
        "offer": forms.OfferSendForm(engagement=engagement, initial=initial, auto_id="offer_%s"),
        "invite": forms.OfferInviteForm(engagement=engagement, auto_id="invite_%s"),
        "statement": forms.StatementWriteForm(
            auto_id="statement_%s",
            initial={"text": newest["text"] if newest else None, "base": initial["statement"]},
        ),
        "priority": forms.EngagementPriorityForm(engagement=engagement, auto_id="priority_%s"),
        "finish": forms.EngagementFinishForm(),
        "end": forms.WithdrawForm(auto_id="end_%s"),
        "deliver": forms.PriceDeliverForm(auto_id="deliver_%s"),
        "start": TimerStartForm(auto_id="start_%s"),
        "stop": TimerStopForm(
            auto_id="stop_%s", initial={"timer": stands.timer.pk if stands.timer else None}
        ),
        "book": TimeBookForm(auto_id="book_%s", on_site=stands.on_site, fixed=stands.both),
        "gdap": GdapConfirmForm(
            auto_id="gdap_%s", initial={"roles": engagement.gdap_roles, "status": "active"}
        ),
    }


@require_POST
@once
def engagement_priority(request, reference):
    engagement = found(request, reference)
    form = forms.EngagementPriorityForm(request.POST, engagement=engagement, auto_id="priority_%s")
    if carried_out(request, form, lambda said, by, at: engaging.assess(engagement, **said, by=by, at=at)):
        return redirect("billing:engagement-page", reference)
    return show(request, engagement, status=422, priority=form)


@require_POST
@once
def engagement_withdraw(request, reference):
    engagement = found(request, reference)
    form = forms.WithdrawForm(request.POST, auto_id="end_%s")
    if carried_out(request, form, lambda said, by, at: engaging.withdraw(engagement, **said, by=by, at=at)):
        return redirect("billing:engagement-page", reference)
    return show(request, engagement, status=422, end=form)


@require_POST
@once
def engagement_finish(request, reference):
    engagement = found(request, reference)
    form = forms.EngagementFinishForm(request.POST)
    if carried_out(request, form, lambda said, by, at: engaging.finish(engagement, by=by, at=at)):
        return redirect("billing:engagement-page", reference)
    return show(request, engagement, status=422, finish=form)

"""Scope, engagements and offers: what an agent does before the customer says yes."""

from datetime import timedelta

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import answering, engaging, offering, scope
from billing.forms import engagements as forms
from billing.forms.time import GdapConfirmForm, TimeBookForm, TimeCancelForm, TimerStartForm, TimerStopForm
from billing.models import Approval, Engagement, Offer
from billing.models.scope import ENGAGEMENT
from billing.shown import standing
from billing.views.verbs import carried_out
from support.actors import Actor
from support.once import once
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
        "ticket__customer", "contract__legal_entity", "service", "decision"
    )
    return get_object_or_404(engagements, reference=reference)


@require_safe
def engagement_list(request):
    engagements = Engagement.objects.visible_to(request.user).undone().select_related("ticket__customer")
    return render(
        request, "billing/engagement_list.html", {"engagements": engagements.order_by("-requested_at")[:200]}
    )


@require_safe
def engagement_page(request, reference):
    return show(request, found(request, reference))


def show(request, engagement, status=200, **bound):
    """The engagement page; `bound` are forms that came back with errors."""
    now = timezone.now()
    initial = {
        "cap": engagement.estimate,
        "answer_by": timezone.localtime(now + timedelta(days=7)).replace(minute=0),
        "work_until": timezone.localtime(now + timedelta(days=37)).replace(minute=0),
    }
    context = {
        "engagement": engagement,
        "ticket": engagement.ticket,
        "stands": standing(engagement, request.user, now),
        "forms": {
            "offer": forms.OfferSendForm(engagement=engagement, initial=initial, auto_id="offer_%s"),
            "invite": forms.OfferInviteForm(engagement=engagement, auto_id="invite_%s"),
            "withdraw": forms.WithdrawForm(auto_id="withdraw_%s"),
            "cancel": TimeCancelForm(auto_id="cancel_%s"),
            "start": TimerStartForm(auto_id="start_%s"),
            "stop": TimerStopForm(auto_id="stop_%s"),
            "book": TimeBookForm(auto_id="book_%s"),
            "gdap": GdapConfirmForm(
                auto_id="gdap_%s", initial={"roles": engagement.gdap_roles, "status": "active"}
            ),
            **bound,
        },
        "bound": dict.fromkeys(bound, True),
    }
    return render(request, "billing/engagement_page.html", context, status=status)


@require_POST
@once
def offer_send(request, reference):
    engagement = found(request, reference)
    form = forms.OfferSendForm(request.POST, engagement=engagement, auto_id="offer_%s")
    if carried_out(request, form, lambda said, by, at: offering.send(engagement, **said, by=by, at=at)):
        return redirect("billing:engagement-page", reference)
    return show(request, engagement, status=422, offer=form)


@require_POST
@once
def offer_invite(request, reference, number):
    """Ask one more person: where two have to sign, or the first one's limit does not suffice."""
    engagement = found(request, reference)
    offer = get_object_or_404(Offer, engagement=engagement, number=number)
    form = forms.OfferInviteForm(request.POST, engagement=engagement, auto_id="invite_%s")
    if carried_out(request, form, lambda said, by, at: offering.invite(offer, **said, by=by, at=at)):
        return redirect("billing:engagement-page", reference)
    return show(request, engagement, status=422, invite=form)


@require_POST
@once
def offer_withdraw(request, reference, number):
    engagement = found(request, reference)
    offer = get_object_or_404(Offer, engagement=engagement, number=number)
    form = forms.WithdrawForm(request.POST, auto_id="withdraw_%s")
    if carried_out(request, form, lambda said, by, at: offering.withdraw_offer(offer, **said, by=by, at=at)):
        return redirect("billing:engagement-page", reference)
    return show(request, engagement, status=422, withdraw=form)


@require_POST
@once
def approval_withdraw(request, reference, number):
    engagement = found(request, reference)
    approval = get_object_or_404(Approval, engagement=engagement, offer__number=number)
    form = forms.WithdrawForm(request.POST, auto_id="withdraw_%s")
    if carried_out(
        request, form, lambda said, by, at: answering.withdraw_approval(approval, **said, by=by, at=at)
    ):
        return redirect("billing:engagement-page", reference)
    return show(request, engagement, status=422, withdraw=form)


@require_POST
@once
def engagement_finish(request, reference):
    engagement = found(request, reference)
    engaging.finish(engagement, by=Actor.of(request.user), at=timezone.now())
    return redirect("billing:engagement-page", reference)

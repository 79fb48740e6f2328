"""Offers on the engagement page: sent, sent to one person more, withdrawn; and an approval that is withdrawn."""

from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from billing import answering, delivery, offering
from billing.forms import engagements as forms
from billing.models import Approval, ApprovalEnd, Offer
from billing.views.engagements import found, show
from billing.views.verbs import carried_out
from support.actors import Actor
from support.once import once
from support.refusal import Refused


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
    return _back(request, engagement, offer.undecided, invite=form)


@require_POST
@once
def offer_withdraw(request, reference, number):
    engagement = found(request, reference)
    offer = get_object_or_404(Offer, engagement=engagement, number=number)
    form = forms.WithdrawForm(request.POST, auto_id=f"withdraw_{number}_%s")
    if carried_out(request, form, lambda said, by, at: offering.withdraw_offer(offer, **said, by=by, at=at)):
        return redirect("billing:engagement-page", reference)
    return _back(request, engagement, offer.undecided, row=number, withdraw=form)


@require_POST
@once
def approval_withdraw(request, reference, number):
    engagement = found(request, reference)
    approval = get_object_or_404(Approval, engagement=engagement, offer__number=number)
    form = forms.WithdrawForm(request.POST, auto_id=f"withdraw_{number}_%s")
    if carried_out(
        request, form, lambda said, by, at: answering.withdraw_approval(approval, **said, by=by, at=at)
    ):
        return redirect("billing:engagement-page", reference)
    is_shown = not ApprovalEnd.objects.filter(approval=approval).exists()
    return _back(request, engagement, is_shown, row=number, withdraw=form)


@require_POST
@once
def copy_send(request, reference, number):
    approval = get_object_or_404(Approval, engagement=found(request, reference), offer__number=number)
    delivery.send_copy_again(approval, by=Actor.of(request.user), at=timezone.now())
    return redirect("billing:engagement-page", reference)


def _back(request, engagement, is_shown, row=None, **bound):
    """The page with the form that came back; where the page has no place for it any more, its sentence alone."""
    [form] = bound.values()
    if not is_shown:
        raise Refused(next(iter(form.errors.values()))[0])
    return show(request, engagement, status=422, row=row, **bound)

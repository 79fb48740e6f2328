"""A yes on paper, on the engagement page: recorded by one, confirmed or refused by another."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from billing import written
from billing.forms import written as forms
from billing.models import Offer, WrittenCheck, WrittenYes
from billing.views.engagements import found, show
from billing.views.verbs import carried_out
from support.once import once
from support.refusal import Refused


@require_POST
@once
def written_record(request, reference, number):
    engagement = found(request, reference)
    offer = _offer(engagement, number)
    form = forms.WrittenRecordForm(request.POST, request.FILES, offer=offer)

    def record(said, by, at):
        [original] = said.pop("original")
        written.record(offer, original=original, shown_sha256=said.pop("shown"), **said, by=by, at=at)

    if carried_out(request, form, record):
        return redirect("billing:engagement-page", reference)
    return _back(request, engagement, offer.undecided, written=form)


@require_POST
@once
def written_confirm(request, reference, number, place):
    engagement = found(request, reference)
    said = _said(engagement, number, place)
    form = forms.WrittenConfirmForm(request.POST, said=said)

    def confirm(answer, by, at):
        written.confirm(said, shown_sha256=answer["shown"], original_sha256=answer["original"], by=by, at=at)

    if carried_out(request, form, confirm):
        return redirect("billing:engagement-page", reference)
    return _back(request, engagement, _is_open(said, request.user), confirm=form)


@require_POST
@once
def written_refuse(request, reference, number, place):
    engagement = found(request, reference)
    said = _said(engagement, number, place)
    form = forms.WrittenRefuseForm(request.POST, said=said)
    if carried_out(request, form, lambda answer, by, at: written.refuse(said, **answer, by=by, at=at)):
        return redirect("billing:engagement-page", reference)
    return _back(request, engagement, _is_open(said, request.user), refuse=form)


def _offer(engagement, number) -> Offer:
    offer = get_object_or_404(Offer, engagement=engagement, number=number)
    offer.engagement = engagement
    return offer


def _said(engagement, number, place) -> WrittenYes:
    """What was recorded on an offer as the first, the second, …"""
    rows = WrittenYes.objects.filter(offer=_offer(engagement, number)).select_related("contact", "original")
    found = dict(enumerate(rows.order_by("pk"), 1))
    if place not in found:
        raise Http404
    return found[place]


def _is_open(said, user) -> bool:
    """Whether the page has the two answers to it for this person."""
    answered = WrittenCheck.objects.filter(written=said).exists()
    return said.offer.undecided and not answered and not written.is_recorder(said, user)


def _back(request, engagement, is_shown, **bound):
    """The page with the form that came back; where the page has no place for it any more, its sentence alone."""
    [form] = bound.values()
    if not is_shown:
        raise Refused(next(iter(form.errors.values()))[0])
    return show(request, engagement, status=422, **bound)

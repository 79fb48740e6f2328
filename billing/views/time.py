"""Timers, entries by hand, and GDAP confirmed by hand."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing import gdap, timing
from billing.forms import time as forms
from billing.models import TimeEntry, Timer
from billing.piece import Booked
from billing.shown import standing
from billing.views.engagements import found, show
from billing.views.verbs import carried_out
from support import saying
from support.models import File, Visibility
from support.once import once
from support.refusal import Refused


@require_POST
@once
def timer_start(request, reference):
    engagement = found(request, reference)
    form = forms.TimerStartForm(request.POST, auto_id="start_%s")

    def start(said, by, at):
        stands = standing(engagement, request.user, at)
        approval = stands.in_force
        if approval is None:
            raise Refused(stands.why_not)
        fixed = said.pop("fixed")
        if said["on_site"] or fixed:
            approval = timing.approval_for(engagement, at, on_site=said["on_site"], fixed=fixed)
        timing.start_timer(approval, person=request.user, **said, at=at)

    if carried_out(request, form, start):
        return redirect("billing:engagement-page", reference)
    return show(request, engagement, status=422, start=form)


@require_POST
@once
def timer_stop(request, reference):
    engagement = found(request, reference)
    timer = Timer.objects.filter(person=request.user, approval__engagement=engagement).first()
    if timer is None or request.POST.get("timer") != f"{timer.pk}":
        raise Refused(_("The timer that this page showed has been stopped already: load the page again."))
    form = forms.TimerStopForm(request.POST, auto_id="stop_%s")

    def stop(said, by, at):
        warn(request, timing.stop_timer(timer, text=said["text"], by=by, at=at))

    if carried_out(request, form, stop):
        return redirect("billing:engagement-page", reference)
    return show(request, engagement, status=422, stop=form)


@require_POST
@once
def time_book(request, reference):
    engagement = found(request, reference)
    kinds = {"on_site": timing.offers_visits(engagement), "fixed": timing.has_fixed_price(engagement)}
    form = forms.TimeBookForm(request.POST, auto_id="book_%s", **kinds)

    def book(said, by, at):
        approval = None
        of = {"on_site": said.get("on_site", False), "fixed": said.pop("fixed", False)}
        if not said.pop("unapproved"):
            approval = timing.approval_for(engagement, said["started_at"], said["stopped_at"], **of)
        booked = timing.book(engagement, approval=approval, person=request.user, **said, by=by, at=at)
        if approval or booked.late:
            warn(request, booked)

    if carried_out(request, form, book):
        return redirect("billing:engagement-page", reference)
    return show(request, engagement, status=422, book=form)


@require_POST
@once
def time_cancel(request, reference, entry):
    """A mistake: an entry of no minutes stands in its place, with the reason."""
    engagement = found(request, reference)
    booked = get_object_or_404(TimeEntry, engagement=engagement, pk=entry)
    if booked.superseded_by_id:
        raise Refused(_("This entry has been corrected already."))
    form = forms.TimeCancelForm(request.POST, auto_id=f"cancel_{entry}_%s")
    if carried_out(request, form, lambda said, by, at: timing.cancel(booked, **said, by=by, at=at)):
        return redirect("billing:engagement-page", reference)
    return show(request, engagement, status=422, row=entry, cancel=form)


@require_POST
@once
def gdap_confirm(request, reference):
    engagement = found(request, reference)
    form = forms.GdapConfirmForm(request.POST, request.FILES, auto_id="gdap_%s")

    def confirm(said, by, at):
        customer, [upload] = engagement.ticket.customer, said.pop("evidence")
        evidence = File.objects.take(upload, customer=customer, visibility=Visibility.INTERNAL, by=by, at=at)
        gdap.confirm(customer, evidence=evidence, **said, by=by, at=at)

    if carried_out(request, form, confirm):
        return redirect("billing:engagement-page", reference)
    return show(request, engagement, status=422, gdap=form)


def warn(request, booked: Booked) -> None:
    """Say what became of work that did not go onto the bill as a whole: whoever booked it would not look for it."""
    if booked.late:
        messages.warning(request, _("Kept as late work: %(why)s") % {"why": booked.late.why})
    elif booked.unapproved_minutes:
        messages.warning(
            request,
            _(
                "%(unapproved)s of it had no room under the approval and is kept as unapproved: it is not billed."
            )
            % {"unapproved": saying.duration(booked.unapproved_minutes)},
        )

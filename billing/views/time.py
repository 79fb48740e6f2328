"""Timers, entries by hand, and GDAP confirmed by hand."""

from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from billing import gdap, timing
from billing.forms import time as forms
from billing.models import TimeEntry, Timer
from billing.shown import standing
from billing.views.engagements import found, show
from billing.views.verbs import carried_out
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
        if stands.in_force is None:
            raise Refused(stands.why_not)
        timing.start_timer(stands.in_force, person=request.user, text=said["text"], at=at)

    if carried_out(request, form, start):
        return redirect("billing:engagement-page", reference)
    return show(request, engagement, status=422, start=form)


@require_POST
@once
def timer_stop(request, reference):
    engagement = found(request, reference)
    timer = get_object_or_404(Timer, person=request.user, approval__engagement=engagement)
    form = forms.TimerStopForm(request.POST, auto_id="stop_%s")
    if carried_out(request, form, lambda said, by, at: timing.stop_timer(timer, **said, by=by, at=at)):
        return redirect("billing:engagement-page", reference)
    return show(request, engagement, status=422, stop=form)


@require_POST
@once
def time_book(request, reference):
    engagement = found(request, reference)
    form = forms.TimeBookForm(request.POST, auto_id="book_%s")

    def book(said, by, at):
        approval = None if said.pop("unapproved") else timing.approval_for(engagement, said["started_at"])
        timing.book(engagement, approval=approval, person=request.user, **said, by=by, at=at)

    if carried_out(request, form, book):
        return redirect("billing:engagement-page", reference)
    return show(request, engagement, status=422, book=form)


@require_POST
@once
def time_cancel(request, reference, entry):
    """A mistake: an entry of no minutes stands in its place, with the reason."""
    engagement = found(request, reference)
    booked = get_object_or_404(TimeEntry.objects.live(), engagement=engagement, pk=entry)
    form = forms.TimeCancelForm(request.POST, auto_id="cancel_%s")
    if carried_out(request, form, lambda said, by, at: timing.cancel(booked, **said, by=by, at=at)):
        return redirect("billing:engagement-page", reference)
    return show(request, engagement, status=422, cancel=form)


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

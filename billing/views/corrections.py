"""Correcting time: another piece of work in the place of one, with a reason."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from billing import correcting, timing
from billing.forms.corrections import TimeCorrectForm
from billing.models import TimeEntry
from billing.views.engagements import found
from billing.views.time import warn
from billing.views.verbs import carried_out
from support.once import once


@require_http_methods(["GET", "HEAD", "POST"])
def time_correct(request, reference, entry):
    """Refused, in words, where the entry was corrected or cancelled since the page was opened."""
    engagement = found(request, reference)
    rows = TimeEntry.objects.select_related("person", "engagement__contract__legal_entity")
    booked = get_object_or_404(rows, engagement=engagement, pk=entry)
    if request.method == "POST":
        return _corrected(request, engagement, booked)
    return _page(request, engagement, booked, _form(engagement, booked))


@once
def _corrected(request, engagement, booked):
    form = _form(engagement, booked, request.POST)

    def correct(said, by, at):
        billable = not said.pop("unapproved", False)
        made = timing.correct(booked, billable=billable, **said, by=by, at=at)
        if billable and form.piece.approved:
            warn(request, made)
        messages.success(request, _("Corrected."))

    if carried_out(request, form, correct):
        return redirect("billing:engagement-page", engagement.reference)
    return _page(request, engagement, booked, form, status=422)


def _form(engagement, booked, *data) -> TimeCorrectForm:
    piece = correcting.piece_of(booked)
    return TimeCorrectForm(*data, piece=piece, on_site=timing.offers_visits(engagement))


def _page(request, engagement, booked, form, status=200):
    context = {"engagement": engagement, "entry": booked, "form": form}
    return render(request, "billing/time_correct.html", context, status=status)

"""Late work on a month's page: booked, or taken off the list."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing import late_work
from billing.forms.late import LateDismissForm, LateTakeForm
from billing.models import LateWork
from billing.piece import Booked
from billing.views.invoices import found, show
from billing.views.time import warn
from billing.views.verbs import carried_out
from support.once import once
from support.refusal import Refused


@require_POST
@once
def late_take(request, series, month, late):
    entity, first, kept = _found(series, month, late)
    form = LateTakeForm(request.POST, ways=late_work.ways_of(kept), auto_id=f"late_{late}_%s")

    def take(said, by, at):
        _tell(request, late_work.take_in(kept, **said, by=by, at=at))

    if carried_out(request, form, take):
        return redirect("billing:month-page", series, month)
    return _back(request, entity, first, kept, form)


@require_POST
@once
def late_dismiss(request, series, month, late):
    entity, first, kept = _found(series, month, late)
    form = LateDismissForm(request.POST, auto_id=f"dismiss_{late}_%s")
    if carried_out(request, form, lambda said, by, at: late_work.dismiss(kept, **said, by=by, at=at)):
        messages.success(request, _("Taken off the list of late work, with your reason."))
        return redirect("billing:month-page", series, month)
    return _back(request, entity, first, kept, form)


def _found(series, month, late):
    entity, first = found(series, month)
    rows = LateWork.objects.filter(engagement__contract__legal_entity=entity)
    return entity, first, get_object_or_404(rows, pk=late)


def _back(request, entity, month, kept, form):
    """The page with the form beside its piece of work, or with why it is not there any more."""
    try:
        late_work.must_wait(kept)
    except Refused as refused:
        return show(request, entity, month, status=409, refused=refused.sentence)
    return show(request, entity, month, status=422, late_form=(kept.pk, form))


def _tell(request, booked: Booked) -> None:
    """What was really booked: late work may find less room than it was told with, or none."""
    if not any(entry.approval_id for entry in booked.entries):
        messages.warning(request, _("Booked as unapproved: it is not billed."))
        return
    messages.success(request, _("Booked: it stands among the approved time of its month."))
    warn(request, booked)

"""A manager stops the timer of somebody who cannot."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing import stopping
from billing.forms.time import TimerTakeForm
from billing.models import Timer
from billing.views.engagements import found, show
from billing.views.time import warn
from billing.views.verbs import carried_out
from support.once import once
from support.refusal import Refused


@require_POST
@once
def timer_take(request, reference, timer):
    engagement = found(request, reference)
    rows = Timer.objects.filter(approval__engagement=engagement).select_related("person")
    runs = rows.filter(pk=timer).first()
    if runs is None:
        raise Refused(_("The timer that this page showed has been stopped already: load the page again."))
    form = TimerTakeForm(request.POST, auto_id=f"take_{timer}_%s")

    def stop(said, by, at):
        warn(request, stopping.stop_for(runs, **said, by=by, at=at))

    if carried_out(request, form, stop):
        return redirect("billing:engagement-page", reference)
    return show(request, engagement, status=422, row=timer, take=form)

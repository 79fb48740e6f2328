"""What a fixed price is for, recorded as delivered."""

from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from billing import delivering
from billing.forms.engagements import PriceDeliverForm
from billing.models import Approval
from billing.views.engagements import found, show
from billing.views.verbs import carried_out
from support.once import once
from support.refusal import Refused


@require_POST
@once
def price_deliver(request, reference, number):
    engagement = found(request, reference)
    approval = get_object_or_404(Approval, engagement=engagement, offer__number=number)
    form = PriceDeliverForm(request.POST, auto_id="deliver_%s")
    if carried_out(request, form, lambda said, by, at: delivering.deliver(approval, **said, by=by, at=at)):
        return redirect("billing:engagement-page", reference)
    if not delivering.undelivered(approval):
        raise Refused(next(iter(form.errors.values()))[0])
    return show(request, engagement, status=422, deliver=form)

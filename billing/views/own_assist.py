"""A customer's own page of his case with Microsoft: packs to take away, and what he tells the desk of the case."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import assist_notes, assist_shown, assisting
from billing.models import Engagement
from billing.models.engagements import UNDONE
from billing.views.assist import TOLD
from billing.views.verbs import carried_out
from support import saying
from support.downloads import as_download
from support.once import once
from support.portal.tickets import contact_for


@require_safe
def own_assist_page(request, reference):
    return _show(request, _found(request, reference))


@require_POST
def own_assist_take(request, reference, number):
    """A POST, since the first time is written down: no program that only follows links takes a pack."""
    engagement = _found(request, reference)
    packs = assist_shown.handed_over().filter(engagement=engagement)
    pack = get_object_or_404(packs.select_related("file"), number=number)
    pack.engagement = engagement
    content = pack.content()
    assisting.take(pack, contact_for(request.user, engagement.ticket), at=timezone.now())
    return as_download(HttpResponse(content, content_type="application/zip"), pack.file.name)


@require_POST
@once
def own_assist_tell(request, reference, kind):
    engagement = _found(request, reference)
    if kind not in TOLD:
        raise Http404
    form = TOLD[kind][0](request.POST)
    if carried_out(
        request,
        form,
        lambda said, _by, at: assist_notes.told(engagement, request.user, kind, said, at=at),
    ):
        messages.success(request, _("The desk has it."))
        return redirect("billing:own-assist-page", reference)
    return _show(request, engagement, status=422, **{kind: form})


def _found(request, reference) -> Engagement:
    """One with a pack that was handed over, for somebody who is a contact; 404 otherwise."""
    seen = Engagement.objects.visible_to(request.user).select_related("ticket__customer", "service")
    engagement = get_object_or_404(
        seen.filter(assist_packs__handovers__isnull=False).distinct(), reference=reference
    )
    if contact_for(request.user, engagement.ticket) is None:
        raise Http404
    return engagement


def _show(request, engagement, /, status=200, **bound):
    now, ticket = timezone.now(), engagement.ticket
    today = {"on": timezone.localdate(now)}
    initial = {"case": today, "request": today, "call": {}}
    contact = contact_for(request.user, ticket)
    own = contact.customer_id == ticket.customer_id
    partner = None if own else contact  # he need not know who was given it, or who noted what
    context = {
        "engagement": engagement,
        "ticket": ticket,
        "why": assisting.why_not_ours(engagement),
        "packs": assist_shown.packs(assist_shown.handed_over().filter(engagement=engagement), now, partner),
        "case": assist_shown.case(engagement, now, partner),
        "own": own,
        "ended": engagement.state not in UNDONE,
        "forms": {kind: form(initial=initial[kind]) for kind, (form, _act) in TOLD.items()} | bound,
        "bound": dict.fromkeys(bound, True),
        "zone": saying.zone_name(timezone.get_current_timezone()),
    }
    return render(request, "billing/own_assist_page.html", context, status=status)

"""A customer escalates on the page of his own ticket."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from escalations.forms import OwnEscalateForm
from escalations.models import Escalation
from support.actors import Actor
from support.once import once
from support.portal.tickets import contact_for
from support.refusal import Refused
from support.views.portal import show
from support.views.tickets import seen


@require_POST
@once
def own_escalate(request, number):
    ticket, at = seen(request, number), timezone.now()
    if contact_for(request.user, ticket) is None:
        raise Refused(_("You read this ticket, and nobody who writes on it goes by your account."))
    standing = Escalation.standing_of(ticket)
    form = OwnEscalateForm(request.POST, ticket=ticket, standing=standing, user=request.user, at=at)
    if form.is_valid():
        try:
            with transaction.atomic():
                Escalation.escalate(ticket, by=Actor.of(request.user), at=at, **form.words())
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            messages.success(request, _("It is raised, and whoever answers is told."))
            return redirect("support:own-page", number)
    ticket.refresh_from_db()
    return show(request, ticket, status=422, escalate=form)

"""Going off duty: one's own open tickets, or some of them, offered to somebody else with the same words."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from escalations import handing
from escalations.forms_handoff import GoingOffForm
from escalations.models import HandOff, HandOffKind
from support import saying
from support.actors import Actor
from support.models import Ticket
from support.once import once
from support.refusal import Refused
from support.views.assigning import numbered

MOST = 200  # tickets on the page


@require_http_methods(["GET", "HEAD", "POST"])
def handoff_leave(request):
    if request.method == "POST":
        return _offered(request)
    return _show(request, _own(request.user), GoingOffForm(owner=request.user.pk))


@once
def _offered(request):
    tickets, chosen = _own(request.user), set(numbered(request))
    form = GoingOffForm(request.POST, owner=request.user.pk)
    if not chosen:
        form.add_error(None, _("Choose at least one ticket."))
    if not form.is_valid():
        return _show(request, tickets, form, chosen, status=422)
    by, at = Actor.of(request.user), timezone.now()
    wanted = list(tickets.filter(number__in=chosen))
    gone = sorted(chosen - {ticket.number for ticket in wanted})
    refused = [
        f"{number}: {_('done, offered already or no longer yours: open it to see.')}" for number in gone
    ]
    count = 0
    for ticket in wanted:
        try:
            with transaction.atomic():
                handing.offer(ticket, **form.cleaned_data, by=by, at=max(at, ticket.changed_at))
            count += 1
        except Refused as why:
            refused.append(f"{ticket.number}: {why.sentence}")
    if not count:
        for sentence in refused:
            form.add_error(None, sentence)
        return _show(request, tickets, form, chosen, status=422)
    said = ngettext("%(n)d ticket is offered.", "%(n)d tickets are offered.", count) % {"n": count}
    messages.success(request, said)
    for sentence in refused:
        messages.warning(request, sentence)
    return redirect("escalations:handoff-leave")


def _own(user) -> QuerySet[Ticket]:
    """What this person has and nobody has offered yet; an offer that can only be taken back is his to see to."""
    to_a_region, to_a_person = Q(kind=HandOffKind.REGION), Q(kind=HandOffKind.PERSON)
    mine = Q(from_person=user, to_person__is_active=True) | Q(to_person=user)
    waits = to_a_region & Q(closes=True) | to_a_person & mine
    offered = HandOff.objects.unanswered().with_closings().filter(waits).values("ticket")
    own = Ticket.objects.undone().filter(owner=user).exclude(pk__in=offered)
    return own.select_related("customer").most_urgent_first()


def _show(request, tickets, form, chosen=None, status=200):
    """All of them are chosen where nobody has chosen yet."""
    now, listed = timezone.now(), list(tickets[: MOST + 1])
    rows = [
        (ticket, saying.here(ticket.next_due_at, now) if ticket.next_due_at else "")
        for ticket in listed[:MOST]
    ]
    chosen = {ticket.number for ticket, _due in rows} if chosen is None else chosen
    more = tickets.count() - MOST if len(listed) > MOST else 0
    facts = {"rows": rows, "form": form, "chosen": chosen, "more": more}
    return render(request, "escalations/handoff_leave.html", facts, status=status)

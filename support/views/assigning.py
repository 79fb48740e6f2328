"""Giving many tickets to one owner, and how much everybody has."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from support.actors import Actor
from support.desk import assigning, queue
from support.forms.assigning import TicketAssignForm
from support.models import Ticket
from support.once import once
from support.views.queue import filtered


@require_safe
def workload(request):
    return render(request, "support/workload.html", {"loads": assigning.workload(timezone.now())})


@require_http_methods(["GET", "HEAD", "POST"])
def ticket_assign(request):
    """The tickets of a view of the queue, or of one person, to be chosen from."""
    if request.method == "POST":
        return _assigned(request)
    return _show(request, TicketAssignForm())


def numbered(request) -> list[str]:
    """The numbers of the tickets that were chosen; the database holds no NUL, so no ticket has one."""
    return [number for number in request.POST.getlist("tickets") if "\0" not in number]


@once
def _assigned(request):
    form = TicketAssignForm(request.POST)
    numbers = numbered(request)[: assigning.MOST]
    if not numbers:
        form.add_error(None, _("Choose at least one ticket."))
    if not form.is_valid():
        return _show(request, form, chosen=numbers, status=422)
    tickets = Ticket.objects.visible_to(request.user).filter(number__in=numbers).order_by("pk")
    owner, by = form.cleaned_data["owner"], Actor.of(request.user)
    changed, refused = assigning.assign(tickets, owner, by=by, at=timezone.now())
    said = ngettext("%(n)d ticket has another owner.", "%(n)d tickets have another owner.", changed)
    messages.success(request, said % {"n": changed})
    for sentence in refused:
        messages.warning(request, sentence)
    return redirect(request.get_full_path())


def _show(request, form, chosen=(), status=200):
    now = timezone.now()
    tickets, person = filtered(request, request.GET, now).qs, request.GET.get("person", "")
    if person.isdecimal() and person.isascii() and len(person) < 18:
        tickets = tickets.filter(owner=person)
    page = queue.page(tickets, now, request.GET.get("after", ""))
    query = request.GET.copy()
    query.pop("after", None)
    facts = {"page": page, "form": form, "chosen": set(chosen), "query": query.urlencode()}
    return render(request, "support/ticket_assign.html", facts, status=status)

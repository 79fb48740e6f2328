"""The queue: everybody's views and one's own, a search from anywhere, a part that refreshes itself."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from support.desk import finding, queue, saved_views
from support.filters import QueueFilter
from support.forms.saved_views import SavedViewForm
from support.models import SavedView, Ticket
from support.once import once
from support.refusal import Refused
from support.rendering import blank


@require_safe
def ticket_list(request):
    return _show(request, blank(SavedViewForm))


def _show(request, form, status=200) -> HttpResponse:
    now, words = timezone.now(), request.GET.get("q", "").strip()
    seen = Ticket.objects.visible_to(request.user)
    number = finding.number_in(words)
    if number and seen.filter(number=number).exists():
        return redirect("support:ticket-page", number)
    here = request.GET.get("view", "due")
    here = here if here in queue.TITLES else "due"
    query = request.GET.copy()
    query.pop("after", None)
    filters = filtered(request, request.GET, now)
    rows = queue.page(filters.qs, now, request.GET.get("after", ""))
    context = {
        "tabs": queue.tabs(request.user, now, here, _kept(request, now), saved_views.canonical(request.GET)),
        "view": here,
        "page": rows,
        "query": query.urlencode(),
        "place": request.GET.urlencode(),
        "narrowed": any(request.GET.get(name) for name in ("q", "service", "owner")),
        "now": now,
        "as_of": f"{timezone.localtime(now):%H:%M:%S}",
    }
    if request.htmx:
        return _live(render(request, "support/_queue_live.html", {**context, "refreshed": True}))
    context |= {
        "filter": filters,
        "keep": form,
        "callers": finding.callers(request.user, words) if words else [],
    }
    return _live(render(request, "support/ticket_list.html", context, status=status))


@require_POST
@once
def view_keep(request):
    """Keep the filters of the page under a name."""
    form = SavedViewForm(request.POST)
    if form.is_valid():
        try:
            view = saved_views.keep(request.user, form.cleaned_data["name"], request.GET)
        except Refused as refused:
            form.add_error(refused.field or None, refused.sentence)
        else:
            return redirect(f"{reverse('support:ticket-list')}?{view.query}")
    return _show(request, form, status=422)


@require_POST
@once
def view_forget(request, view):
    get_object_or_404(SavedView, user=request.user, pk=view).delete()
    return redirect("support:ticket-list")


def filtered(request, asked, now) -> QueueFilter:
    """The filters as asked; in one of everybody's views, over open tickets unless said otherwise."""
    asked = asked.copy()
    asked.setdefault("state", "open")
    which = queue.view(asked.get("view", "due"), request.user, now)
    return QueueFilter(asked, queryset=Ticket.objects.visible_to(request.user).filter(which), request=request)


def _kept(request, now) -> list[queue.Kept]:
    """One's own views with their tickets; those that show closed ones are not counted."""
    found = []
    for row in saved_views.of(request.user):
        asked = QueryDict(row.query)
        open_only = asked.get("state", "open") == "open"
        found.append(queue.Kept(row, filtered(request, asked, now).qs if open_only else None))
    return found


def _live(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["HX-Request"])
    return response

"""What a support manager reads first: who waits for whom, and our clocks behind three of its numbers as lists."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from escalations.morning import clocks, page
from support import saying
from support.desk.shown import shown

PER_PAGE = 25
TITLES = {
    clocks.LATE: _("Breached and still open"),
    clocks.ABOUT_TO: _("About to breach"),
    clocks.UPDATES: _("Overdue to communicate"),
}


@require_safe
def morning_page(request):
    at = timezone.now()
    morning = page.read(request.user, at)
    facts = {
        "morning": morning,
        "today": saying.day(at, at),
        "read": f"{timezone.localtime(at):%H:%M}",
        "oldest": saying.here(morning.oldest, at) if morning.oldest else "",
    }
    return render(request, "escalations/morning_page.html", facts)


@require_safe
def morning_clocks(request):
    """One of the three; whatever else is asked for is what is late."""
    at, which = timezone.now(), request.GET.get("show", "")
    which = which if which in TITLES else clocks.LATE
    found = clocks.of(which, request.user, at)
    listed = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        (clock, shown(clock, at), clocks.left(clock, at), saying.here(clock.due_at, at)) for clock in listed
    ]
    facts = {"page": listed, "rows": rows, "which": which, "titles": TITLES.items(), "title": TITLES[which]}
    return render(request, "escalations/morning_clocks.html", facts)

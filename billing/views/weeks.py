"""One's own week of time; for a manager anybody's, and what is to be looked at again."""

from datetime import date

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing import reviewing, stopping, weeks
from support import roles
from support.models import User, UserKind

PER_PAGE = 50


@require_safe
def week_page(request):
    """`?week=2026-10-12` is the week of that day, this week for anything else; `?person=7` is a manager's."""
    zone, now = timezone.get_current_timezone(), timezone.now()
    person, people = request.user, []
    if roles.may_open(request.user, "billing:time-review"):
        people = User.objects.filter(kind=UserKind.STAFF).order_by("name").values_list("pk", "name")
        asked = request.GET.get("person", "")
        if asked.isdecimal() and asked.isascii() and len(asked) < 10:
            person = get_object_or_404(User, kind=UserKind.STAFF, pk=asked)
    today = timezone.localtime(now).date()
    monday = weeks.monday_of(_day(request.GET.get("week", "")) or today)
    context = {
        "week": weeks.week(person, monday, zone),
        "own": person == request.user,
        "people": people,
        "this_week": monday == weeks.monday_of(today),
    }
    return render(request, "billing/week_page.html", context)


@require_safe
def time_review(request):
    now = timezone.now()
    page = Paginator(reviewing.keys(now), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": reviewing.rows(page, now), "timers": stopping.forgotten(now)}
    return render(request, "billing/time_review.html", context)


def _day(text: str) -> date | None:
    """The day that was written; nothing for what is none, or leaves no room for a week."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None

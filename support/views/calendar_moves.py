"""Moving the open tickets of a calendar to its newest version: what that would change, and the one that does it."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from support.actors import Actor
from support.calendars import moving
from support.calendars.foresight import foresee
from support.forms.calendars import CalendarMoveForm
from support.models import CalendarMove, CalendarVersion, ContractCalendar
from support.once import once
from support.views.calendars import newest


@require_safe
def calendar_tickets(request, code):
    return _show(request, newest(code), CalendarMoveForm())


@require_POST
@once
def calendar_move(request, code):
    now, form = timezone.now(), CalendarMoveForm(request.POST)
    if not form.is_valid():
        return _show(request, newest(code), form, status=422)
    said = form.cleaned_data
    seen = get_object_or_404(CalendarVersion, name=code, version=said["version"])
    moving.move(seen, said["reason"], contracts=said["contracts"], by=Actor.of(request.user), at=now)
    return redirect("support:calendar-tickets", code)


@require_POST
@once
def calendar_resume(request, code, move):
    """For a move that did not come to its end: those are moved that are left."""
    moving.resume(get_object_or_404(CalendarMove, pk=move, calendar__name=code))
    return redirect("support:calendar-tickets", code)


def _show(request, row, form, status=200):
    now = timezone.now()
    last = CalendarMove.objects.filter(calendar=row).first()
    found = foresee(row, now)
    pinning = ContractCalendar.objects.filter(calendar__name=row.name, calendar__version__lt=row.version)
    facts = {
        "row": row,
        "calendar": row.data["calendar"],
        "form": form,
        "found": found,
        "pinning": pinning.values("contract").distinct().count(),
        "last": last,
        "done": moving.moved(last) if last else 0,
        "running": bool(last) and moving.is_running(last),
    }
    return render(request, "support/calendar_tickets.html", facts, status=status)

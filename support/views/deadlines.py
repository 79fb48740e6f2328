"""The deadline calculator: when each clock of a service would be due, and why. It writes nothing."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from support import saying
from support.clocks.calendar import HolidaysUnknown, NeverOpen
from support.desk.deadlines import deadlines
from support.explaining.words import KINDS
from support.forms.deadlines import DeadlineForm
from support.refusal import Refused


@require_safe
def deadline_list(request):
    now = timezone.localtime().replace(second=0, microsecond=0)
    form = DeadlineForm(request.GET or None, initial={"at": now, "deployment": "cloud"})
    found = None
    if form.is_bound and form.is_valid():
        try:
            found = deadlines(form.question(), timezone.get_current_timezone())
        except Refused as refused:
            form.add_error("wait_from" if refused.field == "waits" else None, refused.sentence)
        except (NeverOpen, HolidaysUnknown) as error:
            form.add_error("at", f"{error}.")
    rows = found and [
        (
            KINDS[one.kind],
            saying.instant(one.due, timezone.get_current_timezone(), beside=now) if one.due else "",
            one,
        )
        for one in found
    ]
    facts = {"form": form, "rows": rows, "asked": found is not None}
    return render(request, "support/deadline_list.html", facts, status=422 if form.errors else 200)

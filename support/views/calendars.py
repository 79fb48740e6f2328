"""Calendars: what each says, and a new version of one, shown before it is saved."""

from datetime import date

from django.contrib import messages
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from support import saying
from support.actors import Actor
from support.calendars import editing, pins, plan, preview
from support.forms.calendars import WEEKDAYS, CalendarNewForm, Draft
from support.models import CalendarMove, CalendarVersion, ContractCalendar
from support.once import once
from support.refusal import Refused

SHOWN = 12


@require_safe
def calendar_list(request):
    pinned, rows = _pinned(), []
    for row in editing.newest():
        calendar = plan.plan_of(row.data, file=f"{row}").calendar
        hours = saying.duration(calendar.minutes_a_week)
        rows.append({"row": row, "calendar": calendar, "hours": hours, "pinned": pinned.get(row.name, [])})
    return render(request, "support/calendar_list.html", {"rows": rows})


@require_safe
def calendar_page(request, code):
    row, today = newest(code), timezone.localdate()
    said = plan.plan_of(row.data, file=f"{row}")
    holidays = [(on, name) for on, name in plan.public_holidays(row.data).items() if on >= today]
    facts = {
        "row": row,
        "calendar": said.calendar,
        "week": [(label, preview.said(_week(said.calendar, day))) for day, label in WEEKDAYS.items()],
        "total": saying.duration(said.calendar.minutes_a_week),
        "closures": [preview.line(each) for each in said.closures if each.last >= today],
        "extra_days": [preview.line(each) for each in said.extra_days if each.on >= today],
        "holidays": holidays[:SHOWN],
        "left_out": [
            (date.fromisoformat(on), name) for on, name in row.data.get("left_out", ()) if on >= f"{today}"
        ],
        "weeks": preview.weeks(row.data, today),
        "versions": CalendarVersion.objects.filter(name=code).defer("data").order_by("-version"),
        "pinned": _pinned(code).get(code, []),
        "stale": len(pins.stale_tickets(row, timezone.now())),
        "moves": CalendarMove.objects.filter(calendar__name=code).select_related("calendar")[:SHOWN],
    }
    return render(request, "support/calendar_page.html", facts)


@require_safe
def calendar_edit(request, code):
    row = newest(code)
    return _show(request, row, Draft.of(plan.plan_of(row.data), row.version, _year()))


@require_POST
def calendar_preview(request, code):
    """What was typed, laid out over eight weeks; nothing is stored."""
    row, year = newest(code), _year()
    was = plan.plan_of(row.data)
    draft = Draft.sent(request.POST, year, looking_at=was)
    if not draft.is_valid():
        return _show(request, row, draft, status=422)
    wanted = draft.plan(was)
    data = plan.data_of(wanted, year)
    try:
        editing.must_open(data, timezone.now())
    except Refused as refused:
        draft.form.add_error(refused.field, refused.sentence)
        return _show(request, row, draft, status=422)
    found = preview.weeks(data, timezone.localdate(), row.data)
    zone = was.calendar.zone if was.calendar.zone != wanted.calendar.zone else ""
    facts = {"weeks": found, "changed": preview.changed(found), "zone_was": zone}
    # Filled anew, so that there are empty rows again; `after` stays what the page began from.
    again = Draft.of(wanted, draft.form.cleaned_data["after"], year)
    return _show(request, row, again, **facts)


@require_POST
@once
def calendar_save(request, code):
    row, year, now = newest(code), _year(), timezone.now()
    draft = Draft.sent(request.POST, year)
    if not draft.is_valid():
        return _show(request, row, draft, status=422)
    data = plan.data_of(draft.plan(plan.plan_of(row.data)), year)
    after = draft.form.cleaned_data["after"]
    try:
        saved = editing.save(code, data, after=after, by=Actor.of(request.user), at=now)
    except Refused as refused:
        draft.form.add_error(refused.field or None, refused.sentence)
        return _show(request, row, draft, status=422)
    messages.success(request, _("Version %(version)d is saved.") % {"version": saved.version})
    return redirect("support:calendar-tickets", code)


@require_safe
def calendar_new(request):
    form = CalendarNewForm(initial={"source": request.GET.get("from")})
    return render(request, "support/calendar_new.html", {"form": form})


@require_POST
@once
def calendar_add(request):
    form, now = CalendarNewForm(request.POST), timezone.now()
    if form.is_valid():
        said = form.cleaned_data
        copied = plan.renamed(plan.plan_of(said["source"].data), said["code"], said["name"])
        try:
            data = plan.data_of(copied, _year())
            editing.save(said["code"], data, after=0, by=Actor.of(request.user), at=now)
        except Refused as refused:
            form.add_error(refused.field or None, refused.sentence)
        else:
            messages.success(request, _("The copy is there: change what is different in it."))
            return redirect("support:calendar-edit", said["code"])
    return render(request, "support/calendar_new.html", {"form": form}, status=422)


def newest(code: str) -> CalendarVersion:
    row = CalendarVersion.objects.filter(name=code).order_by("-version").first()
    if row is None:
        raise Http404
    return row


def _show(request, row, draft, status=200, **facts):
    form = draft.form
    by_year: dict[int, list] = {}
    for on, choice in zip((on for on, _name in form.rows), form["left_out"], strict=True):
        by_year.setdefault(on.year, []).append((on, choice))
    facts |= {
        "row": row,
        "draft": draft,
        "form": form,
        "week": [form[day.value] for day in WEEKDAYS],
        "years": list(by_year.items()),
        "mistakes": draft.mistakes(),
        "errors": len(draft.mistakes()) + len(form.non_field_errors()) if form.is_bound else 0,
    }
    return render(request, "support/calendar_edit.html", facts, status=status)


def _pinned(code: str = "") -> dict[str, list[tuple[int, int]]]:
    """Calendar → (version, how many contracts pin it), the newest version first."""
    counted = ContractCalendar.objects.values_list("calendar__name", "calendar__version").annotate(
        Count("contract", distinct=True)
    )
    found: dict[str, list[tuple[int, int]]] = {}
    for name, version, contracts in counted.order_by("calendar__name", "-calendar__version"):
        if code in ("", name):
            found.setdefault(name, []).append((version, contracts))
    return found


def _week(calendar, day) -> list[tuple[str, str]]:
    return [(window.opens, window.closes) for window in calendar.hours.get(day, ())]


def _year() -> int:
    return timezone.now().year

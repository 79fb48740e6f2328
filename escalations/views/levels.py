"""A ticket's support level: its page with the sheet, and each move as a POST of its own."""

from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing.views.stale import renew
from escalations import about, levels, sheets
from escalations import level_forms as forms
from escalations.ladder import definition_of
from support import roles, saying
from support.actors import Actor
from support.once import once
from support.refusal import Refused, Stale
from support.views.tickets import seen


@require_safe
def level_page(request, number):
    return _show(request, _leveled(request, number))


@require_POST
@once
def level_raise(request, number):
    ticket = _leveled(request, number)
    read = about.number(request)
    new = read + 1
    form = forms.LevelUpForm(request.POST, definition=definition_of(ticket), new=new)
    sheet = levels.latest_sheet(ticket)
    return _act(
        request, ticket, "up", form, lambda **said: levels.move(ticket, new, sheet=sheet, read=read, **said)
    )


@require_POST
@once
def level_lower(request, number):
    ticket = _leveled(request, number)
    read = about.number(request)
    form = forms.LevelDownForm(request.POST, definition=definition_of(ticket), old=read)
    return _act(
        request, ticket, "down", form, lambda level, **said: levels.move(ticket, level, read=read, **said)
    )


@require_POST
@once
def level_assign(request, number):
    ticket = _leveled(request, number)
    form = forms.GroupAssignForm(request.POST)
    return _act(request, ticket, "group", form, lambda **said: levels.assign(ticket, **said))


@require_POST
@once
def level_sheet(request, number):
    ticket = _leveled(request, number)
    form = _sheet_form(ticket, request.POST, request.FILES)
    if form is None:
        raise Refused(_("The service of this ticket has no fault report sheet."))
    written, status = about.number(request), 422
    if form.is_valid():
        by, at = Actor.of(request.user), timezone.now()
        try:
            levels.fill(ticket, form.answers(), form.uploads(), number=written, by=by, at=at)
        except Stale as stale:
            form, status = _with_newer(ticket, request), 409
            form.add_error(None, stale.sentence)
        except Refused as refused:  # a file too large, say: what was typed stays
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            return redirect("escalations:level-page", number)
    return _show(request, ticket, status, sheet=form)


def _act(request, ticket, name, form, verb):
    status = 422
    if form.is_valid():
        try:
            with transaction.atomic():
                verb(**form.cleaned_data, by=Actor.of(request.user), at=timezone.now())
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
            status = 409 if isinstance(refused, Stale) else 422
        else:
            return redirect("escalations:level-page", ticket.number)
    ticket.refresh_from_db()
    if status == 409 and "was" in form.fields:
        renew(form, was=f"{ticket.team_id or ''}")
    return _show(request, ticket, status, **{name: form})


def _leveled(request, number):
    """The ticket, whose service has support levels; Refused otherwise."""
    ticket = seen(request, number)
    if not levels.levels_of(ticket):
        raise Refused(_("The service of ticket %(number)s knows no support levels.") % {"number": number})
    return ticket


def _sheet_form(ticket, *data):
    sheet = definition_of(ticket).fault_report
    return forms.FaultReportForm(*data, sheet=sheet, before=levels.latest_sheet(ticket)) if sheet else None


def _with_newer(ticket, request) -> forms.FaultReportForm:
    """What was typed, and where nothing was, what somebody has answered since."""
    said = request.POST.copy()
    for code, answer in _sheet_form(ticket).initial.items():
        said[code] = said.get(code) or str(answer)
    return _sheet_form(ticket, said, request.FILES)


def _show(request, ticket, status=200, **bound):
    at, definition, old = timezone.now(), definition_of(ticket), levels.level_of(ticket)
    sheet, highest = levels.latest_sheet(ticket), len(definition.levels)
    acts = ticket.undone and roles.may_open(request.user, "escalations:level-raise")
    lacking = (
        sheets.labels(definition.fault_report, sheet.missing) if sheet and definition.fault_report else []
    )
    context = {
        "ticket": ticket,
        "levels": definition.levels,
        "old": old,
        "next": old + 1 if old < highest else 0,
        "needs": levels.needs_sheet(definition, old + 1),
        "complete": definition.fault_report and old + 1 in definition.fault_report.complete,
        "report": sheet,
        "lacking": lacking,
        "moves": [(row, saying.here(row.at, at)) for row in ticket.level_moves.order_by("-position")],
        "edition": sheet.number + 1 if sheet else 1,
        **(_forms(ticket, definition, old) if acts else {}),
        **bound,
    }
    return render(request, "escalations/level_page.html", context, status=status)


def _forms(ticket, definition, old):
    team = {"team": ticket.team_id, "was": f"{ticket.team_id or ''}"}
    return {
        "up": forms.LevelUpForm(definition=definition, new=old + 1) if old < len(definition.levels) else None,
        "down": forms.LevelDownForm(definition=definition, old=old) if old > 1 else None,
        "group": forms.GroupAssignForm(initial=team),
        "sheet": _sheet_form(ticket),
    }

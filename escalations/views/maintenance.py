"""Maintenance windows: the list, announcing one, its page with withdrawing and moving, and the customer's own page."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.views.verbs import carried_out
from escalations import forms_maintenance as forms
from escalations import maintenance, maintenance_mail, maintenance_pages
from escalations.models import MaintenanceNotice, MaintenanceWindow, WindowState
from escalations.rules import NOTHING_LEFT
from support import saying
from support.once import once
from support.refusal import Refused

PER_PAGE = 25
SHOWN = 50  # people before "and so many more"
STATES = ("to-come", "done", "all")
TO_COME = {WindowState.COMING, WindowState.ON}
VERBS = {
    "withdraw": (forms.MaintenanceWithdrawForm, maintenance.withdraw),
    "move": (forms.MaintenanceMoveForm, maintenance.move),
}


@require_safe
def maintenance_list(request):
    state, text = request.GET.get("state", ""), request.GET.get("text", "").strip()[:100]
    state, now, zone = state if state in STATES else "all", timezone.now(), timezone.get_current_timezone()
    rows = maintenance_pages.found(state, text, now).order_by("done", "-begins_at", "-id")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    facts = {
        "page": page,
        "rows": [maintenance_pages.shown(window, now, zone) for window in page],
        "state": state,
        "text": text,
    }
    return render(request, "escalations/maintenance_list.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
def maintenance_announce(request):
    if request.method == "POST":
        return _announced(request)
    scope = _scope(request)
    if scope is None:
        facts = {"scopes": maintenance.scopes(timezone.now())}
        return render(request, "escalations/maintenance_scope.html", facts)
    return _announce_page(request, scope, forms.MaintenanceAnnounceForm(scope=scope))


def _scope(request):
    key = request.GET.get("for", "")[:120]
    return maintenance.scope(key, timezone.now()) if key else None


@once
def _announced(request):
    scope = _scope(request)
    if scope is None:
        raise Refused(str(NOTHING_LEFT))
    form, made = forms.MaintenanceAnnounceForm(request.POST, scope=scope), []
    if "preview" in request.POST:
        return _announce_page(request, scope, form, status=200 if form.is_valid() else 422)
    if carried_out(request, form, lambda said, by, at: made.append(_announce(scope, said, by=by, at=at))):
        return redirect(made[0])
    return _announce_page(request, scope, form, status=422)


def _announce(scope, said, *, by, at):
    said = dict(said)
    return maintenance.announce(said.pop("contracts"), product=scope.product, **said, by=by, at=at)


def _announce_page(request, scope, form, status=200):
    now, preview = timezone.now(), None
    if form.is_bound and form.is_valid():
        preview = _preview(request, scope, form.cleaned_data, now)
    earliest = saying.here(scope.earliest(now), now)
    facts = {"scope": scope, "form": form, "preview": preview, "earliest": earliest}
    return render(request, "escalations/maintenance_announce.html", facts, status=status)


def _preview(request, scope, said, now):
    """As the reader would get it, who would, and for whom it is late."""
    words = maintenance_mail.Said(
        kind=MaintenanceNotice.Kind.ANNOUNCED,
        number="",
        title=said["title"],
        concerns=scope.label,
        details=said["details"],
        begins_at=said["begins_at"],
        ends_at=said["ends_at"],
    )
    people = maintenance.audience(said["contracts"])
    zone = timezone.get_current_timezone_name()
    return {
        "letter": maintenance_mail.letter(words, zone, request.LANGUAGE_CODE),
        "people": people[:SHOWN],
        "count": (count := people.count()),
        "more": max(0, count - SHOWN),
        "late": maintenance_pages.late_for(said["contracts"], said["begins_at"], now),
    }


@require_safe
def maintenance_page(request, number):
    return _show(request, _window(number))


@require_safe
def maintenance_received(request, number):
    """Who was told of a window, and whether his mail has left."""
    window = _window(number)
    page = Paginator(maintenance_pages.receivers(window), PER_PAGE * 4).get_page(request.GET.get("page"))
    return render(request, "escalations/maintenance_received.html", {"window": window, "page": page})


@require_POST
@once
def maintenance_withdraw(request, number):
    return _done(request, number, "withdraw")


@require_POST
@once
def maintenance_move(request, number):
    return _done(request, number, "move")


@require_safe
def own_maintenance(request, number):
    windows = MaintenanceWindow.objects.of_customers(request.user).with_end()
    window = get_object_or_404(windows.select_related("service", "product"), number=number)
    now, zone = timezone.now(), timezone.get_current_timezone()
    facts = {
        "window": window,
        "shown": maintenance_pages.shown(window, now, zone),
        "called_off": maintenance_pages.calls_off(window).first(),
        **maintenance_pages.in_its_place(window),
        "zone": zone,
    }
    return render(request, "escalations/own_maintenance.html", facts)


def _window(number) -> MaintenanceWindow:
    windows = MaintenanceWindow.objects.with_end().select_related("service", "product", "replaces")
    return get_object_or_404(windows, number=number)


def _done(request, number, name):
    """The window again, with what was done, or with the form and why not."""
    window, made = _window(number), []
    form_class, verb = VERBS[name]
    form = form_class(request.POST, auto_id=f"{name}_%s")
    if maintenance.state_of(window, timezone.now()) not in TO_COME:
        raise Refused(maintenance.over_sentence(window))
    if carried_out(request, form, lambda said, by, at: made.append(verb(window, **said, by=by, at=at))):
        return redirect(made[0] or window)
    return _show(request, window, {name: form}, status=422)


def _show(request, window, bound=None, status=200):
    now, zone = timezone.now(), timezone.get_current_timezone()
    facts = maintenance_pages.facts_of(window, now, zone) | {"window": window}
    may = facts["shown"].state in TO_COME
    initial = {"begins_at": window.begins_at, "ends_at": window.ends_at}
    offered = {
        name: made(auto_id=f"{name}_%s", **({"initial": initial} if name == "move" else {}))
        for name, (made, _verb) in VERBS.items()
        if may
    }
    facts |= {"forms": offered | (bound or {}), "bound": dict.fromkeys(bound or (), True)}
    return render(request, "escalations/maintenance_page.html", facts, status=status)

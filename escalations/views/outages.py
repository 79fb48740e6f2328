"""Outages: the list, declaring one, its page with a verb for each step, and the status page of its audience."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.views.stale import attempted, renew
from billing.views.verbs import carried_out
from escalations import forms_outages as forms
from escalations import notice_mail, notices, outage_pages, outages
from escalations.models import Notice, Outage, OutageState
from escalations.rules import NOTHING_LEFT
from support import saying
from support.once import once
from support.refusal import Refused

PER_PAGE = 25
SHOWN = 50  # people of an audience before "and so many more"
VERBS = {
    "skip": (forms.OutageSkipForm, notices.skip),
    "link": (forms.OutageLinkForm, outages.link),
    "bridge": (forms.OutageBridgeForm, outages.open_bridge),
    "resolve": (forms.OutageResolveForm, outages.resolve),
    "unresolve": (forms.OutageUnresolveForm, outages.unresolve),
    "validate": (forms.OutageValidateForm, outages.validate),
    "close": (forms.OutageCloseForm, notices.close),
}


@require_safe
def outage_list(request):
    said = {name: request.GET.get(name, "").strip()[:100] for name in ("state", "text", "notice")}
    said["state"] = said["state"] if said["state"] in OutageState.values else ""
    now = timezone.now()
    found = outage_pages.found(Outage.objects.all(), now, **said)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [outage_pages.listed(outage, now) for outage in page]
    facts = {"page": page, "rows": rows, "said": said, "states": OutageState.choices}
    facts["notices"] = outage_pages.NOTICE.items()
    return render(request, "escalations/outage_list.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
def outage_declare(request):
    if request.method == "POST":
        return _declared(request)
    scope = _scope(request)
    if scope is None:
        found = outages.scopes(timezone.now())
        return render(request, "escalations/outage_scope.html", {"scopes": found})
    return _declare_page(request, scope, forms.OutageDeclareForm(scope=scope))


def _scope(request):
    key = request.GET.get("for", "")[:120]
    return outages.scope(key, timezone.now()) if key else None


@once
def _declared(request):
    scope = _scope(request)
    if scope is None:
        raise Refused(str(NOTHING_LEFT))
    form, made = forms.OutageDeclareForm(request.POST, scope=scope), []
    if "preview" in request.POST:
        return _declare_page(request, scope, form, status=200 if form.is_valid() else 422)
    if carried_out(request, form, lambda said, by, at: made.append(_declare(scope, said, by=by, at=at))):
        return redirect(made[0])
    return _declare_page(request, scope, form, status=422)


def _declare(scope, said, *, by, at):
    first = {name: said.pop(name) for name in ("details", "impact", "expected_at")}
    at_once, contracts = said.pop("send"), said.pop("contracts")
    outage = outages.declare(contracts, product=scope.product, **said, by=by, at=at)
    if at_once:
        notices.send(outage, **first, by=by, at=at)
    return outage


def _declare_page(request, scope, form, status=200):
    preview, hit = None, scope.contracts
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        hit = said["contracts"]
        people = notices.designated({contract.holder_id for contract in hit})
        step = next(step for step in scope.steps if step.code == said["priority"])
        letter = notice_mail.before_it_is_declared(said, step, timezone.now())
        preview = _preview(letter, people, request)
    facts = {"scope": scope, "form": form, "preview": preview}
    facts["unheard"] = _unheard({contract.holder_id for contract in hit})
    return render(request, "escalations/outage_declare.html", facts, status=status)


def _preview(said, people, request):
    """As the reader would get it, and who would."""
    zone = timezone.get_current_timezone_name()
    return {
        "letter": notice_mail.letter(said, zone, request.LANGUAGE_CODE),
        "people": people[:SHOWN],
        "count": (count := people.count()),
        "more": max(0, count - SHOWN),
    }


def _unheard(customers):
    return ", ".join(notices.unheard(customers).values_list("name", flat=True))


@require_safe
def outage_page(request, number):
    return _show(request, _outage(number))


@require_http_methods(["GET", "HEAD", "POST"])
def outage_notice(request, number):
    if request.method == "POST":
        return _noticed(request, number)
    outage = _outage(number)
    if outage.closed:
        raise Refused(outages.closed_sentence(outage))
    last = outage.notices.filter(what=Notice.What.SENT).order_by("-position").first()
    initial = {name: getattr(last, name) for name in forms.NoticeForm.base_fields} if last else {}
    if initial.get("expected_at") and initial["expected_at"] <= timezone.now():
        initial["expected_at"] = None
    initial["shown"] = outage_pages.next_kind(outage)
    return _notice_page(request, outage, forms.OutageNoticeForm(initial=initial))


@once
def _noticed(request, number):
    outage = _outage(number)
    if outage.closed:
        raise Refused(outages.closed_sentence(outage))
    form = forms.OutageNoticeForm(request.POST)
    if "preview" in request.POST:
        return _notice_page(request, outage, form, status=200 if form.is_valid() else 422)
    status = attempted(request, form, lambda said, by, at: notices.send(outage, **said, by=by, at=at))
    return redirect(outage) if status == 302 else _notice_page(request, _outage(number), form, status)


def _notice_page(request, outage, form, status=200):
    now, preview, people = timezone.now(), None, notices.audience(outage)
    kind = outage_pages.next_kind(outage)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        next_at = outages.next_after(outage, now)
        words = notice_mail.said(outage, kind, said["details"], said["impact"], said["expected_at"], next_at)
        preview = _preview(words, people, request)
    if preview or status == 409:
        renew(form, shown=kind)
    facts = {
        "outage": outage,
        "form": form,
        "kind": kind.label,
        "preview": preview,
        "count": people.count(),
        "items": outages.contents(outage),
        "unheard": _unheard(outage.contracts.values("contract__holder")),
    }
    return render(request, "escalations/outage_notice.html", facts, status=status)


@require_POST
@once
def outage_skip(request, number):
    return _done(request, number, "skip")


@require_POST
@once
def outage_link(request, number):
    return _done(request, number, "link")


@require_POST
@once
def outage_bridge(request, number):
    return _done(request, number, "bridge")


@require_POST
@once
def outage_resolve(request, number):
    return _done(request, number, "resolve")


@require_POST
@once
def outage_unresolve(request, number):
    return _done(request, number, "unresolve")


@require_POST
@once
def outage_validate(request, number):
    return _done(request, number, "validate")


@require_POST
@once
def outage_close(request, number):
    return _done(request, number, "close")


@require_safe
def notice_page(request, number, position):
    """Who received one notice, and whether his mail has left."""
    outage = _outage(number)
    notice = get_object_or_404(Notice.objects.filter(outage=outage).select_related("due"), position=position)
    page = Paginator(outage_pages.receivers(notice), PER_PAGE * 4).get_page(request.GET.get("page"))
    facts = {"outage": outage, "notice": notice, "page": page, "at": saying.here(notice.at, timezone.now())}
    return render(request, "escalations/outage_received.html", facts)


@require_safe
def own_outage(request, number):
    outage = get_object_or_404(Outage.objects.told_to(request.user), number=number)
    now, zone = timezone.now(), timezone.get_current_timezone()
    owed = outages.owed(outage)
    facts = {
        "outage": outage,
        "priority": notice_mail.priority_of(outage),
        "told": outage_pages.told(outage, now, zone),
        "bridge": None if outage.closed else outages.bridge(outage),
        "began": saying.instant(outage.began_at, zone, since=now),
        "ended": saying.instant(outage.ended_at, zone, since=now) if outage.closed else "",
        "next": saying.here(owed.due_at, now) if owed else "",
        "zone": zone,
    }
    return render(request, "escalations/own_outage.html", facts)


def _outage(number) -> Outage:
    return get_object_or_404(Outage.objects.select_related("product"), number=number)


def _done(request, number, name):
    """The outage again, with what was done, or with the form and why not."""
    outage = _in_turn(number, name)
    form_class, verb = VERBS[name]
    form = form_class(request.POST, auto_id=f"{name}_%s")
    status = attempted(request, form, lambda said, by, at: verb(outage, **said, by=by, at=at))
    if status == 302:
        return redirect(outage)
    if name == "skip" and form.non_field_errors():
        raise Refused(form.non_field_errors()[0])
    outage = _in_turn(number, name)  # refused in words where it has moved on in this very moment
    if status == 409:
        renew(form, resolution=outages.resolutions(outage))
    return _show(request, outage, {name: form}, status)


def _in_turn(number, name) -> Outage:
    """The outage as it is now; Refused where this is not its turn."""
    outage = _outage(number)
    if outage.closed:
        raise Refused(outages.closed_sentence(outage))
    may = outage_pages.offered(outage, outages.owed(outage), timezone.now())
    if name not in may | {"skip"}:  # whether there is one to skip is the database's to say
        raise Refused(outages.turn_sentence(outage))
    return outage


def _show(request, outage, bound=None, status=200):
    owed = outages.owed(outage)
    may = set() if outage.closed else outage_pages.offered(outage, owed, timezone.now())
    initial = {"skip": {"due": owed.position}} if owed else {}
    if "validate" in may:
        read = {"resolution": outages.resolutions(outage)}
        initial |= {"validate": read, "unresolve": read}
    shown = {
        name: made(auto_id=f"{name}_%s", initial=initial.get(name))
        for name, (made, _verb) in VERBS.items()
        if name in may
    }
    facts = outage_pages.facts_of(outage, timezone.now()) | {
        "outage": outage,
        "forms": shown | (bound or {}),
        "bound": dict.fromkeys(bound or (), True),
        "count": notices.audience(outage).count(),
        "unheard": "" if outage.closed else _unheard(outage.contracts.values("contract__holder")),
    }
    return render(request, "escalations/outage_page.html", facts, status=status)

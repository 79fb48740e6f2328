"""Major incident reports on the desk: which are owed, in draft, late and issued, and one with a verb for each step."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from billing.views.stale import attempted, renew
from escalations import forms_reports as forms
from escalations import report_pages, reporting
from escalations.models import IncidentReport, ReportState
from support import saying
from support.actors import Actor
from support.once import once
from support.refusal import Refused

PER_PAGE = 25


@require_safe
def report_list(request):
    said = {name: request.GET.get(name, "").strip()[:100] for name in ("state", "text")}
    said["state"] = said["state"] if said["state"] in report_pages.STATES else ""
    now = timezone.now()
    page = Paginator(report_pages.found(now, **said), PER_PAGE).get_page(request.GET.get("page"))
    facts = {
        "page": page,
        "rows": [report_pages.listed(row, now) for row in page],
        "said": said,
        "states": report_pages.STATES.items(),
    }
    return render(request, "escalations/report_list.html", facts)


@require_safe
def report_page(request, number):
    return _show(request, _report(number))


@require_POST
@once
def report_begin(request, number):
    report = _report(number)
    last = reporting.issued_of(report)
    reporting.begin(report, by=Actor.of(request.user), at=timezone.now())
    if last and (gone := last.actions.filter(owner__is_active=False).order_by("position")):
        names = saying.listed(list(dict.fromkeys(action.owner_name for action in gone)))
        words = _(
            "%(names)s left since: what was to be done by them is yours now, until you give it to others."
        )
        messages.warning(request, words % {"names": names})
    return redirect(report)


@require_POST
@once
def report_write(request, number):
    report = _report(number)
    draft = reporting.draft_of(report)
    form = forms.ReportWriteForm(request.POST, first=draft is None or draft.position == 1)
    return _done(request, report, "write", form, reporting.write)


@require_POST
@once
def report_act(request, number):
    return _done(
        request,
        _report(number),
        "act",
        forms.ReportActForm(request.POST, auto_id="act_%s"),
        reporting.add_action,
    )


@require_POST
@once
def report_drop(request, number, position):
    report = _report(number)
    seen = request.POST.get("seen", "")
    reporting.drop_action(report, position, seen=seen, by=Actor.of(request.user), at=timezone.now())
    return redirect(report)


@require_POST
@once
def report_issue(request, number):
    report = _report(number)
    seen = request.POST.get("seen", "")
    version = reporting.issue(report, seen=seen, by=Actor.of(request.user), at=timezone.now())
    said = ngettext(
        "Issued, and on its way to %(n)d person.",
        "Issued, and on its way to %(n)d people.",
        version.recipients,
    )
    messages.success(request, said % {"n": version.recipients})
    return redirect(report)


@require_safe
def report_given(request, number, position):
    """An issued version as its readers have it, and who was given it."""
    report = _report(number)
    version = get_object_or_404(report.versions.filter(state=ReportState.ISSUED), position=position)
    version.report, zone = report, timezone.get_current_timezone()
    page = Paginator(report_pages.mails(version), PER_PAGE * 4).get_page(request.GET.get("page"))
    facts = report_pages.issued(version, zone) | {"page": page}
    return render(request, "escalations/report_given.html", facts)


def _report(number) -> IncidentReport:
    rows = IncidentReport.objects.select_related("outage", "ticket__customer")
    return get_object_or_404(rows, number=number)


def _done(request, report, name, form, verb):
    if reporting.draft_of(report) is None:
        raise Refused(reporting.no_draft(report))
    status = attempted(request, form, lambda said, by, at: verb(report, **said, by=by, at=at))
    if status != 302 and reporting.draft_of(report) is None:  # issued meanwhile
        raise Refused(reporting.no_draft(report))
    return redirect(report) if status == 302 else _show(request, report, {name: form}, status)


def _show(request, report, bound=None, status=200):
    facts = report_pages.facts_of(report, timezone.now())
    if draft := facts["draft"]:
        said = {name: getattr(draft, name) for name in ("impact", "root_cause", "correction")}
        said["seen"] = facts["seen"] = reporting.fingerprint(draft)
        made = {
            "write": forms.ReportWriteForm(initial=said, first=draft.position == 1),
            "act": forms.ReportActForm(auto_id="act_%s", initial={"seen": facts["seen"]}),
        }
        if status == 409:
            facts["changed"] = draft
            for form in (bound or {}).values():
                renew(form, seen=facts["seen"])
        facts["forms"] = made | (bound or {})
    facts["bound"] = dict.fromkeys(bound or (), True)
    return render(request, "escalations/report_page.html", facts, status=status)

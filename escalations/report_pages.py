"""What the pages of reports show, worked out before a template sees it."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escalations import owing, report_story, reporting
from escalations.models import IncidentReport, OutageContract, ReportState, ReportVersion
from support import saying

STATES = {
    "owed": _("Owed, not begun"),
    "draft": _("Draft"),
    "late": _("Late"),
    "ahead": _("To be issued in time"),
    "issued": _("Issued"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """`state` is owed, draft, issued or reopened: of a ticket that came back."""

    report: IncidentReport
    about: str
    state: str
    ended: str
    due: str
    late: bool


def found(at: datetime, *, state: str = "", text: str = "") -> QuerySet[IncidentReport]:
    """What is owed first stands first, what has been issued last."""
    rows = IncidentReport.objects.all()
    picked = {
        "owed": rows.undrafted,
        "draft": rows.drafted,
        "late": lambda: rows.late(at),
        "ahead": lambda: rows.unissued().filter(due_at__gt=at),
        "issued": rows.issued,
    }
    rows = picked[state]() if state in picked else rows
    if text:
        hit = Exists(
            OutageContract.objects.filter(outage=OuterRef("outage"), contract__holder__name__icontains=text)
        )
        said = (
            Q(number__icontains=text) | Q(outage__number__icontains=text) | Q(ticket__number__icontains=text)
        )
        rows = rows.filter(said | hit | Q(ticket__customer__name__icontains=text))
    left = ReportVersion.objects.filter(report=OuterRef("pk"))
    return (
        rows.annotate(
            issued=Exists(left.filter(state=ReportState.ISSUED)),
            begun=Exists(left.filter(state=ReportState.DRAFT)),
        )
        .select_related("outage", "ticket__customer")
        .order_by("issued", "due_at", "id")
    )


def listed(report: IncidentReport, at: datetime) -> Listed:
    """Of a row of `found`."""
    again = report.ticket is not None and report.ticket.undone
    state = "issued" if report.issued else "reopened" if again else "draft" if report.begun else "owed"
    return Listed(
        report,
        report.ticket.customer.name if report.ticket else "",
        "correcting" if report.issued and report.begun else state,
        saying.here(report.over_since, at),
        saying.here(report.due_at, at),
        state in ("owed", "draft") and report.due_at <= at,
    )


def issued(version: ReportVersion, zone: tzinfo) -> dict:
    """A version as its readers have it; three queries at most."""
    report = version.report
    return {
        "report": report,
        "version": version,
        "ended": saying.instant(report.over_since, zone, dated=True),
        "issued": saying.instant(version.issued_at, zone, dated=True) if version.issued_at else "",
        "story": report_story.shown(version.story, zone),
        "actions": list(version.actions.order_by("position")),
        "zone": saying.zone_name(zone),
    }


def facts_of(report: IncidentReport, at: datetime) -> dict:
    """Of the desk's page: the draft, what it would tell, and every version that has left."""
    zone, draft = timezone.get_current_timezone(), reporting.draft_of(report)
    terms = owing.terms_of(report)
    left = report.versions.filter(state=ReportState.ISSUED).order_by("-position")
    left = list(left.annotate(given=Count("given_to")))
    newest = left[0] if left else None
    if newest:
        newest.report = report
    unheard = [customer.name for customer in reporting.unheard(report)]
    return {
        "report": report,
        "reopened": report.ticket is not None and report.ticket.undone,
        "draft": draft,
        "actions": list(draft.actions.order_by("position")) if draft else [],
        "story": report_story.shown(report_story.told(report), zone) if draft else [],
        "newest": issued(newest, zone) if newest else None,
        "left": [(row, saying.here(row.issued_at, at)) for row in left],
        "ended": saying.here(report.over_since, at),
        "counted_from": saying.here(report.ended_at, at),
        "due": saying.here(report.due_at, at),
        "late": newest is None and report.due_at <= at,
        "within": f"{terms.within}" if terms else "",
        "count": reporting.audience(report).count(),
        "unheard": saying.listed(unheard) if unheard else "",
    }


def mails(version: ReportVersion) -> QuerySet:
    """Who was given it, and how his mail fared."""
    return version.given_to.select_related("contact__customer", "mail").order_by(
        F("contact__customer__name"), "contact__name", "id"
    )

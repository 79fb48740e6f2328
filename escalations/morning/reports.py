"""Major incident reports that customers are owed and that have not been issued."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from escalations import report_pages
from escalations.models import IncidentReport
from escalations.morning.section import BAD, WARN, Line, Says, Section, first
from support import saying
from support.models import User


def late(user: User, at: datetime) -> Section:
    def says(n: int) -> str:
        return ngettext("incident report overdue", "incident reports overdue", n)

    return _section("late", "reports-late", _("Incident reports overdue"), says, BAD, at)


def owed(user: User, at: datetime) -> Section:
    def says(n: int) -> str:
        return ngettext("incident report to issue in time", "incident reports to issue in time", n)

    return _section("ahead", "reports", _("Incident reports to issue"), says, WARN, at)


def _section(state: str, key: str, title: str, says: Says, tone: str, at: datetime) -> Section:
    count, lines = first(report_pages.found(at, state=state), lambda row: _line(row, at))
    url = f"{reverse('escalations:report-list')}?state={state}"
    return Section(key, title, says(count), "file", tone, url, count, lines, needs=tone == BAD)


def _line(row: IncidentReport, at: datetime) -> Line:
    said = {"number": row.number, "about": row.subject.number}
    about = _("%(number)s on %(about)s, in draft.") if row.begun else _("%(number)s on %(about)s, not begun.")
    mark = _("due %(instant)s") % {"instant": saying.here(row.due_at, at)}
    return Line(
        row.get_absolute_url(),
        row.subject.title,
        about % said,
        mark,
        row.due_at if row.due_at <= at else None,
    )

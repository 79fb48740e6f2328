"""Outages whose audience is owed a notice: overdue, or about to be."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from escalations import outage_pages
from escalations.models import Outage
from escalations.morning.section import BAD, WARN, Line, Says, Section, first
from support import saying
from support.models import User


def overdue(user: User, at: datetime) -> Section:
    def says(n: int) -> str:
        return ngettext("outage overdue to be told", "outages overdue to be told", n)

    return _section("notices", _("Outages overdue to be told"), says, BAD, at)


def soon(user: User, at: datetime) -> Section:
    until = {"instant": saying.here(at + outage_pages.SOON, at)}

    def says(n: int) -> str:
        return (
            ngettext("outage to be told before %(instant)s", "outages to be told before %(instant)s", n)
            % until
        )

    return _section("notices-soon", _("Outages soon to be told"), says, WARN, at)


def _section(key: str, title: str, says: Says, tone: str, at: datetime) -> Section:
    which = "overdue" if tone == BAD else "soon"
    rows = outage_pages.owing(Outage.objects.all(), which, at)
    count, lines = first(rows, lambda row: _line(row, at))
    url = f"{reverse('escalations:outage-list')}?notice={which}"
    return Section(key, title, says(count), "alert", tone, url, count, lines, needs=tone == BAD)


def _line(row: Outage, at: datetime) -> Line:
    said = {"number": row.number, "priority": row.priority, "state": row.get_state_display()}
    about = _("%(number)s, %(priority)s. %(state)s.") % said
    if row.due_at > at:
        return Line(row.get_absolute_url(), row.title, about, saying.here(row.due_at, at))
    mark = _("%(span)s late") % {"span": saying.age((at - row.due_at).total_seconds() / 60)}
    return Line(row.get_absolute_url(), row.title, about, mark, row.due_at)

"""Levels of a ladder that were raised and that nobody has taken."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from escalations.models import Escalation
from escalations.morning.section import WARN, Line, Section, first
from support import saying
from support.models import Ticket, User


def unacknowledged(user: User, at: datetime) -> Section:
    rows = Escalation.objects.unacknowledged().filter(ticket__in=Ticket.objects.visible_to(user))
    count, lines = first(rows.select_related("ticket__customer"), lambda row: _line(row, at))
    return Section(
        "unacknowledged",
        _("Not acknowledged"),
        ngettext("escalation not acknowledged", "escalations not acknowledged", count),
        "up",
        WARN,
        f"{reverse('escalations:escalation-list')}?show=unacknowledged",
        count,
        lines,
    )


def _line(row: Escalation, at: datetime) -> Line:
    said = {"customer": row.ticket.customer.name, "level": row.level, "name": row.name}
    about = _("%(customer)s. Level %(level)d, %(name)s.") % said
    if row.fallback:
        about = f"{about} {row.fallback}"
    since = _("since %(instant)s") % {"instant": saying.here(row.raised_at, at)}
    return Line(f"{row.ticket.get_absolute_url()}#escalation", row.ticket.title, about, since, row.raised_at)

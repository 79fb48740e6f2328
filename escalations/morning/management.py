"""Tickets at management that nobody drives."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from escalations.models import ManagementEscalation
from escalations.morning.section import BAD, Line, Section, first
from support import saying
from support.models import Ticket, User
from support.models.tickets import UNDONE


def undriven(user: User, at: datetime) -> Section:
    tickets = Ticket.objects.visible_to(user).filter(state__in=UNDONE)
    rows = ManagementEscalation.objects.first_of_each_ticket().undriven().filter(ticket__in=tickets)
    rows = rows.select_related("ticket__customer").order_by("opened_at", "id")
    count, lines = first(rows, lambda row: _line(row, at))
    return Section(
        "undriven",
        _("At management, driven by nobody"),
        _("at management, driven by nobody"),
        "person",
        BAD,
        f"{reverse('escalations:management-list')}?show=undriven",
        count,
        lines,
    )


def _line(row: ManagementEscalation, at: datetime) -> Line:
    said = {
        "customer": row.ticket.customer.name,
        "priority": row.ticket.priority,
        "cause": row.get_cause_display(),
    }
    about = _("%(customer)s, %(priority)s. %(cause)s.") % said
    since = _("since %(instant)s") % {"instant": saying.here(row.opened_at, at)}
    return Line(f"{row.ticket.get_absolute_url()}#management", row.ticket.title, about, since, row.opened_at)

"""Promises of ours on tickets that are not done: broken, about to break, and updates that are owed."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from escalations.morning.section import BAD, WARN, Line, Section, first
from support import saying
from support.clocks.terms import ClockKind, Owes
from support.explaining.words import KINDS
from support.models import Clock, Ticket, User
from support.models.tickets import UNDONE

SOON = timedelta(hours=2)
LATE, ABOUT_TO, UPDATES = "late", "soon", "updates"


def of(which: str, user: User, at: datetime) -> QuerySet[Clock]:
    """Our clocks that this person may see, the first due first: late ones, those due within SOON, or late updates."""
    tickets = Ticket.objects.visible_to(user).filter(state__in=UNDONE)
    found = Clock.objects.filter(ticket__in=tickets, owed_by=Owes.PROVIDER)
    if which == ABOUT_TO:
        found = found.ticking().filter(due_at__gt=at, due_at__lte=at + SOON)
    elif which == UPDATES:
        found = found.breached(at).filter(kind=ClockKind.UPDATE)
    else:
        found = found.breached(at).exclude(kind=ClockKind.UPDATE)
    return found.select_related("ticket__customer", "ticket__owner").order_by("due_at", "id")


def late(user: User, at: datetime) -> Section:
    return _section(LATE, _("Breached"), _("breached and still open"), "late", BAD, user, at)


def soon(user: User, at: datetime) -> Section:
    until = {"instant": saying.here(at + SOON, at)}
    return _section(
        ABOUT_TO, _("About to breach"), _("breach before %(instant)s") % until, "alert", WARN, user, at
    )


def updates(user: User, at: datetime) -> Section:
    return _section(UPDATES, _("Overdue to communicate"), _("overdue to communicate"), "mail", BAD, user, at)


def _section(which: str, title: str, says: str, icon: str, tone: str, user: User, at: datetime) -> Section:
    count, lines = first(of(which, user, at), lambda clock: _line(clock, at))
    url = f"{reverse('escalations:morning-clocks')}?show={which}"
    return Section(which, title, says, icon, tone, url, count, lines, needs=which != ABOUT_TO)


def _line(clock: Clock, at: datetime) -> Line:
    ticket = clock.ticket
    about = _("%(customer)s, %(priority)s %(clock)s. %(owner)s") % {
        "customer": ticket.customer.name,
        "priority": clock.priority or ticket.priority,
        "clock": KINDS[ClockKind(clock.kind)],
        "owner": owner_of(ticket),
    }
    return Line(
        ticket.get_absolute_url(),
        ticket.title,
        about,
        left(clock, at),
        clock.due_at if clock.due_at <= at else None,
    )


def left(clock: Clock, at: datetime) -> str:
    """ "1 h 12 late", or when it is due."""
    if clock.due_at > at:
        return saying.here(clock.due_at, at)
    return _("%(span)s late") % {"span": saying.age((at - clock.due_at).total_seconds() / 60)}


def owner_of(ticket: Ticket) -> str:
    if ticket.owner is None:
        return _("Nobody owns it.")
    return _("%(name)s owns it.") % {"name": ticket.owner.name}

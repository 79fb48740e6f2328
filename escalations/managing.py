"""Tickets at management: opened once by what opens them, driven by a manager, updated, closed; each opening is mailed."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from escalations.models import (
    Cause,
    LadderContact,
    LevelMove,
    ManagementClosing,
    ManagementEscalation,
    ManagementTaking,
    ManagementUpdate,
)
from escalations.rules import must_be_said
from support import timeline
from support.actors import Actor
from support.mail import outbox
from support.models import Ticket, User, Visibility
from support.refusal import Refused, Stale, refusing
from support.roles import Role


def managers() -> list[str]:
    """The addresses of every support manager; the desk's where there is none."""
    found = User.objects.filter(groups__name=Role.MANAGER, is_active=True).order_by("email")
    return list(found.values_list("email", flat=True)) or [outbox.desk()]


def beside_engineering(move: LevelMove, *, at: datetime) -> ManagementEscalation:
    """Opened with the move to engineering, in its transaction, or once the ticket's priority asks for it there."""
    row = ManagementEscalation(ticket=move.ticket, cause=Cause.ENGINEERING, move=move)
    row.save(force_insert=True)
    _mail(row, managers(), _("it is at engineering, and management goes along with it"), at)
    return row


@transaction.atomic
def of_severity(ticket: Ticket, notified: str, *, at: datetime) -> ManagementEscalation:
    """Opened as soon as the ticket has this severity, once for ever; those whom the service names are told with the managers."""
    row = ManagementEscalation(ticket=ticket, cause=Cause.SEVERITY)
    row.save(force_insert=True)
    above = LadderContact.objects.on_level(ticket, 0)
    route = above.route() if above else None
    to = list(dict.fromkeys([*([route.email] if route and route.email else []), *managers()]))
    words = _("its severity is told to: %(who)s") % {"who": notified.lower()}
    _mail(row, to, words, at)
    return row


@transaction.atomic
def take(ticket: Ticket, *, driver: User, by: Actor, at: datetime) -> None:
    """From now on this manager drives it."""
    for row in _open(ticket):
        _add(ManagementTaking(escalation=row, driver=driver), by)
    _tell(ticket, "taken", driver.pk, by, at)


@transaction.atomic
def update(ticket: Ticket, *, words: str, by: Actor, at: datetime) -> None:
    must_be_said(words=words)
    for row in _open(ticket):
        last = _add(ManagementUpdate(escalation=row, words=words), by)
    _tell(ticket, "updated", last.pk, by, at)


@transaction.atomic
def close(ticket: Ticket, *, reason: str, newest: int | None = None, by: Actor, at: datetime) -> None:
    """`newest` is the last of those that its writer saw; Stale where one has come since, which nobody has read."""
    must_be_said(reason=reason)
    rows = _open(ticket)
    if newest is not None and newest_of(ticket) > newest:
        raise Stale(
            _(
                "Ticket %(number)s has come to management for a further reason since you opened it. Read it first."
            )
            % {"number": ticket.number}
        )
    for row in rows:
        last = _add(ManagementClosing(escalation=row, reason=reason), by)
    _tell(ticket, "closed", last.pk, by, at)


def newest_of(ticket: Ticket) -> int:
    """The id of the last that is at management of it; 0 where nothing is."""
    at_management = ManagementEscalation.objects.open().filter(ticket=ticket)
    return max(at_management.values_list("pk", flat=True), default=0)


def _open(ticket: Ticket) -> list[ManagementEscalation]:
    ticket.lock()
    rows = list(ManagementEscalation.objects.open().filter(ticket=ticket))
    if not rows:
        raise Refused(_("Nothing of ticket %(number)s is at management.") % {"number": ticket.number})
    return rows


def _add(row, by: Actor):
    row.actor = by
    with refusing({}), transaction.atomic():
        row.save(force_insert=True)
    return row


def _tell(ticket: Ticket, what: str, pk: int, by: Actor, at: datetime) -> None:
    timeline.record(ticket, f"management.{what}", by=by, at=at, visibility=Visibility.INTERNAL, ids=[pk])


def _mail(row: ManagementEscalation, to: Iterable[str], why: str, at: datetime) -> None:
    ticket = row.ticket
    facts = {
        "number": ticket.number,
        "title": ticket.title,
        "customer": ticket.customer.name,
        "priority": ticket.priority,
        "why": why,
        "owner": ticket.owner.name if ticket.owner else _("nobody"),
        "link": f"{settings.BASE_URL}{ticket.get_absolute_url()}#management",
    }
    subject = _("[%(number)s] At management, %(priority)s") % facts
    text = _(
        "“%(title)s” of %(customer)s, priority %(priority)s, is at management: %(why)s. "
        "It is owned by %(owner)s; say on the ticket who drives it.\n\n%(link)s\n"
    )
    outbox.queue(f"management:{row.pk}", to=to, subject=subject, text=text % facts, at=at)

"""Tickets as their customer reads them: what was promised, when it is due and why, what was said; nothing of the desk's own."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from support.actors import Actor
from support.desk import attaching, telling
from support.models import Contact, Customer, Event, Message, Ticket, TicketState, User, Visibility
from support.naming import is_said
from support.refusal import Refused

# What happened, as far as it is the customer's: not who owns it, or what the desk decided about scope.
TOLD = (
    "ticket.opened",
    "ticket.resolved",
    "ticket.restored",
    "ticket.closed",
    "ticket.reopened",
    "message.sent",
    "message.received",
    "call.made",
    "call.taken",
    "file.added",
    "priority.claimed",
    "priority.agreed",
    "wait.started",
    "wait.ended",
    "workaround.given",
    "plan.given",
    "commitment.made",
    "commitment.changed",
    "commitment.withdrawn",
    "offer.sent",
    "offer.approved",
    "offer.confirmed",
    "offer.declined",
    "offer.withdrawn",
    "offer.expired",
    "case.opened",
    "case.answered",
    "case.dispatched",
    "case.closed",
    "assist.handed",
    "assist.taken",
    "escalation.raised",
    "escalation.accepted",
    "escalation.declined",
    "escalation.acknowledged",
    "escalation.stepped_down",
    "escalation.closed",
    "onsite.requested",
    "onsite.accepted",
    "onsite.approved",
    "onsite.declined",
    "onsite.done",
    "onsite.arrived",
    "onsite.left",
    "onsite.no_show",
    "onsite.cancelled",
    "outage.linked",
    "outage.validated",
    "notice.sent",
)


def tickets_of(user: User, state: str) -> QuerySet[Ticket]:
    """Those of every customer that this person sees, the newest first; "open" leaves out what is done."""
    found = Ticket.objects.visible_to(user).select_related("customer")
    return (found.undone() if state == "open" else found).order_by("-opened_at", "-pk")


def sees_several_companies(user: User) -> bool:
    """Whether this person's list needs the company beside each ticket, whatever stands on the page that he reads."""
    return len(Customer.objects.visible_to(user)[:2]) > 1


def timeline(ticket: Ticket, now: datetime) -> list[telling.Day]:
    """By day in the reader's zone, the newest first: what was said between the two sides, and what happened of it."""
    events = Event.objects.filter(ticket=ticket, kind__in=TOLD, visibility=Visibility.CUSTOMER)
    said = Message.objects.filter(visibility=Visibility.CUSTOMER)
    days, _earlier = telling.timeline(
        ticket, list(events.order_by("-seq")), list(ticket.waits.all()), now, messages=said
    )
    return days


def contact_for(user: User, ticket: Ticket) -> Contact | None:
    """As whom this person writes on the ticket: a contact of its customer, or one with a grant."""
    contact = Contact.objects.filter(user=user).select_related("customer").first()
    return contact if contact and contact.may_see(ticket.customer_id) else None


@transaction.atomic
def write(ticket: Ticket, user: User, text: str, uploads=(), *, at: datetime) -> Message:
    """The customer writes on his page, as he would by mail. Raises Refused on a closed ticket, and for whoever has no part in it."""
    contact = contact_for(user, ticket)
    if contact is None:
        raise Refused(_("You read this ticket, and nobody who writes on it goes by your account."))
    if not is_said(text):
        raise Refused(_("Write something that can be read."), "text")
    ticket.lock()
    if ticket.state == TicketState.CLOSED:
        raise Refused(_("This ticket is closed: write to the desk, and it becomes a new one."))
    by, at = Actor.of(user), max(at, ticket.changed_at)
    files = attaching.take(ticket, uploads, visibility=Visibility.CUSTOMER, by=by, at=at)
    sender = "customer" if contact.customer_id == ticket.customer_id else "partner"
    return Message.receive(ticket, text, contact=contact, files=files, sender=sender, by=by, at=at)

"""Promises: an instant said to the customer on the ticket, which is a clock of its own until it is kept or taken back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from support import timeline
from support.actors import Actor
from support.clocks.terms import ClockKind
from support.models import Message, Ticket
from support.models.waits import LONGEST
from support.refusal import Refused


def is_promised(ticket: Ticket) -> bool:
    """Whether a promise is open."""
    return ticket.clocks.filter(kind=ClockKind.COMMITTED, state__in=["running", "paused"]).exists()


@transaction.atomic
def promise(ticket: Ticket, promised_at: datetime, text: str, *, by: Actor, at: datetime) -> None:
    """Promise the customer a time, or another one in place of the last. What is written with it leaves by mail."""
    ticket.lock()
    if not ticket.undone:
        raise Refused(_("Ticket %(number)s is done: reopen it first.") % {"number": ticket.number})
    if promised_at <= at:
        raise Refused(_("Promise a time that is still to come."), "promised_at")
    if promised_at - at > LONGEST:
        raise Refused(_("Promise a time within two years."), "promised_at")
    kind = "commitment.changed" if is_promised(ticket) else "commitment.made"
    if text:
        Message.reply(ticket, text, by=by, at=at)
    timeline.record(ticket, kind, by=by, at=at, promised_at=promised_at)


@transaction.atomic
def take_back(ticket: Ticket, text: str, *, by: Actor, at: datetime) -> None:
    """The customer is told that the promise does not stand; it is judged only where its time had come."""
    ticket.lock()
    if not is_promised(ticket):
        raise Refused(_("Nothing is promised on this ticket."))
    Message.reply(ticket, text, by=by, at=at)
    timeline.record(ticket, "commitment.withdrawn", by=by, at=at)

"""In which hours work on a ticket goes on: those of its service, or day and night once that was agreed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from support import timeline, versions
from support.actors import Actor
from support.clocks.facts import Effort
from support.clocks.pinning import EFFORT
from support.clocks.terms import Base
from support.models import Message, Ticket
from support.naming import is_said
from support.refusal import Refused

KIND = "effort.switched"


def effort_of(ticket: Ticket) -> Effort:
    """That of the last switch; before one, the hours of the service."""
    last = ticket.events.filter(kind=KIND).order_by("-seq").first()
    return Effort(last.facts["effort"]) if last else Effort.BUSINESS


def is_switchable(ticket: Ticket) -> bool:
    """Whether hours matter: its level promises work in business time."""
    if ticket.service is None:
        return False
    try:
        targets = versions.definition(ticket.service).step(ticket.priority).targets
    except KeyError:
        return False
    return any(kind in EFFORT and promise.within.base != Base.ELAPSED for kind, promise in targets.items())


@transaction.atomic
def switch(ticket: Ticket, effort: Effort, *, reason: str, by: Actor, at: datetime) -> None:
    """Work day and night from now on, or in the service's hours again. What has counted stays counted.

    The reason is an internal note. Raises Refused where the ticket is done, its level knows no hours, or
    that is how it is worked on already.
    """
    ticket.lock()
    must_be_possible(ticket, effort)
    if not is_said(reason):
        raise Refused(_("Write down why, and who agreed."), "reason")
    note = Message.note(ticket, reason, by=by, at=at)
    timeline.record(ticket, KIND, by=by, at=at, effort=effort.value, reason=str(note.pk))


def must_be_possible(ticket: Ticket, effort: Effort) -> None:
    if not ticket.undone:
        raise Refused(_("Ticket %(number)s is done: reopen it first.") % {"number": ticket.number})
    if not is_switchable(ticket):
        raise Refused(
            _("Nothing at this priority counts business hours, so there are none to switch."), "effort"
        )
    if effort is effort_of(ticket):
        raise Refused(_("It is worked on in these hours already."), "effort")

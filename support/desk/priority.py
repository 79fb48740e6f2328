"""The priority of a ticket: what the customer claims, what the desk assesses, what both agree."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from support import timeline, versions
from support.actors import Actor
from support.catalogue.promises import Party
from support.desk.opening import level_at_opening
from support.models import Contact, Event, Message
from support.models.tickets import Ticket
from support.refusal import Refused

SETTLING = ("priority.claimed", "priority.assessed", "priority.agreed")


def rank_of(ticket: Ticket, code: str) -> int:
    """1 for the service's most urgent level; Refused beside `priority` when the service has no such level."""
    if ticket.service is None:
        raise Refused(
            _("Ticket %(number)s runs under no service, so it has no priorities.")
            % {"number": ticket.number},
            "priority",
        )
    definition = versions.definition(ticket.service)
    try:
        return definition.step(code).rank
    except KeyError:
        raise Refused(
            _("%(service)s has no priority %(code)s.") % {"service": definition.name, "code": code},
            "priority",
        ) from None


@transaction.atomic
def assess(ticket: Ticket, level: str, *, by: Actor, at: datetime, agreed: bool = False) -> None:
    """Give the ticket another level. Open response, troubleshoot and fix get its targets from their old start."""
    ticket.lock()
    if not ticket.undone:
        raise Refused(_("Ticket %(number)s is done: reopen it first.") % {"number": ticket.number})
    rank = rank_of(ticket, level)
    if level == ticket.priority:
        raise Refused(_("It is %(level)s already.") % {"level": level}, "priority")
    ticket.priority, ticket.rank = level, rank
    timeline.record(ticket, "priority.agreed" if agreed else "priority.assessed", by=by, at=at, level=level)
    ticket.save(update_fields=["priority", "rank"])


@dataclass(frozen=True, slots=True)
class Claim:
    """What a customer asked for and nobody has answered; `why_not` says why it cannot be taken as it came, "" when it can."""

    level: str
    at: datetime
    why_not: str


@transaction.atomic
def claim(
    ticket: Ticket,
    level: str,
    *,
    channel: str,
    statement: str,
    contact: Contact | None,
    by: Actor,
    at: datetime,
) -> str:
    """The customer asks for another level. It is kept with his statement of what it means for his business, and moves no
    clock until the desk has answered. Answers why it cannot be taken as it came, "" when it can.

    Raises Refused for a level that there is not, that holds already, and where the service wants a statement.
    """
    ticket.lock()
    if not ticket.undone:
        raise Refused(_("Ticket %(number)s is done: reopen it first.") % {"number": ticket.number})
    rank_of(ticket, level)
    if level == ticket.priority:
        raise Refused(_("It is %(level)s already.") % {"level": level}, "level")
    definition = versions.definition(ticket.service)
    if definition.assessment.statement and not statement.strip():
        raise Refused(
            _("%(service)s asks for a statement of what it means for the business.")
            % {"service": definition.name},
            "statement",
        )
    said = Message.receive(ticket, statement, contact=contact, by=by, at=at) if statement.strip() else None
    timeline.record(
        ticket,
        "priority.claimed",
        by=by,
        at=at,
        level=level,
        channel=channel,
        impact=said.pk if said else None,
    )
    return level_at_opening(definition, level, channel, Party.CUSTOMER).why


def open_claim(ticket: Ticket, newest_first: Iterable[Event]) -> Claim | None:
    """The customer's last wish for a level, while nobody has assessed or agreed one since; among these events."""
    last = next((event for event in newest_first if event.kind in SETTLING), None)
    if last is None or last.kind != "priority.claimed" or last.facts["level"] == ticket.priority:
        return None
    level, channel = last.facts["level"], last.facts.get("channel", "")
    worth = level_at_opening(versions.definition(ticket.service), level, channel, Party.CUSTOMER)
    return Claim(level, last.at, worth.why)

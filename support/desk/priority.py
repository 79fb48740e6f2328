"""The priority of a ticket: what the customer claims, what the desk assesses, what both agree."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from support import timeline, versions
from support.actors import Actor
from support.models.tickets import Ticket
from support.refusal import Refused


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

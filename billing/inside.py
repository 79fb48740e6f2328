"""Time worked under the contract: recorded on the ticket and in its person's week, never billed."""

from datetime import datetime

from django.utils.translation import gettext as _

from billing.models import TicketTime
from billing.rules import verb
from billing.timing import LONGEST, OLDEST
from support import timeline
from support.actors import Actor
from support.models import Ticket, User
from support.naming import is_said
from support.refusal import Refused


@verb
def record(
    ticket: Ticket,
    *,
    person: User,
    started_at: datetime,
    stopped_at: datetime,
    text: str,
    by: Actor,
    at: datetime,
) -> TicketTime:
    """On a ticket in any state. Refused where it is ahead, too long, or over other time of this person."""
    if not is_said(text):
        raise Refused(_("Say what was done."), "text")
    if stopped_at <= started_at:
        raise Refused(_("It ends before it begins."), "stopped_at")
    if stopped_at - started_at > LONGEST:
        raise Refused(_("That is more than a day: enter it day by day."), "started_at")
    if at - started_at > OLDEST:
        raise Refused(_("That is more than two years ago."), "started_at")
    ticket.lock()
    made = TicketTime(
        ticket=ticket, person=person, started_at=started_at, stopped_at=stopped_at, text=text.strip()
    )
    made.actor = by
    made.save(force_insert=True)
    timeline.record(ticket, "time.booked", by=by, at=max(at, ticket.changed_at), ids=[made.pk])
    return made


@verb
def cancel(entry: TicketTime, *, reason: str, by: Actor, at: datetime) -> None:
    """A mistake: it stays to be read, and counts no more."""
    if not is_said(reason):
        raise Refused(_("Write down why."), "reason")
    if (
        not TicketTime.objects.live()
        .filter(pk=entry.pk)
        .update(cancelled_at=at, cancelled_by=by.name, reason=reason.strip())
    ):
        raise Refused(_("This entry has been cancelled already."))

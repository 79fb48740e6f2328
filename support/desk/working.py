"""What the desk did on a ticket besides talking: connected, diagnosed, gave a workaround or a plan."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from support import timeline, versions
from support.actors import Actor
from support.models import Message, Ticket
from support.refusal import Refused


class Done(models.TextChoices):
    CONNECTED = "session.connected", gettext_lazy("Connected to the customer's system")
    DIAGNOSED = "troubleshoot.done", gettext_lazy("Troubleshooting done")
    WORKAROUND = "workaround.given", gettext_lazy("Workaround given")
    PLAN = "plan.given", gettext_lazy("Restoration plan given")


def possible(ticket: Ticket) -> tuple[tuple[str, str], ...]:
    """What this ticket's service knows: a workaround or a plan only where it ends the fix clock."""
    ends_fix = versions.definition(ticket.service).fix_by if ticket.service else ()
    kept = {Done.CONNECTED, Done.DIAGNOSED, *(Done(f"{name}.given") for name in ends_fix)}
    return tuple((value, label) for value, label in Done.choices if value in kept)


@transaction.atomic
def record(ticket: Ticket, done: str, text: str, *, by: Actor, at: datetime) -> None:
    """Tell the timeline. A workaround or a plan is written to the customer, the rest is an internal note."""
    ticket.lock()
    if not ticket.undone:
        raise Refused(_("Ticket %(number)s is done: reopen it first.") % {"number": ticket.number})
    if done in (Done.WORKAROUND, Done.PLAN):
        message = Message.reply(ticket, text, by=by, at=at)
        timeline.record(ticket, done, by=by, at=at, message=message.pk)
        return
    if text:
        Message.note(ticket, text, by=by, at=at)
    timeline.record(ticket, done, by=by, at=at)

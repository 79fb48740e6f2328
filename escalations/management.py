"""Management is told when a ticket has had neither a workaround nor a fix for as long as its service allows."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from escalations.managing import managers
from escalations.models import Cause, ManagementEscalation
from support.mail import outbox
from support.models import Alarm


def tell(alarms: list[Alarm], at: datetime) -> None:
    """One row at management and one mail for each alarm, to every support manager; to the desk where there is none."""
    ManagementEscalation.objects.bulk_create(
        ManagementEscalation(ticket=alarm.ticket, cause=Cause.ALARM, alarm=alarm) for alarm in alarms
    )
    to = managers()
    outbox.queue_all([_mail(alarm, to, at) for alarm in alarms])


def _mail(alarm: Alarm, to: list[str], at: datetime) -> outbox.Draft:
    ticket = alarm.ticket
    facts = {
        "number": ticket.number,
        "title": ticket.title,
        "customer": ticket.customer.name,
        "priority": ticket.priority,
        "owner": ticket.owner.name if ticket.owner else _("nobody"),
        "link": f"{settings.BASE_URL}{ticket.get_absolute_url()}#management",
    }
    subject = _("[%(number)s] Management: no workaround and no fix, %(priority)s") % facts
    text = _(
        "“%(title)s” of %(customer)s, priority %(priority)s, has neither a workaround nor a fix, and the time after which "
        "its service tells management is over. It is owned by %(owner)s.\n\n%(link)s\n"
    )
    return outbox.Draft(f"alarm:{alarm.pk}", to, subject, text % facts, at)

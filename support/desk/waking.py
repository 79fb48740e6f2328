"""A wait that somebody wanted to look at again: its owner is told at that instant. It goes on until somebody ends it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from support import saying
from support.desk.warning import told
from support.mail import outbox
from support.models import Alarm, Wait
from support.models.waits import REASONS

WAKE = "support.wake"


def tell(alarms: list[Alarm], at: datetime) -> None:
    """One mail for each wait that still stands, to the ticket's owner; to the desk's address where nobody owns it."""
    names = {alarm.key: alarm.key.partition(":")[2] for alarm in alarms}
    known = {f"wait:{wait.pk}": wait for wait in Wait.objects.filter(pk__in=names.values(), ended_at=None)}
    outbox.queue_all([_mail(alarm, known[alarm.key], at) for alarm in alarms if alarm.key in known])


def _mail(alarm: Alarm, wait: Wait, at: datetime) -> outbox.Draft:
    ticket, owner = alarm.ticket, alarm.ticket.owner
    zone = ZoneInfo(owner.time_zone if owner else "UTC")
    with translation.override(owner.locale if owner else settings.LANGUAGE_CODE):
        reason = f"{dict(REASONS)[wait.reason]}"
        facts = {
            "number": ticket.number,
            "title": ticket.title,
            "customer": ticket.customer.name,
            "what": f"{reason} ({wait.awaited})" if wait.awaited else reason,
            "since": saying.instant(wait.started_at, zone, since=at),
            "zone": zone.key,
            "link": f"{settings.BASE_URL}{ticket.get_absolute_url()}",
        }
        subject = _("[%(number)s] To be looked at: it waits for %(what)s") % facts
        text = _(
            "“%(title)s” of %(customer)s has waited for %(what)s since %(since)s (%(zone)s), and you wanted to look at it now. "
            "The wait goes on until somebody ends it.\n\n%(link)s\n"
        )
    return outbox.Draft(f"alarm:{alarm.pk}", told(owner), subject, text % facts, at)

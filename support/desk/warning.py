"""Whoever owns a ticket is told when the time of one of its clocks runs out, and when it has."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from support import saying
from support.explaining.words import KINDS
from support.mail import outbox
from support.models import Alarm, Clock, User

LATE = "support.late"


def tell(alarms: list[Alarm], at: datetime) -> None:
    """One mail for each alarm, to the ticket's owner; to the desk's address where nobody owns it."""
    asked = {"ticket__in": {alarm.ticket_id for alarm in alarms}, "key__in": {alarm.key for alarm in alarms}}
    clocks = Clock.objects.filter(**asked).only("ticket", "key", "kind", "due_at")
    known = {(clock.ticket_id, clock.key): clock for clock in clocks}
    outbox.queue_all(
        [
            _mail(alarm, known[alarm.ticket_id, alarm.key], at)
            for alarm in alarms
            if (alarm.ticket_id, alarm.key) in known
        ]
    )


def _mail(alarm: Alarm, clock: Clock, at: datetime) -> outbox.Draft:
    ticket, owner = alarm.ticket, alarm.ticket.owner
    zone = owner.time_zone if owner else "UTC"
    with translation.override(owner.locale if owner else settings.LANGUAGE_CODE):
        facts = {
            "number": ticket.number,
            "title": ticket.title,
            "customer": ticket.customer.name,
            "kind": f"{KINDS[clock.kind]}",
            "due": saying.instant(clock.due_at, ZoneInfo(zone), since=at) if clock.due_at else "",
            "zone": zone,
            "share": alarm.threshold,
            "link": f"{settings.BASE_URL}{ticket.get_absolute_url()}",
        }
        if alarm.action == LATE:
            subject = _("[%(number)s] Late: %(kind)s") % facts
            said = _("%(kind)s on “%(title)s” of %(customer)s was due %(due)s (%(zone)s) and is not done.")
        else:
            subject = _("[%(number)s] %(kind)s is due %(due)s") % facts
            said = _(
                "%(share)s %% of the time for it are used: %(kind)s on “%(title)s” of %(customer)s is due %(due)s (%(zone)s)."
            )
        text = f"{said % facts}\n\n{facts['link']}\n"
    return outbox.Draft(f"alarm:{alarm.pk}", told(owner), subject, text, at)


def told(owner: User | None) -> list[str]:
    """Where a mail for this person goes; to the desk where there is nobody."""
    return [owner.email] if owner and owner.is_active else [outbox.desk()]

"""Mails before it is too late: a relationship ends in 30, 7 or 1 days; what was confirmed by hand is a day old soon."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.gdap_words import GOOD_FOR
from billing.models import Engagement, GdapReading, GdapRelationship
from billing.rules import ask
from support import saying
from support.mail import outbox
from support.models import User

STEPS = (1, 7, 30)  # days, as Microsoft mails partner and customer
LOOK_AGAIN_AFTER = timedelta(hours=20)
LOOKED = (GdapReading.Source.HAND, GdapReading.Source.CSV)


def run() -> None:
    """Each mail once, however often this runs. In a simulation its clock decides."""
    [now] = ask("SELECT countersign_now()")
    _ending(now)
    _growing_old(now)


def _ending(now: datetime) -> None:
    """To the desk and to whoever owns work that needs it. What is extended by itself does not end."""
    ending = GdapRelationship.objects.filter(
        status="active",
        listed=True,
        auto_extend=False,
        ends_at__gt=now,
        ends_at__lte=now + timedelta(days=30),
    )
    for row in ending.select_related("customer"):
        days = row.days_left(now)
        step = min(step for step in STEPS if days <= step)
        facts = {
            "name": f"{row}",
            "customer": row.customer or _("nobody of ours"),
            "when": _instant(row.ends_at, now),
        }
        left = ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
        said = _(
            "The GDAP relationship “%(name)s” of %(customer)s ends %(when)s (UTC). It cannot be revived: ask for a new one "
            "before that, where access is still needed."
        )
        outbox.queue(
            f"gdap-ends:{row.pk}:{row.ends_at:%Y-%m-%d}:{step}",
            to=_owners(row.customer_id),
            subject=_("GDAP of %(customer)s ends %(left)s") % {"customer": facts["customer"], "left": left},
            text=f"{said % facts}\n\n{settings.BASE_URL}{reverse('billing:gdap-page', args=[row.pk])}\n",
            customer=row.customer,
            at=now,
        )


def _owners(customer: int | None) -> list[str]:
    needing = Engagement.objects.undone().filter(ticket__customer=customer).exclude(gdap_roles=[])
    owners = User.objects.filter(pk__in=needing.values("ticket__owner"), is_active=True)
    return sorted({outbox.desk(), *owners.values_list("email", flat=True)})


def _growing_old(now: datetime) -> None:
    """To whoever looked: after 24 hours the gate closes, and nobody looks by himself."""
    needing = Engagement.objects.undone().exclude(gdap_roles=[]).values("ticket__customer")
    newest = GdapReading.objects.filter(customer__in=needing, read_at__gt=now - GOOD_FOR)
    newest = newest.order_by("customer_id", "-read_at", "-id").distinct("customer_id")
    for reading in newest.select_related("customer"):
        if (
            reading.source not in LOOKED
            or reading.status != "active"
            or reading.read_at > now - LOOK_AGAIN_AFTER
        ):
            continue
        facts = {"customer": reading.customer, "until": _instant(reading.read_at + GOOD_FOR, now)}
        said = _(
            "What was seen of the GDAP of %(customer)s lets work start until %(until)s (UTC). Look again before that, and "
            "confirm it or take a new file in: later no timer starts."
        )
        outbox.queue(
            f"gdap-look-again:{reading.pk}",
            to=_whoever(reading),
            subject=_("Look again: GDAP of %(customer)s") % facts,
            text=f"{said % facts}\n\n{settings.BASE_URL}{reverse('billing:gdap-list')}\n",
            customer=reading.customer,
            at=now,
        )


def _whoever(reading: GdapReading) -> list[str]:
    person = User.objects.filter(pk=reading.actor_id, kind="staff", is_active=True).first()
    return [person.email] if reading.actor_kind == "staff" and person else [outbox.desk()]


def _instant(at: datetime, now: datetime) -> str:
    return saying.instant(at, timezone.get_default_timezone(), since=now)

"""Mails before it is too late: access ends in 30, 7 or 1 days; what was seen by hand is a day old soon, or has to be looked at again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing import gdap_readings, gdap_words
from billing.gdap_words import GOOD_FOR
from billing.models import Engagement, GdapReading, GdapRelationship
from billing.rules import ask
from support import saying
from support.clocks.actions import ON_ITS_WAY
from support.mail import outbox
from support.models import Customer, User

STEPS = (1, 7, 30)  # days, as Microsoft mails partner and customer
DAY = timedelta(days=1)
LOOK_AGAIN_AFTER = timedelta(hours=20)
LOOKED = (GdapReading.Source.HAND, GdapReading.Source.CSV)


@dataclass(frozen=True, slots=True)
class Ending:
    """What ends and is not extended by itself: a relationship that was read, or what somebody saw of one."""

    key: str
    said: str
    customer: Customer | None
    ends_at: datetime
    page: str


def run() -> None:
    """Each mail once, however often this runs. In a simulation its clock decides."""
    [now] = ask("SELECT countersign_now()")
    for ending in (*_relationships(now), *_seen_by_hand(now)):
        _tell(ending, now)
    _look_again(now)


def _relationships(now: datetime) -> Iterator[Ending]:
    ending = GdapRelationship.objects.filter(status="active", listed=True, auto_extend=False, **_soon(now))
    for row in ending.select_related("customer"):
        facts = {"name": f"{row}", "customer": row.customer or _("nobody of ours")}
        said = _("The GDAP relationship “%(name)s” of %(customer)s") % facts
        page = reverse("billing:gdap-page", args=[row.pk])
        yield Ending(f"{row.pk}", said, row.customer, row.ends_at, page)


def _seen_by_hand(now: datetime) -> Iterator[Ending]:
    """No relationship is kept of what a person confirms, so its reading speaks; where one is kept that ends then, that does."""
    seen = gdap_readings.newest().filter(status="active", source=GdapReading.Source.HAND, **_soon(now))
    for reading in seen.select_related("customer"):
        day = timedelta(hours=12)
        near = {"ends_at__gt": reading.ends_at - day, "ends_at__lt": reading.ends_at + day}
        if not reading.customer.gdap_relationships.filter(status="active", listed=True, **near).exists():
            said = _("The GDAP access to %(customer)s") % {"customer": reading.customer}
            key = f"seen:{reading.customer_id}"
            yield Ending(key, said, reading.customer, reading.ends_at, reverse("billing:gdap-list"))


def _soon(now: datetime) -> dict[str, datetime]:
    return {"ends_at__gt": now, "ends_at__lte": now + timedelta(days=STEPS[-1])}


def _tell(ending: Ending, now: datetime) -> None:
    """To the desk and to whoever owns work that needs it. What is extended by itself does not end."""
    days = -((now - ending.ends_at) // DAY)
    step = min(step for step in STEPS if days <= step)
    left = ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
    said = _(
        "%(what)s ends %(when)s (UTC). It cannot be revived: ask for a new one before that, where access is still needed."
    )
    customer = ending.customer or _("nobody of ours")
    facts = {"what": ending.said, "when": _instant(ending.ends_at, now)}
    outbox.queue(
        f"gdap-ends:{ending.key}:{ending.ends_at:%Y-%m-%d}:{step}",
        to=_owners(ending.customer),
        subject=_("GDAP of %(customer)s ends %(left)s") % {"customer": customer, "left": left},
        text=f"{said % facts}\n\n{settings.BASE_URL}{ending.page}\n",
        customer=ending.customer,
        at=now,
    )


def _owners(customer: Customer | None) -> list[str]:
    needing = Engagement.objects.undone().filter(ticket__customer=customer).exclude(gdap_roles=[])
    owners = User.objects.filter(pk__in=needing.values("ticket__owner"), is_active=True)
    return sorted({outbox.desk(), *owners.values_list("email", flat=True)})


def _look_again(now: datetime) -> None:
    """To whoever looked, where open work needs it: nobody looks by himself, and nothing else is told of what goes on.

    Of what is active once, before the gate closes; of what is on its way each day, for tickets wait as long as that is said.
    """
    needing = Engagement.objects.undone().exclude(gdap_roles=[]).values("ticket__customer")
    looked = gdap_readings.newest().filter(
        customer__in=needing, source__in=LOOKED, read_at__lte=now - LOOK_AGAIN_AFTER
    )
    for reading in looked.select_related("customer"):
        if reading.status in ON_ITS_WAY:
            _ask(reading, _on_its_way(reading, now), (now - reading.read_at - LOOK_AGAIN_AFTER) // DAY, now)
        elif reading.status == "active" and reading.read_at > now - GOOD_FOR:
            _ask(reading, _active(reading, now), 0, now)


def _active(reading: GdapReading, now: datetime) -> str:
    return _(
        "What was seen of the GDAP of %(customer)s lets work start until %(until)s (UTC). Look again before that, and "
        "confirm it or take a new file in: later no timer starts."
    ) % {"customer": reading.customer, "until": _instant(reading.read_at + GOOD_FOR, now)}


def _on_its_way(reading: GdapReading, now: datetime) -> str:
    return _(
        "The GDAP of %(customer)s was “%(status)s” when it was seen, %(when)s (UTC), and open work waits for it: deadlines "
        "stand still as long as nobody says otherwise. Look again, and confirm what you see or take a new file in."
    ) % {
        "customer": reading.customer,
        "status": gdap_words.status_words(reading.status),
        "when": _instant(reading.seen_at or reading.read_at, now),
    }


def _ask(reading: GdapReading, said: str, day: int, now: datetime) -> None:
    outbox.queue(
        f"gdap-look-again:{reading.pk}" + (f":{day}" if day else ""),
        to=_whoever(reading),
        subject=_("Look again: GDAP of %(customer)s") % {"customer": reading.customer},
        text=f"{said}\n\n{settings.BASE_URL}{reverse('billing:gdap-list')}\n",
        customer=reading.customer,
        at=now,
    )


def _whoever(reading: GdapReading) -> list[str]:
    person = User.objects.filter(pk=reading.actor_id, kind="staff", is_active=True).first()
    return [person.email] if reading.actor_kind == "staff" and person else [outbox.desk()]


def _instant(at: datetime, now: datetime) -> str:
    return saying.instant(at, timezone.get_default_timezone(), since=now)

"""The mails of an outage: a notice to each of its audience in his zone and language, and alarms to the desk."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from billing import wording
from escalations import outages
from escalations.models import DueNotice, Notice, Outage
from support import versions
from support.catalogue.promises import Step
from support.forms.priority import priority_name
from support.mail import outbox
from support.models import Contact, User
from support.roles import Role


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a notice says, whether it has been sent or is only looked at."""

    number: str
    title: str
    priority: str
    kind: str
    details: str
    impact: str
    began_at: datetime
    expected_at: datetime | None = None
    ended_at: datetime | None = None
    next_at: datetime | None = None
    phone: str = ""
    code: str = ""


def said(outage: Outage, kind: str, details: str, impact: str, expected_at, next_at) -> Said:
    """Of an outage as it stands, with its newest bridge call."""
    bridge = outages.bridge(outage)
    return Said(
        number=outage.number,
        title=outage.title,
        priority=priority_of(outage),
        kind=kind,
        details=details,
        impact=impact,
        began_at=outage.began_at,
        expected_at=expected_at,
        ended_at=outage.ended_at,
        next_at=None if kind == Notice.Kind.RESOLUTION else next_at,
        phone=bridge.phone if bridge and kind != Notice.Kind.RESOLUTION else "",
        code=bridge.code if bridge and kind != Notice.Kind.RESOLUTION else "",
    )


def before_it_is_declared(typed: Mapping, step: Step, at: datetime) -> Said:
    """The first notification of an outage that has no number yet."""
    told = outages.soonest(typed["contracts"], step.code)
    return Said(
        number="",
        title=typed["title"],
        priority=priority_name(step),
        kind=Notice.Kind.FIRST,
        details=typed["details"],
        impact=typed["impact"],
        began_at=typed["began_at"],
        expected_at=typed["expected_at"],
        next_at=at + timedelta(minutes=told.every.amount) if told else None,
    )


def priority_of(outage: Outage) -> str:
    return priority_name(versions.definition(versions.stored(outage.service_id)).step(outage.priority))


def letter(said: Said, zone: str, locale: str) -> Letter:
    """As somebody in this zone who reads this language gets it."""
    with translation.override(locale):
        subjects = {
            Notice.Kind.FIRST: _("[%(number)s] Outage: %(title)s"),
            Notice.Kind.UPDATE: _("[%(number)s] Update: %(title)s"),
            Notice.Kind.RESOLUTION: _("[%(number)s] Resolved: %(title)s"),
        }
        facts = {"number": said.number or _("its number"), "title": said.title}
        context = {
            "said": said,
            "began": wording.when(said.began_at, zone),
            "expected": wording.when(said.expected_at, zone) if said.expected_at else "",
            "ended": wording.when(said.ended_at, zone) if said.ended_at else "",
            "next": wording.when(said.next_at, zone) if said.next_at else "",
            "resolution": said.kind == Notice.Kind.RESOLUTION,
            "link": f"{settings.BASE_URL}{reverse('escalations:own-outage', args=[said.number])}"
            if said.number
            else "",
        }
        text = render_to_string("escalations/mail_notice.txt", context).strip() + "\n"
        return Letter(subjects[Notice.Kind(said.kind)] % facts, text)


def drafts(notice: Notice, contacts: Iterable[Contact], *, at: datetime) -> Iterator[outbox.Draft]:
    """One mail each; written once for each zone and language."""
    outage = notice.outage
    owed = outages.owed(outage)
    said_now = said(
        outage,
        notice.kind,
        notice.details,
        notice.impact,
        notice.expected_at,
        owed.due_at if owed else None,
    )
    written: dict[tuple[str, str], Letter] = {}
    for contact in contacts:
        reader = contact.time_zone, contact.locale
        if reader not in written:
            written[reader] = letter(said_now, *reader)
        mail = written[reader]
        key = f"notice:{notice.pk}:{contact.pk}"
        yield outbox.Draft(key, [contact.email], mail.subject, mail.text, at)


def alarms(rows: Sequence[DueNotice], name: str, *, at: datetime) -> Iterator[outbox.Draft]:
    """To every support manager and whoever declared the outage, each in his zone; to the desk where there is nobody."""
    people = list(User.objects.filter(groups__name=Role.MANAGER, is_active=True).order_by("email").distinct())
    makers = User.objects.filter(is_active=True, kind="staff").in_bulk([row.outage.actor_id for row in rows])
    for row in rows:
        maker = makers.get(row.outage.actor_id)
        to = {person.email: person.time_zone for person in [*people, *([maker] if maker else [])]}
        for address, zone in (to or {outbox.desk(): "UTC"}).items():
            yield _alarm(row, name, address, zone, at)


def _alarm(row: DueNotice, name: str, address: str, zone: str, at: datetime) -> outbox.Draft:
    facts = {
        "number": row.outage.number,
        "title": row.outage.title,
        "due": wording.when(row.due_at, zone),
        "link": f"{settings.BASE_URL}{row.outage.get_absolute_url()}",
    }
    subject = (
        _("[%(number)s] A notice is due") if name == "due" else _("[%(number)s] A notice is due soon")
    ) % facts
    text = (
        _("The audience of “%(title)s” is owed a notice by %(due)s. Send it, or skip it with a reason:")
        % facts
    )
    return outbox.Draft(
        f"notice-{name}:{row.pk}:{address}", [address], subject, f"{text}\n\n{facts['link']}\n", at
    )

"""The mails of a maintenance window: to each nominated contact in his zone and language."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from billing import wording
from escalations.models import MaintenanceNotice
from support import saying
from support.mail import outbox
from support.models import Contact


@dataclass(frozen=True, slots=True)
class Said:
    """What a mail says, whether the window is announced or only looked at. `was` is the time from which it is moved."""

    kind: str
    number: str
    title: str
    concerns: str
    details: str
    begins_at: datetime
    ends_at: datetime
    text: str = ""
    was: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str


def letter(said: Said, zone: str, locale: str) -> Letter:
    """As somebody in this zone who reads this language gets it: date, time and duration."""
    with translation.override(locale):
        withdrawn = said.kind == MaintenanceNotice.Kind.WITHDRAWN
        subject = (
            _("[%(number)s] Maintenance withdrawn: %(title)s")
            if withdrawn
            else _("[%(number)s] Maintenance moved: %(title)s")
            if said.was
            else _("[%(number)s] Maintenance announced: %(title)s")
        )
        number = said.number or _("its number")
        path = reverse("escalations:own-maintenance", args=[said.number]) if said.number else ""
        context = {
            "said": said,
            "withdrawn": withdrawn,
            "begins": wording.when(said.begins_at, zone),
            "ends": wording.when(said.ends_at, zone),
            "was": tuple(wording.when(instant, zone) for instant in said.was or ()),
            "duration": saying.duration((said.ends_at - said.begins_at).total_seconds() / 60),
            "link": f"{settings.BASE_URL}{path}" if path else "",
        }
        text = render_to_string("escalations/mail_maintenance.txt", context).strip() + "\n"
        return Letter(subject % {"number": number, "title": said.title}, text)


def said(notice: MaintenanceNotice) -> Said:
    window = notice.window
    old = window.replaces if notice.kind == MaintenanceNotice.Kind.ANNOUNCED else None
    return Said(
        kind=notice.kind,
        number=window.number,
        title=window.title,
        concerns=concerned(window),
        details=window.details,
        begins_at=window.begins_at,
        ends_at=window.ends_at,
        text=notice.text,
        was=(old.begins_at, old.ends_at) if old else None,
    )


def concerned(window) -> str:
    return f"{window.service.name}: {window.product}" if window.product else window.service.name


def drafts(notice: MaintenanceNotice, contacts: Iterable[Contact], *, at: datetime) -> Iterator[outbox.Draft]:
    """One mail each; written once for each zone and language."""
    words, written = said(notice), {}
    for contact in contacts:
        reader = contact.time_zone, contact.locale
        if reader not in written:
            written[reader] = letter(words, *reader)
        mail, key = written[reader], f"maintenance:{notice.pk}:{contact.pk}"
        yield outbox.Draft(key, [contact.email], mail.subject, mail.text, at)

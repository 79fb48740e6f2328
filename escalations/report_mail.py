"""The mail of a report: to each who is told, in his zone and language, with the PDF made as it leaves."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from billing import wording
from escalations.models import IncidentReport, ReportVersion
from support.mail import outbox
from support.models import Contact


def drafts(
    report: IncidentReport, version: ReportVersion, contacts: Iterable[Contact], *, at: datetime
) -> Iterator[outbox.Draft]:
    for contact in contacts:
        with translation.override(contact.locale):
            facts = {"number": report.number, "title": report.subject.title}
            subject = (
                _("[%(number)s] Corrected report: %(title)s")
                if version.position > 1
                else _("[%(number)s] Major incident report: %(title)s")
            )
            context = {
                "title": report.subject.title,
                "version": version,
                "ended": wording.when(report.over_since, contact.time_zone),
                "link": f"{settings.BASE_URL}{reverse('escalations:own-report', args=[report.number])}",
            }
            text = render_to_string("escalations/mail_report.txt", context).strip() + "\n"
            key = f"report:{version.pk}:{contact.pk}"
            yield outbox.Draft(key, [contact.email], subject % facts, text, at)

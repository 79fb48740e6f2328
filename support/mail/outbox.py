"""Outgoing mail: `queue` writes the row with its cause, `send` is the job that lets it leave."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import make_msgid, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from support import jobs
from support.mail import enclosures, secrets
from support.models.mail import Mail

AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}  # RFC 3834, and Exchange
TRIES = 8  # with the waits of support.tasks: about a day


def one_line(text: str) -> str:
    """Text for a header: control characters become spaces, so nothing can begin a header of its own."""
    return "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in text).strip()


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail that is about to be queued; `key` names its effect, `text` has its final words."""

    key: str
    to: list[str]
    subject: str
    text: str
    at: datetime


def desk() -> str:
    """The desk's own address."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


@transaction.atomic
def queue_all(drafts: Iterable[Draft]) -> list[Mail]:
    """Many mails by a handful of statements, each the one of its key; none of them is there already."""
    mails = Mail.objects.bulk_create(
        Mail(
            key=draft.key,
            message_id=make_msgid(domain=urlsplit(settings.BASE_URL).hostname),
            to=draft.to,
            subject=one_line(draft.subject)[:250],
            text=draft.text,
            queued_at=draft.at,
        )
        for draft in drafts
    )
    jobs.defer_all("support.send_mail", [{"mail": mail.pk} for mail in mails])
    return mails


@transaction.atomic
def queue(
    key: str,
    *,
    to: Iterable[str],
    subject: str,
    text: str,
    at: datetime,
    customer=None,
    files=(),
    reply_to: str = "",
    automatic: bool = True,
) -> Mail:
    """Write a mail in the transaction of its cause and defer its sending. The same key again is the same mail.

    `automatic` where no person wrote these words to this person.
    """
    mail, made = Mail.objects.get_or_create(
        key=key,
        defaults={
            "message_id": make_msgid(domain=urlsplit(settings.BASE_URL).hostname),
            "customer": customer,
            "to": list(to),
            "subject": one_line(subject)[:250],
            "text": text,
            "reply_to": reply_to,
            "automatic": automatic,
            "queued_at": at,
        },
    )
    if made:
        mail.files.set(files)
        jobs.defer("support.send_mail", mail=mail.pk)
    return mail


def send(number: int) -> None:
    """Send one queued mail, once, with what is made for it as it leaves. Raises what went wrong, after writing it down,
    so that the job is tried again.

    The row is locked while the message is in the air: a worker killed there leaves it queued, and the
    next try sends it again under the same Message-ID; two workers never send it both.
    """
    try:
        enclosures.enclose(number, timezone.now())
        with transaction.atomic():
            mail = (
                Mail.objects.select_for_update(skip_locked=True)
                .filter(pk=number, state=Mail.State.QUEUED)
                .first()
            )
            if mail is None:
                return
            _message(mail).send()
            mail.state, mail.sent_at, mail.error, mail.tries = (
                Mail.State.SENT,
                timezone.now(),
                "",
                mail.tries + 1,
            )
            mail.save(update_fields=["state", "sent_at", "error", "tries"])
    except Exception as error:  # whatever it is, it is seen on the mail, and the job is tried again
        _note(number, error)
        raise


def _message(mail: Mail) -> EmailMessage:
    text = secrets.reveal(mail)
    headers = {"Message-ID": mail.message_id, **(AUTOMATIC if mail.automatic else {})}
    answers = [mail.reply_to] if mail.reply_to else None
    message = EmailMessage(mail.subject, text, to=mail.to, reply_to=answers, headers=headers)
    for file in mail.files.all():
        with file.open() as stored:
            message.attach(file.name, stored.read(), file.content_type)
    return message


@transaction.atomic
def _note(number: int, error: Exception) -> None:
    mail = Mail.objects.select_for_update().get(pk=number)
    if mail.state == Mail.State.QUEUED:
        mail.tries += 1
        mail.error = f"{error}"[:500]
        mail.state = Mail.State.FAILED if mail.tries >= TRIES else Mail.State.QUEUED
        mail.save(update_fields=["tries", "error", "state"])


@transaction.atomic
def send_again(mail: Mail) -> None:
    """Queue a failed mail once more, with a fresh count of tries; a mail that has been sent stays sent."""
    if Mail.objects.filter(pk=mail.pk, state=Mail.State.FAILED).update(state=Mail.State.QUEUED, tries=0):
        jobs.defer("support.send_mail", mail=mail.pk)

"""Mail is a row of its cause's transaction; a job lets it leave, once (invariants 32, 33)."""

import smtplib

import pytest
from django.core import mail as sent
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from support.mail import outbox
from support.models import File, Mail
from tests.cases import NOON
from tests.factories import TESTS, FileFactory

pytestmark = pytest.mark.django_db


def queue(key="offer:1:sent", **fields):
    return outbox.queue(
        key,
        **{
            "to": ["robin@customer.example"],
            "subject": "Your offer",
            "text": "Please read it.",
            "at": NOON,
            **fields,
        },
    )


def test_a_mail_and_its_job_are_written_together():
    mail = queue()
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args, mail.state) == ("support.send_mail", {"mail": mail.pk}, "queued")


def test_a_rolled_back_cause_leaves_neither():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queue()
        raise ZeroDivisionError
    assert not Mail.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_a_cause_that_happens_twice_writes_one_mail():
    assert queue() == queue(subject="Another subject")
    assert Mail.objects.count() == ProcrastinateJob.objects.count() == 1


def test_it_leaves_once_under_its_message_id():
    mail = queue()
    outbox.send(mail.pk)
    outbox.send(mail.pk)
    [message] = sent.outbox
    assert message.extra_headers["Message-ID"] == mail.message_id
    mail.refresh_from_db()
    assert (mail.state, mail.tries) == ("sent", 1)


def test_a_server_that_refuses_is_written_down_and_tried_again(monkeypatch):
    def refuse(self, fail_silently=False):
        raise smtplib.SMTPServerDisconnected("the server hung up")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    mail = queue()
    with pytest.raises(smtplib.SMTPServerDisconnected):
        outbox.send(mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.tries, mail.error) == ("queued", 1, "the server hung up")


def test_after_the_last_try_it_has_failed_and_can_be_sent_again(monkeypatch):
    mail = queue()
    with monkeypatch.context() as patched:
        patched.setattr(
            "django.core.mail.EmailMessage.send",
            lambda self, **options: (_ for _ in ()).throw(OSError("no route")),
        )
        for _ in range(outbox.TRIES):
            with pytest.raises(OSError, match="no route"):
                outbox.send(mail.pk)
    mail.refresh_from_db()
    assert mail.state == "failed"
    outbox.send_again(mail)
    outbox.send(mail.pk)
    mail.refresh_from_db()
    assert mail.state == "sent"


def test_no_control_character_reaches_a_header():
    assert queue(subject="Offer\r\nBcc: eve@evil.example").subject == "Offer  Bcc: eve@evil.example"


def test_the_database_refuses_one_too():
    mail = queue()
    mail.pk, mail.key, mail.message_id = None, "another", "<another@desk.example>"
    mail.subject = "Offer\nBcc: eve@evil.example"
    with pytest.raises(IntegrityError, match="no_control_characters_in_subject"):
        mail.save(force_insert=True)


def test_files_go_along(cast):
    upload = SimpleUploadedFile("terms.txt", b"the terms", "text/plain")
    file = File.objects.take(upload, customer=cast.northwind, visibility="customer", by=TESTS, at=NOON)
    outbox.send(queue(files=[file]).pk)
    assert sent.outbox[0].attachments == [("terms.txt", "the terms", "text/plain")]


def test_whatever_goes_wrong_is_seen_on_the_mail():
    mail = queue()
    row = FileFactory(content_type="foo")  # written past the verb, which knows what a type is
    default_storage.save(row.path, SimpleUploadedFile("a.txt", b"x"))
    mail.files.add(row)
    with pytest.raises(ValueError):
        outbox.send(mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.tries, mail.error != "") == ("queued", 1, True)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("text/plain", "text/plain"),
        ("Text/HTML; charset=x", "text/html"),
        ("foo", "application/octet-stream"),
        ("a/b\r\nBcc: eve@x.example", "application/octet-stream"),
        (None, "application/octet-stream"),
    ],
)
def test_a_files_type_is_one(said, kept):
    upload = SimpleUploadedFile("a.txt", b"x", content_type=said)
    assert (
        File.objects.take(upload, customer=None, visibility="internal", by=TESTS, at=NOON).content_type
        == kept
    )

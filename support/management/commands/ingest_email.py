"""ingest_email: takes one message from its standard input, as a mail server pipes it."""

import os
import sys

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from support.mail import ingesting
from support.models import InboundState


class Command(BaseCommand):
    help = (
        "Take one message from standard input: a reply, a new ticket, or a stub for the desk; prints which."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--mailbox", default="desk", help="where it came in; the same bytes there are one message"
        )
        parser.add_argument(
            "--recipient", default="", help="whom the server delivered it to, where no header says it"
        )

    def handle(self, *args, mailbox, recipient, **options):
        if not mailbox.strip() or len(mailbox) > 100 or not mailbox.isprintable():
            raise CommandError("--mailbox is a name of at most 100 letters that can be read.")
        raw = sys.stdin.buffer.read(ingesting.LARGEST + 1)
        if not raw.strip():
            raise CommandError("There is no message on standard input.")
        try:
            mail, new = ingesting.ingest(raw, mailbox=mailbox, recipient=recipient, at=timezone.now())
        except ingesting.TooLarge as refused:
            raise CommandError(f"{refused}") from refused
        except DatabaseError as error:  # the server keeps it and comes again
            raise CommandError(f"It could not be stored: {error}", returncode=os.EX_TEMPFAIL) from error
        self.stdout.write(f"{self._said(mail)}{'' if new else ' (known already)'}")

    def _said(self, mail) -> str:
        if mail.ticket_id:
            return f"{mail.state} {mail.ticket.number}"
        return (
            f"{mail.state} {mail.pk}: {mail.why}"
            if mail.state == InboundState.STUB
            else f"{mail.state} {mail.pk}"
        )

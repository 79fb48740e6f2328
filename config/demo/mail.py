"""Mail that came in on the day of the demo: an answer, a new ticket, and two that somebody has to look at."""

from datetime import datetime, timedelta
from email.message import EmailMessage

from support.mail.addresses import reply_address
from support.mail.ingesting import ingest
from support.models import Contact, Ticket

STUBS = [
    (
        "sales@cheaper-calls.example",
        "Cut your phone bill in half",
        "Dear Sir or Madam, our offer ends on Friday.",
        False,
    ),
    ("mailer-daemon@fabrikam.example", "Undelivered Mail Returned to Sender", "The mailbox is full.", True),
]


def play(contact: Contact, now: datetime) -> None:
    """Once: the same bytes are the same message."""
    open_one = Ticket.objects.undone().filter(raised_by=contact).order_by("pk").first()
    at = now - timedelta(minutes=40)
    if open_one:
        said = "It happened again at half past nine.\n\nOn Tuesday the desk wrote:\n> Please tell us when you see it."
        _take(contact.email, f"Re: {open_one.title}", said, at, to=reply_address(open_one.number))
    _take(
        contact.email, "A second line for reception", "Please add one more extension for the front desk.", at
    )
    for sender, subject, text, machine in STUBS:
        _take(sender, subject, text, at, machine=machine)


def _take(
    sender: str, subject: str, text: str, at: datetime, *, to="desk@countersign.example", machine=False
) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    if machine:
        message["Auto-Submitted"] = "auto-replied"
    message.set_content(text)
    ingest(message.as_bytes(), mailbox="demo", at=at)

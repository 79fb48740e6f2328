"""Messages as mail servers hand them over."""

from email.message import EmailMessage

from support.mail import ingesting
from tests.support.desk_cases import utc

NOW = utc("2026-10-14 10:00")


def message(
    text="It is still dead.", *, sender="robin@northwind.example", to="desk@countersign.example", **headers
):
    """Bytes of a plain message; header names with _ for -."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, headers.pop("subject", "No dial tone")
    mail["Message-ID"] = headers.pop("message_id", "<1@northwind.example>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def ingest(mail, *, at=NOW, mailbox="desk", recipient=""):
    raw = mail if isinstance(mail, bytes) else mail.as_bytes()
    row, _new = ingesting.ingest(raw, mailbox=mailbox, recipient=recipient, at=at)
    row.refresh_from_db()
    return row

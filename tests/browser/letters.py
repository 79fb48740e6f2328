"""The mail that a person of a browser test reads."""

from django.core import mail

from support.mail import outbox
from support.models import Mail


def delivered(subject: str) -> str:
    """The newest mail about this, after everything that is queued was sent."""
    for row in Mail.objects.filter(state=Mail.State.QUEUED).order_by("pk"):
        outbox.send(row.pk)
    return next(message.body for message in reversed(mail.outbox) if subject in message.subject)

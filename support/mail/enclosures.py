"""What is made as a mail leaves, outside the transaction of its cause: by the app that registered for the first word of its key."""

from collections.abc import Callable, Iterable
from datetime import datetime

from support.models.files import File
from support.models.mail import Mail

# Answers the files of a mail, the same ones however often it is asked; raises where the mail has to wait for them.
Maker = Callable[[Mail, datetime], Iterable[File]]
_makers: dict[str, Maker] = {}


def register(kind: str, maker: Maker) -> None:
    """Called by the app that makes the files for keys that begin with `kind:`, when it is ready."""
    _makers[kind] = maker


def enclose(number: int, at: datetime) -> None:
    """Make what this mail is to take along, if it is still to leave. Killed after that, the next try takes the same files."""
    mail = Mail.objects.filter(pk=number, state=Mail.State.QUEUED).first()
    if mail and (maker := _makers.get(mail.key.partition(":")[0])):
        mail.files.add(*maker(mail, at))

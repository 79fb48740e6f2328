"""The first day: a code from the server makes the first manager, who then sets the rest up, until he says it is done."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from support.actors import Actor
from support.mail import outbox
from support.models import Customer, FirstDay, LegalEntity, Mail, ServiceVersion, User, UserKind
from support.refusal import Refused, refusing
from support.roles import Role

BY = Actor.system("first day")
BYTES = 16  # 128 bits: nobody guesses it, so no tries are counted
MAIL = "first-day:"  # begins the keys of test mails


def nobody_yet() -> bool:
    return not User.objects.exists()


def is_open() -> bool:
    """Whether there is still something to set up that a manager has not called done."""
    return FirstDay.objects.filter(finished_at=None).exists()


def new_code(*, at: datetime) -> str:
    """A code that makes the first manager, once; earlier ones are worth nothing from now on. Only its hash is kept.

    Raises Refused as soon as anybody can sign in.
    """
    code = secrets.token_hex(BYTES)
    with refusing({}), transaction.atomic():
        FirstDay.objects.update_or_create(
            pk=1,
            defaults={"code_sha256": _hash(code)},
            create_defaults={"code_sha256": _hash(code), "begun_at": at},
        )
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


@transaction.atomic
def make_manager(code: str, *, name: str, email: str, password: str, time_zone: str, at: datetime) -> User:
    """The first person: support manager and superuser. Uses the code up. Raises Refused for any other code."""
    day = FirstDay.objects.select_for_update().filter(finished_at=None).first()
    if not nobody_yet():
        raise Refused(_("Somebody can sign in already: he invites the others."))
    if day is None or not secrets.compare_digest(day.code_sha256, _hash(code)):
        raise Refused(_("That is not the code that the server printed last."), "code")
    day.code_sha256 = ""
    day.save(update_fields=["code_sha256"])
    kind, facts = UserKind.STAFF, {"name": name, "time_zone": time_zone}
    user = User.objects.create_user(email, password, by=BY, at=at, kind=kind, is_superuser=True, **facts)
    user.give_roles([Role.MANAGER], by=BY, at=at)
    return user


def company() -> LegalEntity:
    """The one that the first migration made."""
    return LegalEntity.objects.earliest("pk")


def try_mail(to: str, *, at: datetime) -> Mail:
    """Queue a mail that says that mail works. The same second again is the same mail."""
    subject = _("Mail from Countersign works")
    text = _("This mail was asked for on the first day. If you read it, customers will read theirs.")
    return outbox.queue(f"{MAIL}{at:%Y%m%d%H%M%S}", to=[to], subject=subject, text=text, at=at)


def last_mail() -> Mail | None:
    return Mail.objects.filter(key__startswith=MAIL).order_by("-pk").first()


def done() -> dict[str, bool]:
    """The steps, and whether each has left its trace."""
    return {
        "company": company().history.count() > 1,
        "mail": Mail.objects.filter(key__startswith=MAIL, state=Mail.State.SENT).exists(),
        "definitions": ServiceVersion.objects.exists(),
        "staff": User.objects.filter(kind=UserKind.STAFF).count() > 1,
        "book": Customer.objects.exists(),
    }


@transaction.atomic
def finish(*, at: datetime) -> None:
    """Its page is gone from now on. Raises Refused where it is over already."""
    day = FirstDay.objects.select_for_update().filter(finished_at=None).first()
    if day is None:
        raise Refused(_("The first day is over: it does not come again."))
    day.finished_at, day.code_sha256 = at, ""
    day.save(update_fields=["finished_at", "code_sha256"])


def _hash(code: str) -> str:
    """Of the figures alone: however it was copied, with dashes, spaces or in capitals."""
    return hashlib.sha256("".join(filter(str.isalnum, code.lower())).encode()).hexdigest()

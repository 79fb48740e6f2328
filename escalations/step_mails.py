"""Mails to the desk's own people about what becomes of an escalation: the ticket's owner, and who answers on its level."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from escalations.models.contacts import LadderContact
from support import saying
from support.actors import Actor, ActorKind
from support.mail import outbox
from support.models import Ticket

Words = Callable[[dict], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Reader:
    """`part` is why he must know, and what keeps his mail apart from the others' of the same step."""

    part: str
    email: str
    zone: str
    locale: str


def accepted(escalation, *, by: Actor, at: datetime) -> None:
    _stepped(
        escalation,
        "accepted",
        lambda facts: [_("%(by)s has accepted the escalation to level %(level)d, %(name)s.") % facts],
        by=by,
        at=at,
    )


def declined(escalation, row, *, by: Actor, at: datetime) -> None:
    def words(facts):
        said = _("%(by)s did not accept the escalation to level %(level)d, %(name)s: %(item)s.")
        return [said % (facts | {"item": row.item_text}), row.words]

    _stepped(escalation, "declined", words, by=by, at=at, levels=[escalation.level])


def acknowledged(escalation, *, by: Actor, at: datetime) -> None:
    _stepped(
        escalation,
        "acknowledged",
        lambda facts: [_("%(by)s has taken the escalation to level %(level)d, %(name)s.") % facts],
        by=by,
        at=at,
    )


def acted(escalation, row, *, by: Actor, at: datetime) -> None:
    _stepped(
        escalation,
        f"acted:{row.pk}",
        lambda facts: [_("%(by)s acted on the escalation to level %(level)d, %(name)s.") % facts, row.words],
        by=by,
        at=at,
    )


def stepped_down(escalation, level: int, reason: str, *, by: Actor, at: datetime) -> None:
    """The level below is told too: the ticket stands on it again."""

    def words(facts):
        said = _(
            "%(by)s has stepped down from level %(level)d, %(name)s: the ticket is on level %(below)d again."
        )
        return [said % (facts | {"below": level}), reason]

    _stepped(escalation, "stepped-down", words, by=by, at=at, levels=[escalation.level, level])


def closed(escalation, reason: str, *, by: Actor, at: datetime) -> None:
    def words(facts):
        said = _("%(by)s has closed the escalation, which stood on level %(level)d, %(name)s.")
        return [said % facts, reason]

    _stepped(escalation, "closed", words, by=by, at=at, levels=[escalation.level])


def owner_of(ticket: Ticket, by: Actor) -> Iterator[Reader]:
    """Whoever owns the ticket, unless he did it himself or is here no more."""
    owner = ticket.owner
    if owner is not None and owner.is_active and not is_same(by, owner.pk):
        yield Reader("owner", owner.email, owner.time_zone, owner.locale)


def _level(ticket: Ticket, level: int, by: Actor) -> Iterator[Reader]:
    """Who answers on it now; outside his hours he was told of it through the desk."""
    contact = LadderContact.objects.on_level(ticket, level)
    route = contact.route() if contact else None
    if route is not None and route.email and not is_same(by, route.reader):
        yield Reader(f"level-{level}", route.email, route.zone, route.locale)


def is_same(by: Actor, user: int | None) -> bool:
    return by.kind == ActorKind.STAFF and user is not None and by.id == user


def _stepped(
    escalation, step: str, words: Words, *, by: Actor, at: datetime, levels: Iterable[int] = ()
) -> None:
    """To each of them once, in his language and zone, however many parts he has in it."""
    ticket, told = escalation.ticket, set()
    for reader in [*owner_of(ticket, by), *(each for level in levels for each in _level(ticket, level, by))]:
        if reader.email not in told:
            told.add(reader.email)
            _mail(escalation, step, reader, words, by, at)


def _mail(escalation, step: str, reader: Reader, words: Words, by: Actor, at: datetime) -> None:
    ticket = escalation.ticket
    with translation.override(reader.locale or settings.LANGUAGE_CODE):
        facts = {
            "by": by.name,
            "level": escalation.level,
            "name": escalation.name,
            "customer": ticket.customer.name,
            "ground": escalation.ground_text,
            "who": escalation.asked_by,
            "raised": saying.instant(escalation.raised_at, ZoneInfo(reader.zone), since=at),
            "zone": reader.zone,
        }
        said = [
            *filter(None, words(facts)),
            _("It was raised %(raised)s (%(zone)s) by %(who)s for %(customer)s: %(ground)s.") % facts,
            f"{settings.BASE_URL}{ticket.get_absolute_url()}",
        ]
    outbox.queue(
        f"escalation:{escalation.pk}:{step}:{reader.part}",
        to=[reader.email],
        subject=f"[{ticket.number}] {ticket.title}",
        text="\n\n".join(said) + "\n",
        at=at,
    )

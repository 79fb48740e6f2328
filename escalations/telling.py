"""Mails of the ladder: to the level that is to act, or to the desk outside its hours, to the ticket's owner; to whoever asked for it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from escalations.models.asking import RECORDED
from escalations.models.contacts import Route, route_to
from escalations.step_mails import Reader, is_same, owner_of
from support import saying
from support.mail import outbox
from support.mail.addresses import reply_address
from support.models import Contact


def raised(escalation, at: datetime) -> None:
    """To the level's contact, unless he raised it himself; to the desk, which contacts the level, outside their hours or where nobody
    is named. To the ticket's owner, unless he raised it, and to whoever asked an agent for it."""
    route = route_to(escalation.ticket, escalation.level)
    to_desk = bool(escalation.fallback) or not route.email
    acting = (
        Reader("", outbox.desk(), "UTC", "") if to_desk else Reader("", route.email, route.zone, route.locale)
    )
    if to_desk or not is_same(escalation.actor, route.reader):
        _go_and_see(escalation, acting, route if to_desk else None, at)
    for owner in owner_of(escalation.ticket, escalation.actor):
        if owner.email != acting.email:
            _go_and_see(escalation, owner, route if to_desk else None, at)
    if escalation.channel in RECORDED:
        _to_whoever_asked(
            escalation,
            "noted",
            at,
            lambda facts: _("You asked for an escalation: level %(level)d, %(name)s. It is noted.") % facts,
        )


def _go_and_see(escalation, reader: Reader, through: Route | None, at: datetime) -> None:
    """`through` is the level's route where the desk goes it."""
    with translation.override(reader.locale or settings.LANGUAGE_CODE):
        facts = _facts(escalation, reader.zone, at)
        subject = _("[%(number)s] Escalated to level %(level)d, %(name)s") % facts
        said = [
            _("“%(title)s” of %(customer)s was raised to level %(level)d of %(levels)d, %(name)s.") % facts,
            _("Ground: %(ground)s.") % facts,
            *([escalation.reason] if escalation.reason else []),
            *(_through_the_desk(escalation, through) if through else []),
            _("Raised %(raised)s (%(zone)s) by %(who)s. Please acknowledge it on the ticket.") % facts,
        ]
        text = "\n\n".join([*said, f"{settings.BASE_URL}{escalation.ticket.get_absolute_url()}"]) + "\n"
    key = ":".join(filter(None, ["escalation", f"{escalation.pk}", "raised", reader.part]))
    outbox.queue(key, to=[reader.email], subject=subject, text=text, at=at)


def _through_the_desk(escalation, route: Route):
    if escalation.fallback:
        yield escalation.fallback
    else:
        yield _("Nobody is named for this level, or who was named has left: the desk finds somebody.")
    if route.who:
        yield _("The level is %(who)s, %(phone)s %(email)s.") % {
            "who": route.who,
            "phone": route.phone,
            "email": route.email,
        }


def accepted(escalation, asked, *, at: datetime) -> None:
    """This one and those after it: `asked` is the row with which its reader asked for the level, which may be an earlier one."""
    _to_whoever_asked(
        asked,
        _step("accepted", escalation, asked),
        at,
        lambda facts: _("Your escalation to level %(level)d, %(name)s, is accepted.") % facts,
    )


def declined(escalation, row, *, at: datetime) -> None:
    def words(facts):
        said = _("Your escalation to level %(level)d, %(name)s, is not accepted: %(item)s.") % (
            facts | {"item": row.item_text}
        )
        return f"{said}\n\n{row.words}" if row.words else said

    _to_whoever_asked(escalation, "declined", at, words)


def acknowledged(escalation, asked, row, *, at: datetime) -> None:
    def words(facts):
        return _("%(by)s has taken your escalation to level %(level)d, %(name)s.") % (
            facts | {"by": row.actor_name}
        )

    _to_whoever_asked(asked, _step("acknowledged", escalation, asked), at, words)


def acted(escalation, asked, *, at: datetime) -> None:
    """Once each time that the level is raised, and not in the desk's words: that it is being worked on."""
    _to_whoever_asked(
        asked,
        _step("acted", escalation, asked),
        at,
        lambda facts: _("Level %(level)d, %(name)s, is working on your escalation.") % facts,
    )


def stepped_down(escalation, level: int, *, at: datetime) -> None:
    def words(facts):
        return _("The escalation stands on level %(below)d again.") % (facts | {"below": level})

    _to_whoever_asked(escalation, "stepped-down", at, words)


def closed(escalation, *, at: datetime) -> None:
    _to_whoever_asked(escalation, "closed", at, lambda facts: _("The escalation is closed.") % facts)


def _step(step: str, escalation, asked) -> str:
    """What keeps the mails apart that one who asked earlier has of each later row of the same level."""
    return step if asked == escalation else f"{step}:{escalation.pk}"


def _to_whoever_asked(escalation, step: str, at: datetime, words) -> None:
    """In the contact's language and zone; nobody is told where the desk raised it for itself."""
    contact, ticket = escalation.contact, escalation.ticket
    if contact is None or not contact.may_see(ticket.customer_id):
        return
    with translation.override(contact.locale):
        facts = _facts(escalation, contact.time_zone, at)
        text = "\n\n".join(
            [
                words(facts),
                _("It was raised %(raised)s (%(zone)s): %(ground)s.") % facts,
                _page_of(contact, escalation),
            ]
        )
        outbox.queue(
            f"escalation:{escalation.pk}:{step}",
            to=[contact.email],
            subject=f"[{ticket.number}] {ticket.title}",
            text=f"{text}\n",
            reply_to=reply_address(ticket.number),
            at=at,
            customer=ticket.customer,
        )


def _page_of(contact: Contact, escalation) -> str:
    return f"{settings.BASE_URL}{reverse('support:own-page', args=[escalation.ticket.number])}"


def _facts(escalation, zone: str, at: datetime) -> dict:
    ticket = escalation.ticket
    return {
        "number": ticket.number,
        "title": ticket.title,
        "customer": ticket.customer.name,
        "level": escalation.level,
        "levels": escalation.levels,
        "name": escalation.name,
        "ground": escalation.ground_text,
        "raised": saying.instant(escalation.raised_at, ZoneInfo(zone), since=at),
        "zone": zone,
        "who": escalation.asked_by,
    }

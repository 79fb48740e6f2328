"""Mail about hand-offs: to whom it is offered, whom it was asked back, and to managers about what nobody took."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from escalations.models import HandOff, HandOffAlarm, HandOffStep
from support import saying
from support.actors import Actor
from support.mail import outbox
from support.models import User
from support.roles import Role


def offered(handoff: HandOff, people: Iterable[User], at: datetime) -> None:
    outbox.queue_all([_offer(handoff, person, at) for person in people])


def asked(handoff: HandOff, step: HandOffStep, at: datetime) -> None:
    """To whoever offered it; where he has left, to whoever owns the ticket, or to the desk."""
    there = User.objects.filter(is_active=True).exclude(pk=step.actor_id)
    known = there.filter(pk=handoff.actor_id) or there.filter(pk=handoff.ticket.owner_id)
    outbox.queue_all([_word(handoff, step, person, at) for person in known or [None]])


def answered(handoff: HandOff, step: HandOffStep, people: Iterable[User], at: datetime) -> None:
    outbox.queue_all([_word(handoff, step, person, at) for person in people])


def accepted(handoff: HandOff, had_it: int | None, by: Actor, at: datetime) -> None:
    """To whoever offered it and who had the ticket until now, unless he took it himself."""
    who = User.objects.filter(pk__in=[handoff.actor_id, had_it], is_active=True)
    who = who.exclude(pk=by.id).order_by("pk")
    outbox.queue_all([_taken(handoff, by, person, at) for person in who])


def untaken(alarms: Iterable[HandOffAlarm], at: datetime) -> None:
    """To every support manager in his zone; to the desk where there is none."""
    found = User.objects.filter(groups__name=Role.MANAGER, is_active=True).order_by("email")
    managers: list[User | None] = [*found] or [None]
    alarms = list(alarms)
    rows = (
        HandOff.objects.unanswered().with_closings().filter(ticket__in=[alarm.ticket_id for alarm in alarms])
    )
    rows = rows.select_related("to_region", "to_person", "ticket__owner")
    offered = {row.ticket_id: row for row in rows}
    drafts = [
        _alarm(alarm, offered.get(alarm.ticket_id), manager, at) for alarm in alarms for manager in managers
    ]
    outbox.queue_all(drafts)


def _offer(handoff: HandOff, person: User, at: datetime) -> outbox.Draft:
    with translation.override(person.locale):
        facts = _facts(handoff, person, at) | {
            "offered": handoff.actor_name,
            "standing": handoff.standing,
            "tried": handoff.tried,
            "next": handoff.next_action,
            "expected": handoff.expected,
        }
        subject = _("[%(number)s] A hand-off for you to accept by %(closes)s") % facts
        text = _(
            "%(offered)s hands over “%(title)s” of %(customer)s before %(closes)s (%(zone)s).\n\n"
            "State: %(standing)s\nTried: %(tried)s\nNext: %(next)s\nThe customer expects: %(expected)s\n"
        )
        return _draft(handoff, f"handoff:{handoff.pk}:offered:{person.pk}", person, subject, text % facts, at)


def _word(handoff: HandOff, step: HandOffStep, person: User | None, at: datetime) -> outbox.Draft:
    with translation.override(person.locale if person else settings.LANGUAGE_CODE):
        facts = _facts(handoff, person, at) | {"name": step.actor_name, "text": step.text}
        if step.kind == HandOffStep.Kind.ASKED:
            subject = _("[%(number)s] Asked back: the hand-off") % facts
            text = _("%(name)s asks before accepting “%(title)s”:\n\n%(text)s\n")
        else:
            subject = _("[%(number)s] Answered: the hand-off is offered again") % facts
            text = _("%(name)s has answered what was asked about “%(title)s”:\n\n%(text)s\n")
        key = f"handoff-step:{step.pk}:{person.pk if person else 'desk'}"
        return _draft(handoff, key, person, subject, text % facts, at)


def _taken(handoff: HandOff, by: Actor, person: User, at: datetime) -> outbox.Draft:
    with translation.override(person.locale):
        facts = _facts(handoff, person, at) | {"name": by.name}
        subject = _("[%(number)s] %(name)s has accepted the hand-off") % facts
        text = _("%(name)s has “%(title)s” of %(customer)s from now on.\n") % facts
        return _draft(handoff, f"handoff:{handoff.pk}:accepted:{person.pk}", person, subject, text, at)


def _alarm(alarm: HandOffAlarm, offered: HandOff | None, manager: User | None, at: datetime) -> outbox.Draft:
    with translation.override(manager.locale if manager else settings.LANGUAGE_CODE):
        facts = _facts(alarm, manager, at) | {
            "owner": alarm.ticket.owner.name if alarm.ticket.owner else _("nobody")
        }
        if alarm.lost:
            facts["accepted"] = alarm.lost.taken_by
            subject = _("[%(number)s] The accepted hand-off is lost; the gap opens %(closes)s") % facts
        else:
            subject = _("[%(number)s] Nobody has accepted the hand-off; the gap opens %(closes)s") % facts
        text = _("“%(title)s” of %(customer)s, owned by %(owner)s, is to cross at %(closes)s (%(zone)s). ")
        text += _still(alarm, offered)
        if offered:
            zone = ZoneInfo(facts["zone"])
            facts |= {
                "receiver": offered.receiver,
                "for": saying.instant(offered.closes_at, zone, since=at),
                "void": offered.void,
            }
        key = f"handoff-alarm:{alarm.pk}:{manager.pk if manager else 'desk'}"
        return _draft(alarm, key, manager, subject, f"{text % facts}\n", at)


def _still(alarm: HandOffAlarm, offered: HandOff | None) -> str:
    """What is open of it. `offered` may be for another closing, or to a person: then it stands in the way of the one that is wanted."""
    if offered is None and alarm.lost:
        return _("%(accepted)s accepted it and is not there for it: write another hand-off.")
    if offered is None:
        return _("No hand-off has been written.")
    if alarm.handoff and offered.void:
        still = _("Its hand-off to %(receiver)s is open. %(void)s")
    elif alarm.handoff:
        still = _("Its hand-off to %(receiver)s is open.")
    elif offered.void:
        still = _("The open hand-off to %(receiver)s for %(for)s stands in its way. %(void)s")
    else:
        still = _(
            "The open hand-off to %(receiver)s is for %(for)s: accepted or taken back, it makes way for this one."
        )
    return f"{_('%(accepted)s accepted it and is not there for it.')} {still}" if alarm.lost else still


def _facts(row: HandOff | HandOffAlarm, person: User | None, at: datetime) -> dict[str, str]:
    zone = person.time_zone if person else "UTC"
    return {
        "number": row.ticket.number,
        "title": row.ticket.title,
        "customer": row.ticket.customer.name,
        "closes": saying.instant(row.closes_at, ZoneInfo(zone), since=at),
        "zone": zone,
    }


def _draft(row, key: str, person: User | None, subject: str, text: str, at: datetime) -> outbox.Draft:
    link = f"{settings.BASE_URL}{row.ticket.get_absolute_url()}handoff/"
    to = [person.email] if person else [outbox.desk()]
    return outbox.Draft(key, to, subject, f"{text}\n{link}\n", at)

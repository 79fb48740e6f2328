"""Handing a ticket over: offered with what the next one has to know, accepted or asked back. No clock stops for it."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from escalations import handoff_mail, rota
from escalations.models import Duty, HandOff, HandOffKind, HandOffStep
from escalations.relay import AHEAD, Crossing
from escalations.rota import Relay
from escalations.rules import must_be_said, verb
from support import saying, timeline
from support.actors import Actor
from support.models import Ticket, User, Visibility
from support.refusal import Refused, Stale

Step = HandOffStep.Kind


def crossing_for(ticket: Ticket, relay: Relay, at: datetime) -> Crossing | None:
    """Which closing a hand-off that is written now is for, as `Turn.to_write` has it. None where there is none, or it is accepted."""
    lately = {"kind": HandOffKind.REGION, "closes_at__gt": at - AHEAD}
    told = set(ticket.handoff_alarms.filter(**lately).values_list("closes_at", flat=True))
    taken = set(ticket.handoffs.standing().filter(**lately).values_list("closes_at", flat=True))
    return relay.turn(at).to_write(told, taken)


@verb
def offer(
    ticket: Ticket,
    *,
    standing: str,
    tried: str,
    next_action: str,
    expected: str,
    person: User | None = None,
    off_at: datetime | None = None,
    closing: datetime | None = None,
    by: Actor,
    at: datetime,
) -> HandOff:
    """To the region that takes over when this one closes, or to a `person` before its owner goes off at `off_at`. `closing` is the one
    for which it was written; Stale where another one counts by now.

    The next update and the open vendor cases are copied by the database. Those who are to take it get a mail.
    """
    ticket.lock()
    if not ticket.undone:
        raise Refused(_("Ticket %(number)s is done: there is nothing to hand over.") % _named(ticket))
    if standing_in_the_way := HandOff.objects.unanswered().with_closings().filter(ticket=ticket).first():
        standing_in_the_way.ticket = ticket
        open_already = _("A hand-off of %(number)s is open already.") % _named(ticket)
        raise Refused(f"{open_already} {standing_in_the_way.void}".strip())
    must_be_said(standing=standing, tried=tried, next_action=next_action, expected=expected)
    words = {"standing": standing, "tried": tried, "next_action": next_action, "expected": expected}
    row = HandOff(ticket=ticket, position=0, cases=[], **words, **_way(ticket, person, off_at, closing, at))
    row.alarm_at = row.closes_at
    row.actor = by
    row.save(force_insert=True)
    row.refresh_from_db()
    row.ticket = ticket
    _tell(row, "handoff.offered", by=by, at=at)
    handoff_mail.offered(row, _others(row, by, at), at)
    return row


@verb
def accept(handoff: HandOff, *, by: Actor, at: datetime) -> None:
    """Taken over: whoever accepts owns the ticket from now on. Only by whom the hand-off is for."""
    _step(handoff, Step.ACCEPTED, by=by, at=at)
    _tell(handoff, "handoff.accepted", by=by, at=at)
    had_it = handoff.ticket.owner_id
    handoff.ticket.hand_to(User.objects.get(pk=by.id), by=by, at=max(at, handoff.ticket.changed_at))
    handoff_mail.accepted(handoff, had_it, by, at)


@verb
def ask_back(handoff: HandOff, *, text: str, by: Actor, at: datetime) -> None:
    """A question before it is accepted; the hand-off stays open, and its alarm too."""
    must_be_said(text=text)
    step = _step(handoff, Step.ASKED, text=text, by=by, at=at)
    _tell(handoff, "handoff.returned", by=by, at=at)
    handoff_mail.asked(handoff, step, at)


@verb
def answer(handoff: HandOff, *, text: str, by: Actor, at: datetime) -> None:
    """The answer to what was asked back: the hand-off is offered again."""
    must_be_said(text=text)
    step = _step(handoff, Step.ANSWERED, text=text, by=by, at=at)
    _tell(handoff, "handoff.answered", by=by, at=at)
    handoff_mail.answered(handoff, step, _others(handoff, by, at), at)


@verb
def take_back(handoff: HandOff, *, text: str, by: Actor, at: datetime) -> None:
    """Not offered after all, with the reason; another one may be written."""
    must_be_said(text=text)
    _step(handoff, Step.WITHDRAWN, text=text, by=by, at=at)
    _tell(handoff, "handoff.withdrawn", by=by, at=at)


def receivers(handoff: HandOff, at: datetime) -> list[User]:
    """Who may accept it: the person it is for, while he is of the desk, or who is on duty in the receiving region when it closes, or now
    if that is past; and once the region that closed is open again, whoever is on duty there."""
    if handoff.to_person:
        return [handoff.to_person] if handoff.to_person.is_active else []
    takers = [*Duty.objects.filter(region=handoff.to_region).at(max(at, handoff.closes_at))]
    if at > handoff.closes_at and rota.is_open(handoff.from_region, at):
        takers += Duty.objects.filter(region=handoff.from_region).at(at)
    return [duty.person for duty in takers]


def _others(handoff: HandOff, by: Actor, at: datetime) -> list[User]:
    """Who may accept it, besides whoever does this himself."""
    return [person for person in receivers(handoff, at) if person.pk != by.id]


def over_sentence(handoff: HandOff) -> str:
    """What became of a hand-off that is over, and by whom."""
    end = handoff.steps.filter(kind__in=[Step.ACCEPTED, Step.WITHDRAWN]).get()
    facts = {"name": end.actor_name, "at": saying.instant(end.at, timezone.get_current_timezone())}
    if end.kind == Step.ACCEPTED:
        return _("%(name)s has accepted it already (%(at)s).") % facts
    if HandOff.objects.unanswered().filter(ticket=handoff.ticket_id).exists():
        return _("%(name)s has taken it back (%(at)s), and another one is offered: read that first.") % facts
    return _("%(name)s has taken it back (%(at)s).") % facts


def _way(
    ticket: Ticket, person: User | None, off_at: datetime | None, closing: datetime | None, at: datetime
) -> dict:
    if person:
        if ticket.owner_id is None:
            raise Refused(_("Nobody owns %(number)s: make somebody its owner instead.") % _named(ticket))
        if off_at is None or off_at <= at:
            raise Refused(_("Write when you go off duty: an instant to come."), "off_at")
        return {
            "kind": HandOffKind.PERSON,
            "from_person_id": ticket.owner_id,
            "to_person": person,
            "closes_at": off_at,
        }
    relay = rota.relay_of(ticket)
    crossing = crossing_for(ticket, relay, at) if relay else None
    if relay and crossing is None and relay.next(at):
        raise Refused(_("The hand-off of %(number)s was accepted already.") % _named(ticket), "receiver")
    if crossing is None:
        raise Refused(
            _("The service of %(number)s hands it over to no other region.") % _named(ticket), "receiver"
        )
    if closing not in (None, crossing.at):
        raise Stale(
            _("Another closing counts by now: see to which region it goes, then send it again."), "receiver"
        )
    return {
        "kind": HandOffKind.REGION,
        "from_region": relay.region(crossing.closing),
        "to_region": relay.region(crossing.taking),
        "closes_at": crossing.at,
    }


def _step(handoff: HandOff, kind: str, *, text: str = "", by: Actor, at: datetime) -> HandOffStep:
    handoff.ticket.lock()
    handoff.refresh_from_db(fields=["state"])
    if not handoff.is_open:
        raise Refused(over_sentence(handoff))
    handoff.closes = HandOff.objects.with_closings().get(pk=handoff.pk).closes
    if kind != Step.WITHDRAWN and (void := handoff.void):
        raise Refused(void)
    if kind in (Step.ACCEPTED, Step.ASKED) and by.id not in {person.pk for person in receivers(handoff, at)}:
        raise Refused(_not_yours(handoff, at))
    row = HandOffStep(handoff=handoff, kind=kind, text=text)
    row.actor = by
    row.save(force_insert=True)
    row.refresh_from_db(fields=["at"])
    handoff.refresh_from_db(fields=["state"])
    return row


def _not_yours(handoff: HandOff, at: datetime) -> str:
    if handoff.to_person:
        return _("This hand-off is for %(name)s.") % {"name": handoff.to_person.name}
    facts = {
        "region": handoff.to_region.name,
        "other": handoff.from_region.name,
        "at": saying.instant(handoff.closes_at, timezone.get_current_timezone()),
    }
    if at > handoff.closes_at:
        return (
            _(
                "It was for %(at)s, which is past: only somebody on duty now accepts it or asks back, in %(region)s, or in %(other)s "
                "within its hours."
            )
            % facts
        )
    return _("Only somebody on the rota of %(region)s for %(at)s accepts it or asks back.") % facts


def _tell(handoff: HandOff, kind: str, *, by: Actor, at: datetime) -> None:
    """Ids alone: from where to where, and the hand-off that has the words."""
    old, new = (
        (handoff.from_region.code, handoff.to_region.code)
        if handoff.to_region
        else (handoff.from_person_id, handoff.to_person_id)
    )
    facts = {"old": old, "new": new, "sheet": handoff.pk}
    at = max(at, handoff.ticket.changed_at)
    timeline.record(handoff.ticket, kind, by=by, at=at, visibility=Visibility.INTERNAL, **facts)


def _named(ticket: Ticket) -> dict[str, str]:
    return {"number": ticket.number}

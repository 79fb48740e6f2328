"""Managers are told of each ticket that nobody has accepted shortly before its gap opens: once, whoever looks and however often."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from billing.rules import ask
from escalations import handoff_mail, rota
from escalations.models import HandOff, HandOffAlarm, HandOffKind, HandOffState
from escalations.relay import Crossing
from escalations.rota import Relay
from support.apart import apart
from support.models import Event, Ticket

LEVELS = {
    "ticket.opened": "priority",
    "service.moved": "priority",
    "priority.assessed": "level",
    "priority.agreed": "level",
}
ENDS = (
    "ticket.resolved",
    "ticket.restored",
    "ticket.archived",
    "ticket.closed",
    "ticket.declined",
    "ticket.merged",
)
TOLD = (*LEVELS, *ENDS, "ticket.reopened")


def sweep() -> int:
    """Alarm whatever is due by the database's clock; answers how much. After a time without any worker the last closing is
    looked at too, for what was in flight then. Hours that cannot be read keep nobody else's managers from being told."""
    (at,) = ask("SELECT countersign_now()")
    count = 0
    with apart("Hand-offs were not looked at") as one:
        with one():
            count += _fire_of_persons(at)
        relays: list[Relay] = []
        with one():
            relays = rota.relays()
        for relay in relays:
            with one():
                count += _fire_of(relay, at)
    return count


def in_need_at(events: Iterable[tuple[str, datetime, dict]], priorities: Sequence[str], at: datetime) -> bool:
    """Whether a ticket with these events (kind, instant, facts), in order, was open at one of these priorities at an instant."""
    level, undone = "", False
    for kind, happened, facts in events:
        if happened > at:
            break
        if kind in ENDS and not facts.get("survives"):
            undone = False
        if kind in ("ticket.opened", "ticket.reopened"):
            undone = True
        if kind in LEVELS:
            level = facts.get(LEVELS[kind]) or level
    return undone and level in priorities


def _due(relay: Relay, at: datetime) -> list[Crossing]:
    last = relay.last(at)
    return [*([last] if last else []), *relay.alarming(at)]


def _fire_of(relay: Relay, at: datetime) -> int:
    return sum(_fire(relay, crossing, at) for crossing in _due(relay, at))


@transaction.atomic
def _fire(relay: Relay, crossing: Crossing, at: datetime) -> int:
    """Tickets that somebody holds are accepted, offered or told of right now: they are looked at in the next minute."""
    settled = {"ticket": OuterRef("pk"), "closes_at": crossing.at}
    taken = HandOff.objects.standing().filter(**settled)
    told = HandOffAlarm.objects.filter(kind=HandOffKind.REGION, **settled)
    lost_since = HandOff.objects.filter(kind=HandOffKind.REGION, state=HandOffState.ACCEPTED, **settled)
    waiting = relay.tickets().filter(opened_at__lt=crossing.at)
    waiting = waiting.exclude(Exists(taken)).exclude(Exists(told) & ~Exists(lost_since))
    held = {ticket.pk: ticket for ticket in _claimed(waiting)}
    gone = HandOff.objects.filter(ticket__in=held, kind=HandOffKind.REGION, closes_at=crossing.at)
    done = set(gone.standing().values_list("ticket", flat=True))
    accepted = gone.filter(state=HandOffState.ACCEPTED).order_by("position")
    lost = {handoff.ticket_id: handoff for handoff in accepted}
    if crossing.at <= at:  # what was accepted for it was in need of it
        done |= held.keys() - _in_need(relay, held, crossing.at) - lost.keys()
    done |= _told_of(held, crossing, lost)
    offered = {handoff.ticket_id: handoff for handoff in gone.unanswered().select_related("to_region")}
    facts = {
        "kind": HandOffKind.REGION,
        "closes_at": crossing.at,
        "from_region": relay.region(crossing.closing),
    }
    alarms = [
        HandOffAlarm(ticket=ticket, handoff=offered.get(pk), lost=lost.get(pk), **facts)
        for pk, ticket in held.items()
        if pk not in done
    ]
    return _told(alarms, at)


def _told_of(tickets: Iterable[int], crossing: Crossing, lost: dict[int, HandOff]) -> set[int]:
    """Of which managers know already: of each acceptance that was lost for itself, else of the closing."""
    same = {"ticket__in": tickets, "kind": HandOffKind.REGION, "closes_at": crossing.at}
    told = HandOffAlarm.objects.filter(**same).values_list("ticket", "lost")
    return {ticket for ticket, one in told if ticket not in lost or lost[ticket].pk == one}


@transaction.atomic
def _fire_of_persons(at: datetime) -> int:
    told = HandOffAlarm.objects.filter(handoff=OuterRef("pk"))
    due = HandOff.objects.unanswered().filter(kind=HandOffKind.PERSON, alarm_at__lte=at)
    still_his = Q(ticket__owner=F("from_person")) | Q(ticket__owner=F("to_person"))
    due = due.exclude(Exists(told)).filter(still_his, ticket__in=Ticket.objects.undone())
    held = {ticket.pk: ticket for ticket in _claimed(Ticket.objects.filter(pk__in=due.values("ticket")))}
    alarms = []
    still = due.filter(ticket__in=held).select_related("to_person")  # as it stands with the tickets held
    for handoff in still:
        facts = {"kind": handoff.kind, "closes_at": handoff.closes_at, "handoff": handoff}
        alarms.append(HandOffAlarm(ticket=held[handoff.ticket_id], **facts))
    return _told(alarms, at)


def _claimed(tickets) -> list[Ticket]:
    rows = tickets.select_related("customer", "owner").order_by("pk")
    return list(rows.select_for_update(skip_locked=True, of=("self",)))


def _in_need(relay: Relay, tickets: Mapping[int, Ticket], at: datetime) -> set[int]:
    """Which of these were open at a priority that is handed over at that instant, as their timelines tell."""
    told: dict[int, list] = {}
    rows = Event.objects.filter(ticket__in=tickets, kind__in=TOLD).order_by("ticket", "seq")
    for ticket, *event in rows.values_list("ticket", "kind", "at", "facts"):
        told.setdefault(ticket, []).append(event)
    return {
        pk for pk, events in told.items() if in_need_at(events, relay.services[tickets[pk].service_id], at)
    }


def _told(alarms: list[HandOffAlarm], at: datetime) -> int:
    for alarm in alarms:
        alarm.save(force_insert=True)
    handoff_mail.untaken(alarms, at)
    return len(alarms)

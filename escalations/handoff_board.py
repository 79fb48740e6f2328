"""The board of hand-offs: which region is on and until when, and how each ticket stands that has to cross."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from escalations import rota
from escalations.handoff_lines import Line, line_of
from escalations.models import Absence, Duty, HandOff, HandOffAlarm, HandOffKind, HandOffState, HandOffStep
from escalations.models.handoffs import OPEN
from escalations.relay import AHEAD, Crossing
from escalations.rota import Relay
from support import saying, versions
from support.desk.queue import OURS_FIRST
from support.desk.shown import Shown, shown
from support.forms.priority import priority_name
from support.models import Clock, Ticket, User
from support.models.clocks import OPEN as RUNNING
from support.wording import gettext as _


@dataclass(slots=True)
class Card:
    """`told_at` is when managers were told that nobody has it, from the alarm before its closing on."""

    ticket: Ticket
    priority: str
    clock: Shown | None = None
    handoff: HandOff | None = None
    way: str = ""
    words: str = ""
    question: HandOffStep | None = None
    late: bool = False
    told_at: datetime | None = None
    may_take: bool = False


@dataclass(slots=True)
class Board:
    """`untaken` counts the tickets that cross next and that nobody has accepted; `alarm_at` is when managers are told of the first of
    which they do not know yet; whether any alarm is `due` by now, told or not."""

    lines: list[Line] = field(default_factory=list)
    write: list[Card] = field(default_factory=list)
    offered: list[Card] = field(default_factory=list)
    accepted: list[Card] = field(default_factory=list)
    untaken: int = 0
    crossing: int = 0
    alarm_at: datetime | None = None
    alarm: str = ""
    due: bool = False

    @property
    def unaccepted(self) -> list[Card]:
        """Whatever somebody has to see to now: what was offered, and what the managers were told that nobody has written."""
        return [*[card for card in self.write if card.told_at], *self.offered]


def board(user: User, at: datetime) -> Board:
    """As this person reads it at this instant. Its number of queries grows with the relays, not with the tickets."""
    made = Board()
    handed: dict[int, tuple[Ticket, Relay]] = {}
    relays = rota.relays()
    for relay in relays:
        made.lines.append(line_of(relay, at))
        handed |= {ticket.pk: (ticket, relay) for ticket in _with_names(relay.tickets())}
    handoffs = _handoffs(handed, at)
    tickets = {pk: ticket for pk, (ticket, _relay) in handed.items()}
    tickets |= {row.ticket_id: row.ticket for row in handoffs}
    clocks = _clocks(tickets)
    takes = _takes(user, rota.open_at(relays, at), at)
    for row in handoffs:
        if row.state in OPEN:
            made.offered.append(_card(row.ticket, clocks, at, row, takes))
    _sort_in(made, handed, handoffs, clocks, at)
    return made


def _sort_in(made: Board, handed: dict, handoffs: list[HandOff], clocks: dict, at: datetime) -> None:
    """What is to be written and what was accepted for the closing that counts for each ticket."""
    alarms = HandOffAlarm.objects.filter(ticket__in=handed, kind=HandOffKind.REGION).order_by("-fired_at")
    fired = list(alarms.values_list("ticket", "closes_at", "fired_at", "lost"))
    told = {(pk, of): first for pk, of, first, _lost in fired}  # the latest come first
    losses_told = {lost for _pk, _of, _at, lost in fired}
    lost = {(row.ticket_id, row.closes_at): row.pk for row in handoffs if row.is_lost}
    offered = {row.ticket_id: row for row in handoffs if row.state in OPEN}
    taken = {(row.ticket_id, row.closes_at): row for row in handoffs if row.stands}
    told_of, taken_of = _by_ticket(told), _by_ticket(taken)
    relays = {id(relay): relay for _ticket, relay in handed.values()}
    turns = {key: relay.turn(at) for key, relay in relays.items()}
    for pk, (ticket, relay) in handed.items():
        turn = turns[id(relay)]
        crossing = turn.to_write(told_of[pk], taken_of[pk]) or turn.coming
        if crossing is None:
            continue
        made.crossing += 1
        if row := taken.get((pk, crossing.at)):
            made.accepted.append(_card(ticket, clocks, at, row))
            continue
        made.untaken += 1
        untaken = [crossing, *(each for each in turn.near if each.at not in taken_of[pk])]
        alarm_at = min(map(relay.alarm_at, untaken))
        made.due |= alarm_at <= at
        for each in untaken:
            if (pk, each.at) not in told or lost.get((pk, each.at)) not in losses_told | {None}:
                made.alarm_at = min(filter(None, [relay.alarm_at(each), made.alarm_at]))
        if pk not in offered:
            card = _card(ticket, clocks, at, late=crossing == turn.last, way=_way(relay, crossing))
            card.told_at = min(
                (told[pk, each.at] for each in untaken if each.at in told_of[pk]), default=None
            )
            made.write.append(card)
    made.alarm = saying.here(made.alarm_at, at) if made.alarm_at else ""


def _by_ticket(closings: Iterable[tuple[int, datetime]]) -> dict[int, set[datetime]]:
    found: dict[int, set[datetime]] = defaultdict(set)
    for ticket, closes_at in closings:
        found[ticket].add(closes_at)
    return found


def _way(relay: Relay, crossing: Crossing) -> str:
    return f"{relay.region(crossing.closing)} → {relay.region(crossing.taking)}"


def _handoffs(handed: dict, at: datetime) -> list[HandOff]:
    """Every open one, and those accepted of late on what is in flight."""
    rows = (
        HandOff.objects.told_apart()
        .with_closings()
        .select_related(
            "ticket__customer",
            "ticket__service",
            "ticket__owner",
            "from_region",
            "to_region",
            "from_person",
            "to_person",
        )
    )
    still_open = Q(state__in=OPEN, ticket__in=Ticket.objects.undone())
    late = at - AHEAD  # as far back as a last closing is looked for
    taken = Q(ticket__in=handed, state=HandOffState.ACCEPTED, kind=HandOffKind.REGION, closes_at__gt=late)
    return list(
        rows.filter(still_open | taken)
        .order_by("closes_at", "ticket_id", "position")
        .prefetch_related("steps")
    )


def _with_names(tickets):
    return tickets.select_related("customer", "service")


def _clocks(tickets: Iterable[int]) -> dict[int, Clock]:
    """Of each ticket the open clock that is due first, ours before anybody else's."""
    found = Clock.objects.filter(ticket__in=list(tickets), state__in=RUNNING, due_at__isnull=False)
    first = found.order_by("ticket_id", OURS_FIRST, "due_at", "position").distinct("ticket_id")
    return {clock.ticket_id: clock for clock in first}


def _takes(user: User, open_now: set[int], at: datetime) -> Callable[[HandOff], bool]:
    """Whether this person may accept a hand-off, as `handing.receivers` has it; two queries for however many."""
    duties = Duty.objects.filter(person=user, until_at__gt=at).values_list("region", "from_at", "until_at")
    away = Absence.objects.filter(person=user, until_at__gt=at).values_list("from_at", "until_at")
    duties, away = list(duties), list(away)

    def may(handoff: HandOff) -> bool:
        if handoff.void:
            return False
        if handoff.to_person_id:
            return handoff.to_person_id == user.pk
        then = max(at, handoff.closes_at)
        there = any(of == handoff.to_region_id and begin <= then < end for of, begin, end in duties)
        open_again = at > handoff.closes_at and handoff.from_region_id in open_now
        again = open_again and any(
            of == handoff.from_region_id and begin <= at < end for of, begin, end in duties
        )
        return (there or again) and not any(begin <= then < end for begin, end in away)

    return may


def _card(ticket, clocks, at, handoff=None, takes=None, *, late=False, way="") -> Card:
    clock = clocks.get(ticket.pk)
    card = Card(ticket, _priority(ticket), shown(clock, at) if clock else None, handoff, way, late=late)
    if handoff is None:
        return card
    steps = list(handoff.steps.all())
    given = f"{handoff.from_region or handoff.from_person}"
    card.way = f"{given} → {handoff.receiver}"
    card.late = handoff.closes_at <= at and handoff.is_open
    said = {"name": handoff.actor_name, "at": saying.here(handoff.offered_at, at)}
    card.words = _("Offered by %(name)s, %(at)s") % said
    if handoff.is_open and (void := handoff.void):
        card.words = f"{card.words}. {void}"
    if handoff.state == HandOffState.ASKED:
        card.question = next(step for step in reversed(steps) if step.kind == HandOffStep.Kind.ASKED)
    if handoff.state == HandOffState.ACCEPTED:
        end = steps[-1]
        said = {"name": end.actor_name, "at": saying.here(end.at, at)}
        card.words = _("Accepted by %(name)s, %(at)s") % said
    elif takes:
        card.may_take = takes(handoff)
    return card


def _priority(ticket: Ticket) -> str:
    if ticket.service is None or not ticket.priority:
        return ticket.priority
    return f"{priority_name(versions.definition(ticket.service).step(ticket.priority))}"

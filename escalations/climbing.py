"""What goes up by itself: looked for each minute, done once, whoever is killed and however many look at once."""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Greatest
from django.utils.translation import gettext as _

from escalations import levels, managing
from escalations.models import Cause, Escalation, LevelMove, ManagementEscalation
from support import versions
from support.actors import Actor
from support.apart import apart
from support.catalogue.definition import Definition
from support.catalogue.upward import Asks
from support.clocks.calendar import HolidaysUnknown, NeverOpen
from support.models import Clock, Event, ServiceVersion, Ticket
from support.models.tickets import UNDONE
from support.refusal import Refused, refusing

ALARM = Actor.system("alarm")
# What holds each of them to once, where two workers look at the same time.
ONCE = ["a_miss_moves_once", "severity_is_told_once", "escalations_managementescalation_move_id_key"]
FASTER = dict.fromkeys(ONCE, "Another worker was faster.")
# A change of priority can take a due instant into the past: it is missed when that was said.
OPENED = Cast(KT("detail__opened_by__0"), IntegerField())
OPENED_AT = Subquery(Event.objects.filter(ticket=OuterRef("ticket"), seq=OuterRef("opened")).values("at"))
Due = tuple[Ticket, Callable[[], object]]
log = logging.getLogger("countersign.jobs")


def climb(at: datetime) -> int:
    """Every ticket that is due for it: past level 1, onto its ladder, to those who are told of its severity, or to management
    beside engineering."""
    done = 0
    with apart("Nothing goes up under these services") as one:
        for version in ServiceVersion.objects.filter(kind="support").order_by("id"):
            due: list[Due] = []
            with one():
                read = version, versions.definition(version)
                due = [*_passed_on(*read, at), *_raised(*read, at), *_told(*read, at), *_beside(*read, at)]
            for ticket, act in due:
                with one():
                    done += _done(ticket, act)
    return done


def _done(ticket: Ticket, act: Callable[[], object]) -> bool:
    """One by one: where somebody else was faster, or the ticket has moved on meanwhile, it is over for this time."""
    try:
        with refusing(FASTER), transaction.atomic():
            ticket.lock()
            if not ticket.undone:
                raise Refused(_("Ticket %(number)s is done.") % {"number": ticket.number})
            act()
    except Refused as refused:
        log.info("Nothing goes up by itself: %s", refused.sentence)
        return False
    except (HolidaysUnknown, NeverOpen):  # of this one alone; it is asked again in a minute
        log.exception("Ticket %s does not go up by itself", ticket.number)
        return False
    return True


def _passed_on(version: ServiceVersion, definition: Definition, at: datetime) -> Iterator[Due]:
    """Tickets on a level that passes on what has missed this clock."""
    for level in definition.levels:
        if not level.passes_on:
            continue
        for clock in _late(version, level.passes_on, at).exclude(ticket__level_moves__missed=F("key")):
            if levels.level_of(clock.ticket) == level.level:
                yield clock.ticket, _mover(clock, level.level + 1, at)


def _mover(clock: Clock, new: int, at: datetime) -> Callable[[], object]:
    reason = _("Not solved on level %(level)d within the agreed time.") % {"level": new - 1}
    return lambda: levels.move(clock.ticket, new, reason=reason, missed=clock.key, by=ALARM, at=at)


def _raised(version: ServiceVersion, definition: Definition, at: datetime) -> Iterator[Due]:
    """Tickets on no level of a ladder that a clock raises by itself, missed since the ladder was last climbed and left."""
    rules = definition.ladder
    if rules is None or not rules.automatic:
        return
    of_it, fell_at = Escalation.objects.filter(ticket=OuterRef("ticket")), OuterRef("fell_at")
    since = Q(raised_at__gte=fell_at) | Q(closing__at__gte=fell_at) | Q(descent__at__gte=fell_at)
    climbed = Exists(of_it.live()) | Exists(of_it.filter(since))
    ground = next(each for each in rules.grounds if each.asks is Asks.CLOCK)
    late = _late(version, rules.automatic, at).annotate(opened=OPENED)
    for clock in late.annotate(fell_at=Greatest("due_at", OPENED_AT)).exclude(climbed):
        yield clock.ticket, _raiser(clock, ground.code, at)


def _raiser(clock: Clock, ground: str, at: datetime) -> Callable[[], object]:
    return lambda: Escalation.escalate(
        clock.ticket, ground=ground, missed=clock.key, level=1, by=ALARM, at=at
    )


def _told(version: ServiceVersion, definition: Definition, at: datetime) -> Iterator[Due]:
    """Tickets of a severity that somebody above the desk learns of at once."""
    told = ManagementEscalation.objects.filter(cause=Cause.SEVERITY)
    for step in definition.priorities:
        if step.notified:
            found = Ticket.objects.filter(service=version, priority=step.code, state__in=UNDONE)
            for ticket in found.exclude(pk__in=told.values("ticket")).select_related("customer", "owner"):
                yield ticket, _teller(ticket, step.notified, at)


def _beside(version: ServiceVersion, definition: Definition, at: datetime) -> Iterator[Due]:
    """Tickets at engineering whose priority has become one with which management goes along."""
    if definition.engineering is None:
        return
    priorities = definition.engineering.priorities
    found = LevelMove.objects.at_engineering().filter(
        ticket__service=version, ticket__priority__in=priorities
    )
    for move in found.filter(management=None).select_related("ticket__customer", "ticket__owner"):
        yield move.ticket, _companion(move, priorities, at)


def _companion(move: LevelMove, priorities: Iterable[str], at: datetime) -> Callable[[], object]:
    def act() -> None:
        standing = LevelMove.objects.at_engineering().filter(pk=move.pk)
        if move.ticket.priority not in priorities or not standing.exists():
            raise Refused(
                _("Ticket %(number)s is no longer urgent at engineering.") % {"number": move.ticket.number}
            )
        managing.beside_engineering(move, at=at)

    return act


def _teller(ticket: Ticket, notified: str, at: datetime) -> Callable[[], object]:
    return lambda: managing.of_severity(ticket, notified, at=at)


def _late(version: ServiceVersion, kinds, at: datetime):
    late = Clock.objects.breached(at).filter(
        kind__in=kinds, ticket__service=version, ticket__state__in=UNDONE
    )
    return late.select_related("ticket").order_by("due_at", "id")

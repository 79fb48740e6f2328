"""Tickets stand still while maintenance that was announced in time goes on: exactly those with a clock that it stops."""

import logging
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from billing.rules import ask
from escalations.models import MaintenanceContract, MaintenanceStop, MaintenanceWindow
from support import versions
from support.actors import Actor
from support.apart import One, apart
from support.clocks.calendar import HolidaysUnknown, NeverOpen
from support.clocks.events import ActorKind
from support.clocks.terms import Deployment, WaitReason
from support.models import Clock, Event, Ticket, Wait
from support.models.clocks import OPEN
from support.refusal import Refused, refusing

BY = Actor.system("maintenance")
log = logging.getLogger("countersign.jobs")


def sweep() -> int:
    """End what is over, then stop what a window that goes on concerns; answers how many tickets changed."""
    (at,) = ask("SELECT countersign_now()")
    changed = 0
    with apart("Maintenance neither stops nor lets go these") as one:
        for stop in _over(at):
            with one():
                changed += _alone(_end, stop, stop.until)
        for window in _on(at):
            for ticket in concerned(window, one):
                with one():
                    changed += _alone(_stop, ticket, window, at)
    return changed


def hold(window: MaintenanceWindow) -> None:
    """The tickets that stand still for it, locked before the window is: a stop is written in this order."""
    held = Ticket.objects.filter(pk__in=_standing().filter(window=window).values("ticket"))
    list(held.select_for_update().order_by("pk").values_list("pk"))


def let_go(window: MaintenanceWindow, at: datetime) -> None:
    """Called off while it goes on, it stops nothing from that instant on."""
    for stop in _standing().filter(window=window).order_by("ticket"):
        _alone(_end, stop, at)


def concerned(window: MaintenanceWindow, one: One = nullcontext) -> Iterable[Ticket]:
    """Tickets in the cloud, under a contract that was told in time or a renewal of it, about its product, with a clock that
    maintenance stops, which do not stand still for it and were not let go on by hand. Each service is read within a `one()`."""
    in_time = MaintenanceContract.objects.filter(window=window, in_time=True)
    tickets = Ticket.objects.undone().filter(
        Exists(in_time.concerning(OuterRef("contract"), OuterRef("product"), OuterRef("customer"))),
        ~Exists(MaintenanceStop.objects.filter(window=window, ticket=OuterRef("pk"), wait__ended_at=None)),
        customer__in=in_time.values("contract__holder"),
        deployment=Deployment.CLOUD,
    )
    if window.product_id:
        tickets = tickets.filter(product=window.product_id)
    kinds: dict[int, set[str]] = {}  # by service
    for service in set(tickets.exclude(service=None).values_list("service", flat=True)):
        with one():
            kinds[service] = _kinds(service)
    open_clocks = Clock.objects.filter(
        ticket__in=tickets, ticket__service__in=kinds, state__in=OPEN, subject_kind="ticket"
    )
    found = open_clocks.values_list("ticket", "ticket__service", "kind")
    stopped = {pk for pk, service, kind in found if kind in kinds[service]}
    stopped -= _released(window, stopped)
    return [ticket for ticket in tickets.order_by("id") if ticket.pk in stopped]


def _released(window: MaintenanceWindow, tickets: Iterable[int]) -> set[int]:
    """Of these, those whose wait for this window a person has ended while it went on; a resolution ends it by the way, and
    whatever is opened again stands still again."""
    stops = MaintenanceStop.objects.filter(window=window, ticket__in=tickets).exclude(wait__ended_at=None)
    waits = set(stops.values_list("ticket", "wait"))
    told = Event.objects.filter(ticket__in={ticket for ticket, _wait in waits})
    done = set(told.filter(kind="ticket.resolved").values_list("ticket", "at"))
    ends = told.filter(kind="wait.ended").exclude(actor_kind=ActorKind.SYSTEM)
    return {
        event.ticket_id
        for event in ends
        if (event.ticket_id, event.facts["id"]) in waits and (event.ticket_id, event.at) not in done
    }


def _kinds(service: int) -> set[str]:
    waits = versions.definition(versions.stored(service)).waits
    return {f"{kind}" for kind, reasons in waits.items() if WaitReason.MAINTENANCE in reasons}


def _on(at: datetime) -> Iterable[MaintenanceWindow]:
    windows = MaintenanceWindow.objects.on(at).filter(contracts__in_time=True)
    return windows.distinct().order_by("begins_at", "id")


def _over(at: datetime) -> Iterable[MaintenanceStop]:
    """Stops whose ticket still stands still though their window is over, withdrawn or moved, each with its `until`."""
    ends = MaintenanceWindow.objects.with_end().filter(pk=OuterRef("window"))
    found = _standing().annotate(until=Subquery(ends.values("until"))).filter(until__lte=at)
    return found.order_by("wait__started_at", "id")


def _standing() -> QuerySet[MaintenanceStop]:
    return MaintenanceStop.objects.filter(wait__ended_at=None).select_related("wait__ticket")


def _alone(act: Callable[..., bool], row: Ticket | MaintenanceStop, *args) -> bool:
    """Of this one, and no other for it: where its calendar cannot be counted, or it changes right now, the next sweep looks again."""
    try:
        with refusing({}):
            return act(row, *args)
    except (HolidaysUnknown, NeverOpen):
        log.exception("Maintenance neither stops nor lets go %s", row)
    except Refused as refused:
        log.info("Maintenance, %s: %s", row, refused.sentence)
    return False


@transaction.atomic
def _stop(ticket: Ticket, window: MaintenanceWindow, at: datetime) -> bool:
    """Its own wait takes the place of one that somebody began by hand, which stops nothing."""
    ticket.lock()
    at = max(at, ticket.changed_at)
    known = Wait.objects.filter(ticket=ticket, reason=WaitReason.MAINTENANCE, ended_at=None).first()
    if known and MaintenanceStop.objects.filter(wait=known).exists():
        return False
    if not ticket.undone or at >= window.until or _released(window, [ticket.pk]):
        return False
    if known:
        known.end(by=BY, at=at)
        ticket.refresh_from_db()
    wait = Wait.begin(
        ticket,
        reason=WaitReason.MAINTENANCE,
        awaited=window.number,
        announced_in_time=True,
        until=window.ends_at,
        by=BY,
        at=at,
    )
    MaintenanceStop.objects.create(window=window, ticket=ticket, wait=wait)
    return True


@transaction.atomic
def _end(stop: MaintenanceStop, at: datetime) -> bool:
    """Since then, whenever that is noticed: a wait knows its own end, and what happened since has found it there."""
    stop.wait.ticket.lock()
    stop.wait.refresh_from_db(fields=["ended_at"])
    if stop.wait.ended_at is not None:
        return False
    stop.wait.end(by=BY, at=max(at, stop.wait.ticket.changed_at))
    return True

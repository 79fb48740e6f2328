"""Open tickets moved to a newer version of their calendar: one recorded change, written a batch of tickets at a time."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob

from support import cores, jobs, timeline
from support.actors import Actor
from support.calendars import pins, shifting
from support.clocks.book import reference
from support.clocks.calendar import HolidaysUnknown, NeverOpen
from support.clocks.events import FoldError
from support.models import CalendarMove, CalendarVersion, ContractCalendar, Event, Ticket
from support.refusal import Refused

KIND = "calendar.moved"
TASK = "support.move_calendar"
BATCH = 200  # tickets in one transaction: it holds their rows for a part of a second
ALONE = 20  # so few batches are moved by this process: another one takes a second to begin
UNCOUNTABLE = (NeverOpen, HolidaysUnknown, FoldError)


@transaction.atomic
def move(version: CalendarVersion, reason: str, *, contracts: bool, by: Actor, at: datetime) -> CalendarMove:
    """Move every open ticket under an older version to this one, and with `contracts` the contracts that pin one.

    Few tickets are moved at once, many by a job. Raises Refused where nothing would move, where the version is not the
    newest, or a move to it is under way.
    """
    with connection.cursor() as cursor:  # of two at once, the second finds nothing left to move
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('support.calendars.moving'))")
    _must_be_newest(version)
    _must_not_run(version)
    tickets, pinning = pins.stale_tickets(version, at), list(_pinning(version) if contracts else ())
    if not tickets and not pinning:
        raise Refused(_("Nothing counts under an older version: there is nothing to move."))
    row = CalendarMove(
        calendar=version,
        older=pins.older(version),
        reason=reason.strip(),
        at=at,
        tickets=len(tickets),
        contracts=len(pinning),
    )
    row.actor = by
    row.save(force_insert=True)
    for pin in pinning:
        pin.calendar = version
        pin.by(by, at).save()
    if len(tickets) <= BATCH:
        move_batch(row, tickets)
    else:
        jobs.defer(TASK, move=row.pk)
    return row


def run(row: CalendarMove) -> int:
    """Move what is left to be moved, over the cores; answers how many tickets were. Killed, it can be run again."""
    return move_each(row, pins.stale_tickets(row.calendar, row.at))


def move_each(row: CalendarMove, tickets: Sequence[int], processes: int | None = None) -> int:
    """As `move_batch`, batch by batch: of many tickets, as many batches at once as there are cores."""
    batches = [tickets[start : start + BATCH] for start in range(0, len(tickets), BATCH)]
    alone = 1 if len(batches) <= ALONE else None
    return sum(cores.spread(partial(_one_of_many, row.pk), batches, processes or alone))


def _one_of_many(row: int, tickets: Sequence[int]) -> int:
    return move_batch(CalendarMove.objects.select_related("calendar").get(pk=row), tickets)


def resume(row: CalendarMove) -> None:
    """Queue the rest of a move that did not come to its end. Raises Refused while it is under way."""
    _must_not_run(row.calendar)
    if not pins.stale_tickets(row.calendar, row.at):
        raise Refused(_("Every ticket of this move has been moved."))
    jobs.defer(TASK, move=row.pk)


def move_batch(row: CalendarMove, tickets: Sequence[int]) -> int:
    """Move those of these tickets that are still under an older version; answers how many.

    A ticket whose deadline the version cannot give stays as it is, and does not keep the others.
    """
    try:
        return _move_batch(row, tickets)
    except UNCOUNTABLE:
        return sum(_moved_alone(row, ticket) for ticket in tickets)


def moved(row: CalendarMove) -> int:
    """How many tickets it has moved so far."""
    return Event.objects.filter(source=row.source).exclude(source_key="").values("ticket").distinct().count()


def is_running(row: CalendarMove) -> bool:
    """Whether a job for it waits or is at work."""
    queued = ProcrastinateJob.objects.filter(task_name=TASK, status__in=["todo", "doing"])
    return queued.filter(args__move=row.pk).exists()


def _moved_alone(row: CalendarMove, ticket: int) -> int:
    try:
        return _move_batch(row, [ticket])
    except UNCOUNTABLE:
        return 0


@transaction.atomic
def _move_batch(row: CalendarMove, numbers: Sequence[int]) -> int:
    locked = (
        Ticket.objects.select_for_update()
        .filter(pk__in=list(numbers))
        .order_by("pk")
        .only("last_seq", "changed_at")
    )
    tickets = {ticket.pk: ticket for ticket in locked}
    stale = pins.stale(
        row.calendar, row.at, tickets
    )  # asked again: what has ended or was moved meanwhile stays
    if stale:
        new = reference(row.calendar.name, row.calendar.version)
        entries = {tickets[pk]: _entries(row, tickets[pk], of_ticket) for pk, of_ticket in stale.items()}
        quick = shifting.plain(tickets, stale, new, row.at)
        plain = {ticket: said for ticket, said in entries.items() if ticket.pk in quick.next_due}
        folded = {ticket: said for ticket, said in entries.items() if ticket not in plain}
        if plain:
            timeline.record_each(plain, quick.store)
        if folded:
            timeline.record_each(folded)
    return len(stale)


def _entries(row: CalendarMove, ticket: Ticket, stale: Sequence[pins.Pin]) -> list[timeline.Entry]:
    """At the instant of the move, or right after what has happened on the ticket since."""
    return [
        timeline.Entry(
            kind=KIND,
            by=row.actor,
            at=max(row.at, ticket.changed_at),
            subject=pin.subject,
            source=row.source,
            source_key=f"{ticket.pk}:{pin.subject[0]}:{pin.subject[1]}:{pin.name}",
            facts={
                "calendar": pin.name,
                "old": pin.pinned,
                "new": reference(row.calendar.name, row.calendar.version),
                "reason": f"{row.pk}",
                "manager": row.actor_id,
            },
        )
        for pin in stale
    ]


def _pinning(version: CalendarVersion):
    """Contracts' pins of an older version, locked."""
    older = ContractCalendar.objects.filter(
        calendar__name=version.name, calendar__version__lt=version.version
    )
    return older.select_for_update(of=("self",)).order_by("pk")


def _must_be_newest(version: CalendarVersion) -> None:
    last = CalendarVersion.objects.filter(name=version.name).order_by("-version").first()
    if last and last.version != version.version:
        said = {"who": last.actor_name, "version": last.version}
        raise Refused(_("%(who)s has saved version %(version)d in the meantime: look at that one.") % said)


def _must_not_run(version: CalendarVersion) -> None:
    if any(is_running(row) for row in CalendarMove.objects.filter(calendar=version)):
        raise Refused(_("Tickets are being moved to this version right now."))

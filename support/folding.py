"""Stored clocks are the fold's cached result: the ticket's events are folded and what changed is written."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import connection
from django.db.models import QuerySet

from support import arming, versions
from support.actors import ActorKind
from support.clocks.alarms import Alarm
from support.clocks.book import Book
from support.clocks.deadline import Segment
from support.clocks.events import Event as PureEvent
from support.clocks.events import SubjectRef
from support.clocks.fold import folded
from support.clocks.instance import ClockInstance
from support.clocks.terms import Owes, Subject, Target
from support.models.clocks import Clock
from support.models.events import Event

END_OF_TIME = datetime.max.replace(tzinfo=UTC)
WHAT = ["seq", "kind", "version", "at", "facts", "source"]
WHOSE = ["ticket_id", "subject_kind", "subject_id", "actor_kind"]
STAND = """
UPDATE support_ticket t SET next_due_at = s.next_due_at, changed_at = s.changed_at, last_seq = s.last_seq
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::int[]) AS s (id, next_due_at, changed_at, last_seq)
WHERE t.id = s.id
"""
COLUMNS = [field.name for field in Clock._meta.fields if field.name not in ("id", "ticket", "key")]


def events_of(ticket) -> list[PureEvent]:
    """The ticket's timeline as the fold reads it, in order."""
    return [pure(row) for row in rows_of(Event.objects.filter(ticket=ticket)).order_by("seq")]


def rows_of(events: QuerySet) -> QuerySet:
    """Only what `pure` reads, and no model around each row: that is four tenths of the time."""
    return events.values_list(*WHAT, *WHOSE, named=True)


def pure(row) -> PureEvent:
    """A stored event as the fold reads it."""
    return PureEvent(
        seq=row.seq,
        kind=row.kind,
        version=row.version,
        subject=SubjectRef(Subject(row.subject_kind), row.subject_id),
        at=row.at,
        facts=row.facts,
        actor=ActorKind(row.actor_kind),
        imported=row.source == "import",
    )


def book_for(events: list[PureEvent]) -> Book:
    """Every version that these events name."""
    services, calendars = set(), set()
    for event in events:
        named = [event.facts.get(name) for name in ("service", "new") if event.kind != "calendar.moved"]
        services |= {reference for reference in named if isinstance(reference, str) and "@" in reference}
        calendars |= set((event.facts.get("calendars") or {}).values())
        if event.kind == "calendar.moved":
            calendars.add(event.facts["new"])
    return versions.book(services, calendars)


def clocks_of(ticket, until: datetime = END_OF_TIME) -> list[ClockInstance]:
    """The clocks of a ticket, folded from its events now."""
    clocks, _alarms = folded_of(ticket, until)
    return clocks


def folded_of(ticket, until: datetime = END_OF_TIME) -> tuple[list[ClockInstance], list[Alarm]]:
    """The clocks of a ticket and the alarms that they want, folded from its events now."""
    return _folded(events_of(ticket), until)


def wanted_by(tickets: Sequence[int]) -> dict[int, list[Alarm]]:
    """The alarms that the tickets of these ids want, folded from their events now; one query of events for all of them."""
    return {pk: _folded(events, END_OF_TIME)[1] for pk, events in _timelines(tickets).items()}


def _folded(events: list[PureEvent], until: datetime) -> tuple[list[ClockInstance], list[Alarm]]:
    book = book_for(events)
    state = folded(book, events, until)
    clocks = state.clocks(book)
    return clocks, state.alarms(book, clocks)


def store(*tickets) -> None:
    """Fold these tickets and write the clocks that changed, their alarms, and the first promise of ours that is open.

    Call it with the tickets' rows locked, as `support.timeline` does. As many statements for many as for one.
    """
    timelines, known = _timelines([ticket.pk for ticket in tickets]), _known(tickets)
    changed: list[Clock] = []
    alarms: dict[int, list[Alarm]] = {}
    for ticket in tickets:
        clocks, alarms[ticket.pk] = _folded(timelines[ticket.pk], END_OF_TIME)
        rows = [row_of(ticket, clock, place) for place, clock in enumerate(clocks)]
        changed += [row for row in rows if not _same(row, known.get((ticket.pk, row.key)))]
        ticket.next_due_at = min((row.due_at for row in rows if _promised(row)), default=None)
    if changed:
        Clock.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["ticket", "key"], update_fields=COLUMNS
        )
    arming.arm(alarms)
    stand(tickets)


def stand(tickets: Sequence) -> None:
    """Write where these tickets stand: their last event, and the first promise of ours that is open."""
    rows = [(ticket.pk, ticket.next_due_at, ticket.changed_at, ticket.last_seq) for ticket in tickets]
    with connection.cursor() as cursor:
        cursor.execute(STAND, [list(column) for column in zip(*rows, strict=True)])


def _timelines(tickets: Sequence[int]) -> dict[int, list[PureEvent]]:
    found: dict[int, list[PureEvent]] = {pk: [] for pk in tickets}
    for row in rows_of(Event.objects.filter(ticket__in=list(found))).order_by("ticket", "seq"):
        found[row.ticket_id].append(pure(row))
    return found


def _known(tickets: Sequence) -> dict[tuple[int, str], Clock]:
    rows = Clock.objects.filter(ticket__in=[ticket.pk for ticket in tickets])
    return {(row.ticket_id, row.key): row for row in rows.order_by()}


def _promised(row: Clock) -> bool:
    return row.state == "running" and row.owed_by == Owes.PROVIDER and row.due_at is not None


def _same(row: Clock, known: Clock | None) -> bool:
    return known is not None and all(getattr(row, name) == getattr(known, name) for name in COLUMNS)


def row_of(ticket, clock: ClockInstance, position: int) -> Clock:
    return Clock(
        ticket=ticket,
        key=clock.key,
        position=position,
        subject_kind=clock.subject.kind,
        subject_id=clock.subject.id,
        kind=clock.kind,
        cycle=clock.cycle,
        owed_by=clock.owed_by,
        state=clock.state,
        verdict=clock.verdict,
        attributed_to=clock.attributed_to or "",
        priority=clock.priority,
        started_at=clock.started_at,
        due_at=clock.due_at,
        stopped_at=clock.stopped_at,
        detail=_detail(clock),
    )


def _detail(clock: ClockInstance) -> dict:
    """JSON of what a page needs to explain the clock: target, base, calendar, service, segments."""
    return {
        "service": clock.service,
        "target": _target(clock.target),
        "opened_by": list(clock.opened_by),
        "closed_by": list(clock.closed_by) if clock.closed_by else None,
        "segments": [segment(piece) for piece in clock.segments],
    }


def _target(target: Target) -> dict:
    stored = {"amount": target.amount, "base": target.base, "calendar": target.calendar}
    if target.promised_at:
        stored["promised_at"] = target.promised_at.isoformat()
    return stored


def segment(piece: Segment) -> dict:
    """A piece as JSON."""
    return {
        "from": piece.starts_at.isoformat(),
        "to": piece.ends_at.isoformat() if piece.ends_at else None,
        "why": str(piece.why),
        "calendar": piece.calendar,
        "waits": [[wait, str(reason)] for wait, reason in piece.waits],
        "holidays": [[day.isoformat(), name] for day, name in piece.holidays],
        "cause": list(piece.cause) if piece.cause else None,
    }

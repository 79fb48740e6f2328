"""Stored clocks are the fold's cached result: the ticket's events are folded and what changed is written."""

from datetime import UTC, datetime

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
    events = events_of(ticket)
    book = book_for(events)
    state = folded(book, events, until)
    clocks = state.clocks(book)
    return clocks, state.alarms(book, clocks)


def store(ticket) -> None:
    """Fold the ticket and write the clocks that changed, their alarms, and the first promise of ours that is open.

    Call it with the ticket's row locked, as `support.timeline` does.
    """
    clocks, alarms = folded_of(ticket)
    rows = [row_of(ticket, clock, place) for place, clock in enumerate(clocks)]
    known = {row.key: row for row in Clock.objects.filter(ticket=ticket)}
    changed = [row for row in rows if not _same(row, known.get(row.key))]
    if changed:
        Clock.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["ticket", "key"], update_fields=COLUMNS
        )
    arming.arm(ticket, alarms)
    dues = [
        row.due_at for row in rows if row.state == "running" and row.owed_by == Owes.PROVIDER and row.due_at
    ]
    ticket.next_due_at = min(dues, default=None)
    kept = {name: getattr(ticket, name) for name in ("next_due_at", "changed_at", "last_seq")}
    type(ticket).objects.filter(pk=ticket.pk).update(**kept)


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
        "segments": [_segment(segment) for segment in clock.segments],
    }


def _target(target: Target) -> dict:
    stored = {"amount": target.amount, "base": target.base, "calendar": target.calendar}
    if target.promised_at:
        stored["promised_at"] = target.promised_at.isoformat()
    return stored


def _segment(segment: Segment) -> dict:
    return {
        "from": segment.starts_at.isoformat(),
        "to": segment.ends_at.isoformat() if segment.ends_at else None,
        "why": str(segment.why),
        "calendar": segment.calendar,
        "waits": [[wait, str(reason)] for wait, reason in segment.waits],
        "holidays": [[day.isoformat(), name] for day, name in segment.holidays],
        "cause": list(segment.cause) if segment.cause else None,
    }

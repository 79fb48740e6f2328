"""The plain tickets of a move, written from their stored clocks: the same rows as folding their timelines, in less time."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection

from support import folding, versions
from support.calendars.pins import Pin
from support.clocks.alarms import of_clock
from support.clocks.book import AROUND_THE_CLOCK, Book
from support.clocks.deadline import Segment
from support.clocks.events import Cause, SubjectRef
from support.clocks.instance import ClockInstance
from support.clocks.shifting import is_plain, shifted, under
from support.clocks.terms import Base, ClockKind, Owes, Subject, Target, WaitReason
from support.clocks.verdicts import ClockState, Verdict, Why
from support.models import Clock, Ticket, Wait
from support.models.clocks import OPEN

CLOCKS = """
UPDATE support_clock c SET due_at = s.due_at, detail = jsonb_set(c.detail, '{segments}', s.segments)
FROM jsonb_to_recordset(%s::jsonb) AS s (id bigint, due_at timestamptz, segments jsonb) WHERE c.id = s.id
"""
ALARMS = """
UPDATE support_alarm a SET due_at = s.due_at
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[]) AS s (ticket_id, key, threshold, due_at)
WHERE (a.ticket_id, a.key, a.threshold) = (s.ticket_id, s.key, s.threshold) AND a.fired_at IS NULL AND a.due_at <> s.due_at
"""
WHOSE = ["id", "ticket_id", "subject_kind", "subject_id", "owed_by", "key", "kind", "cycle"]
WANTED = [*WHOSE, "state", "verdict", "priority", "started_at", "due_at", "detail"]


@dataclass(slots=True)
class Shifting:
    """What is to be written of tickets whose only event is the move: clocks with the due instant and the pieces of each."""

    at: datetime
    next_due: dict[int, datetime | None] = field(default_factory=dict)
    clocks: list[dict[str, Any]] = field(default_factory=list)
    alarms: list[tuple[int, str, str, datetime]] = field(default_factory=list)

    def add(self, ticket: int, clocks: Iterable[tuple[Any, ClockInstance | None]], book: Book) -> None:
        dues = []
        for row, then in clocks:
            due = then.due_at if then else row.due_at
            if row.state == ClockState.RUNNING and row.owed_by == Owes.PROVIDER and due:
                dues.append(due)
            if then and due:
                said = {"id": row.id, "due_at": due.isoformat(), "segments": _written(row, then, self.at)}
                self.clocks.append(said)
                self.alarms += [(ticket, a.key, a.threshold, a.at) for a in of_clock(book, then)]
        self.next_due[ticket] = min(dues, default=None)

    def store(self, *tickets: Ticket) -> None:
        """In place of `folding.store`, for exactly these tickets, with their rows locked."""
        for ticket in tickets:
            ticket.next_due_at = self.next_due[ticket.pk]
        with connection.cursor() as cursor:
            if self.clocks:
                cursor.execute(CLOCKS, [json.dumps(self.clocks)])
            if self.alarms:
                cursor.execute(ALARMS, [list(column) for column in zip(*self.alarms, strict=True)])
        folding.stand(tickets)


def plain(
    tickets: Mapping[int, Ticket], stale: Mapping[int, Sequence[Pin]], new: str, at: datetime
) -> Shifting:
    """Those of the tickets that need no fold to move to `new`, "name@2", at this instant.

    Not plain is what the clocks alone do not tell: something that happened at the instant or after it, a clock that waits
    or a wait that is over and was not ended yet, two pins at once, an alarm of management that counts in these hours. NeverOpen and HolidaysUnknown as in the calendar.
    """
    quiet = [pk for pk, pins in stale.items() if tickets[pk].changed_at < at and len(pins) == 1]
    lapsed = Wait.objects.filter(ticket__in=quiet, ended_at=None, until__lte=at)
    gone = set(lapsed.values_list("ticket", flat=True))
    quiet = [pk for pk in quiet if pk not in gone]
    rows: dict[int, list[Any]] = defaultdict(list)
    clocks = Clock.objects.filter(ticket__in=quiet, state__in=OPEN).order_by()
    for row in clocks.values_list(*WANTED, named=True):  # no model around each row
        rows[row.ticket_id].append(row)
    found = Shifting(at)
    for pk in quiet:
        [pin], of_ticket = stale[pk], rows[pk]
        services = {row.detail["service"] for row in of_ticket if row.detail["service"]}
        book = versions.book(services, [pin.pinned, new])
        if not _told_in(book, services, pin.name):
            cause = Cause(tickets[pk].last_seq + 1, "calendar.moved")
            pairs = _shifted(of_ticket, pin, at, book, new, cause)
            if pairs is not None:
                found.add(pk, pairs, book)
    return found


def _told_in(book: Book, services: Iterable[str], name: str) -> bool:
    """Whether management is told in these hours: that alarm is counted from the opening on."""
    steps = (step for service in services for step in book.service(service).priorities)
    return any(step.management and step.management.calendar == name for step in steps)


def _shifted(
    rows: Sequence[Any], pin: Pin, at: datetime, book: Book, new: str, cause: Cause
) -> list[tuple[Any, ClockInstance | None]] | None:
    """Each clock with what becomes of it, nothing where it stays; None where that cannot be told."""
    found: list[tuple[Any, ClockInstance | None]] = []
    for row in rows:
        target, then = row.detail["target"], None
        mine = (row.subject_kind, row.subject_id) == pin.subject and target["calendar"] == pin.name
        late = row.due_at is not None and row.due_at <= at
        if mine and target["base"] != Base.ELAPSED and not late:
            clock = _clock(row)
            if not is_plain(clock, at) or under(clock) not in (pin.pinned, AROUND_THE_CLOCK):
                return None
            if under(clock) == pin.pinned:
                then = shifted(clock, at, book.calendar(pin.pinned), new, book.calendar(new), cause)
        found.append((row, then))
    return found


def _written(row, then: ClockInstance, at: datetime) -> list[dict[str, Any]]:
    """The pieces as JSON: those before the move as they stand."""
    kept = sum(1 for piece in then.segments if piece.ends_at and piece.ends_at <= at)
    stored: list[dict[str, Any]] = row.detail["segments"][:kept]
    if kept and stored[-1] != folding.segment(then.segments[kept - 1]):  # the one that the move has cut
        stored[-1] = folding.segment(then.segments[kept - 1])
    return stored + [folding.segment(piece) for piece in then.segments[kept:]]


def _clock(row) -> ClockInstance:
    """An open clock as the fold made it."""
    said, target = row.detail, row.detail["target"]
    promised = target.get("promised_at")
    return ClockInstance(
        subject=SubjectRef(Subject(row.subject_kind), row.subject_id),
        kind=ClockKind(row.kind),
        cycle=row.cycle,
        revision=int(row.key.rpartition(".")[2]),
        owed_by=Owes(row.owed_by),
        service=said["service"],
        priority=row.priority,
        target=Target(
            ClockKind(row.kind),
            Base(target["base"]),
            target["amount"],
            target["calendar"],
            Owes(row.owed_by),
            promised_at=datetime.fromisoformat(promised) if promised else None,
        ),
        started_at=row.started_at,
        due_at=row.due_at,
        state=ClockState(row.state),
        verdict=Verdict(row.verdict),
        attributed_to=None,
        stopped_at=None,
        segments=tuple(_segment(piece) for piece in said["segments"]),
        opened_by=Cause(*said["opened_by"]),
    )


def _segment(said: Mapping[str, Any]) -> Segment:
    return Segment(
        datetime.fromisoformat(said["from"]),
        datetime.fromisoformat(said["to"]) if said["to"] else None,
        Why(said["why"]),
        said["calendar"],
        tuple((wait, WaitReason(reason)) for wait, reason in said["waits"]),
        tuple((date.fromisoformat(day), name) for day, name in said["holidays"]),
        Cause(*said["cause"]) if said["cause"] else None,
    )

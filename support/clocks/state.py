"""What a fold has come to: every open duty, every wait, every closed clock. Folding on from it is folding from scratch."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from support.clocks.actions import act
from support.clocks.alarms import Alarm, of_clock, of_track, of_wait
from support.clocks.book import Book
from support.clocks.events import Event, OutOfOrder, SubjectRef
from support.clocks.instance import ClockInstance
from support.clocks.judging import clock
from support.clocks.pinning import pin
from support.clocks.reading import kind_of, read
from support.clocks.terms import ClockKind
from support.clocks.track import Track
from support.clocks.waits import Wait
from support.clocks.work import Work

RANK = {kind: rank for rank, kind in enumerate(ClockKind)}


@dataclass(frozen=True, slots=True)
class FoldState:
    """A value: `apply` answers the next one and leaves this as it is. It can be pickled and needs the book again."""

    seq: int = 0
    at: datetime | None = None
    tracks: Mapping[SubjectRef, Track] = field(default_factory=dict)
    waits: tuple[Wait, ...] = ()
    closed: tuple[ClockInstance, ...] = ()

    def apply(self, book: Book, event: Event) -> "FoldState":
        """The state after this event. UnknownKind, BadFacts, OutOfOrder and FoldError refuse it; NotInBook, NeverOpen
        and HolidaysUnknown say that its clocks cannot be counted."""
        kind = kind_of(event.kind)
        facts = read(event.kind, event.version, event.facts)
        self._check_order(event)
        latest = max(self.at, event.at) if self.at else event.at
        waits = tuple(wait.lapsed(event.at) for wait in self.waits)
        if not kind.effects:
            return FoldState(event.seq, latest, self.tracks, waits, self.closed)
        tracks = {subject: track.copy() for subject, track in self.tracks.items()}
        work = Work(book, event, facts, tracks, list(waits), list(self.closed))
        pin(work)
        act(work, kind)
        return FoldState(event.seq, latest, work.tracks, tuple(work.waits), tuple(work.closed))

    def clocks(self, book: Book) -> list[ClockInstance]:
        """Every clock there has been, in the order in which they began."""
        return sorted([*self.closed, *self._open(book)], key=_order)

    def alarms(self, book: Book, clocks: Iterable[ClockInstance]) -> list[Alarm]:
        """When somebody is to be told, as things stand: of these clocks and waits of it, and management of one without a fix."""
        told = [alarm for clock in clocks for alarm in of_clock(book, clock)]
        told += [alarm for wait in self.waits for alarm in of_wait(wait)]
        return told + [alarm for track in self.tracks.values() for alarm in of_track(book, track)]

    def _check_order(self, event: Event) -> None:
        if event.seq <= self.seq:
            raise OutOfOrder(f"event {event.seq} comes after {self.seq}")
        if self.at and event.at < self.at and not event.imported:
            raise OutOfOrder(f"event {event.seq} is of {event.at.isoformat()}, before {self.at.isoformat()}")

    def _open(self, book: Book) -> Iterator[ClockInstance]:
        for track in self.tracks.values():
            for duty in track.duties.values():
                if duty.target:
                    yield clock(book, track, duty, self.waits)


def _order(clock: ClockInstance) -> tuple[int, str, int, int, int]:
    return clock.opened_by.seq, str(clock.subject), RANK[clock.kind], clock.cycle, clock.revision

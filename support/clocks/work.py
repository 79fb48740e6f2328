"""What one event is applied to: copies that may be changed, the event, and what it changed so far."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from support.clocks.book import Book
from support.clocks.effects import Reach
from support.clocks.events import Cause, Event, FoldError, SubjectRef
from support.clocks.facts import Facts
from support.clocks.instance import ClockInstance
from support.clocks.judging import Ending, clock
from support.clocks.terms import ClockKind, Subject
from support.clocks.track import Duty, Track
from support.clocks.verdicts import ClockState
from support.clocks.waits import Wait

F = TypeVar("F", bound=Facts)


@dataclass(slots=True)
class Work:
    """`level_before` is the level that this event changed, "" when there was none before."""

    book: Book
    event: Event
    facts: Facts
    tracks: dict[SubjectRef, Track]
    waits: list[Wait]
    closed: list[ClockInstance]
    level_before: str = ""
    newly_covered: bool = False

    @property
    def at(self) -> datetime:
        return self.event.at

    @property
    def cause(self) -> Cause:
        return Cause.of(self.event)

    def said(self, shape: type[F]) -> F:
        """The facts, known to be of this shape because the vocabulary gives the kind this shape."""
        assert isinstance(self.facts, shape)
        return self.facts

    def own(self) -> Track:
        """The track of the event's subject; FoldError when that was never opened."""
        try:
            return self.tracks[self.event.subject]
        except KeyError:
            raise FoldError(f"{self.event.kind}: {self.event.subject} was never opened") from None

    def reached(self, reach: Reach) -> Iterable[Track]:
        """The tracks that the event touches."""
        if reach is Reach.ALL and self.event.subject.kind is not Subject.ENGAGEMENT:
            return list(self.tracks.values())
        track = self.tracks.get(self.event.subject)
        return [track] if track else []

    def owe(self, track: Track, kind: ClockKind, since: datetime) -> None:
        """Takes on a new duty. What an import began without the log to judge it by stays unjudged, nothing later."""
        opening = self.cause == track.conditions[0].cause
        unjudged = kind in track.unjudged and (opening or self.event.imported)
        track.owe(self.book, Duty(kind, since, self.cause, unjudged=unjudged))

    def close(self, track: Track, kind: ClockKind, state: ClockState) -> None:
        """Ends the duty; its clock, where it has one, is judged for good."""
        duty = track.duties.pop(kind)
        if duty.target:
            ending = Ending(self.at, state, self.cause)
            self.closed.append(clock(self.book, track, duty, tuple(self.waits), ending))

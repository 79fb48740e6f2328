"""Clocks folded from events: the same events under the same book give the same clocks, whenever and wherever."""

from collections.abc import Iterable
from datetime import datetime

from support.clocks.book import Book
from support.clocks.events import Event
from support.clocks.instance import ClockInstance
from support.clocks.state import FoldState


def fold(book: Book, events: Iterable[Event], until: datetime) -> list[ClockInstance]:
    """The clocks of one ticket as of `until` (aware, included), from all events on it. Errors as in FoldState.apply."""
    return folded(book, events, until).clocks(book)


def folded(book: Book, events: Iterable[Event], until: datetime, state: FoldState | None = None) -> FoldState:
    """The state after the events up to `until`, from scratch or on from a stored state and what came after it."""
    state = state or FoldState()
    for event in sorted(events, key=lambda event: event.seq):
        if event.at <= until:
            state = state.apply(book, event)
    return state

"""When somebody has to be told: at shares of a clock's time, and when there is neither workaround nor fix for too long."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from support.clocks.book import Book
from support.clocks.deadline import Stretch, due_at
from support.clocks.instance import ClockInstance
from support.clocks.terms import ALARM_SHARES, Owes
from support.clocks.track import Track
from support.clocks.verdicts import ClockState, Verdict
from support.clocks.waits import Wait

MANAGEMENT = "management"
WAKE = "wake"


@dataclass(frozen=True, slots=True)
class Alarm:
    """`threshold` is a share, "75", "management" or "wake"; `key` names the clock, the subject whose management is told with
    the event that began the cycle, or the wait."""

    key: str
    threshold: str
    at: datetime


def of_clock(book: Book, clock: ClockInstance) -> Iterator[Alarm]:
    """A running clock that will be judged and is not the customer's: one alarm for each share of its service."""
    waits_for_us = clock.state is ClockState.RUNNING and clock.verdict is Verdict.PENDING
    if waits_for_us and clock.due_at and clock.owed_by is not Owes.CUSTOMER:
        shares = book.service(clock.service).alarm_shares if clock.service else ALARM_SHARES
        for share in shares:
            yield Alarm(clock.key, f"{share}", share_at(clock, share))


def of_wait(wait: Wait) -> Iterator[Alarm]:
    """An open wait that somebody wanted to look at again."""
    if wait.ended_at is None and wait.wake_at:
        yield Alarm(f"wait:{wait.id}", WAKE, wait.wake_at)


def share_at(clock: ClockInstance, share: int) -> datetime:
    """The instant at which that share of the clock's counted time is used up; its due instant for the whole."""
    assert clock.due_at is not None
    counted = [
        (piece.starts_at, piece.ends_at) for piece in clock.segments if piece.counted and piece.ends_at
    ]
    wanted = sum((end - begin for begin, end in counted), timedelta()) * share / 100
    for begin, end in counted:
        if share < 100 and end - begin >= wanted:
            return begin + wanted
        wanted -= end - begin
    return clock.due_at


def of_track(book: Book, track: Track) -> Iterator[Alarm]:
    """Management's alarm of a ticket that has neither workaround nor fix; waits do not stop it."""
    if track.alarmed_since is None or not track.covered or not track.priority or track.ended:
        return
    target = book.service(track.now.service).priority(track.priority).management
    if target:
        name = track.now.calendar_for(target)
        stretch = Stretch(track.alarmed_since, None, name, book.calendar(name), (), None)
        due = due_at(target, [stretch])
        assert due is not None
        yield Alarm(f"{track.subject}:{track.alarmed_by}", MANAGEMENT, due)

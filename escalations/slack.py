"""Back to back: each promise of ours beside what the vendor owes, and what time there is between the two. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Promise:
    """A clock that is not done: `due_at` is None while it stands still."""

    key: str
    kind: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Pair:
    """`slack` is what is left for us after the vendor has used all of his time; below zero he may come too late.

    None where one of the two stands still.
    """

    ours: Promise
    theirs: Promise
    slack: timedelta | None

    @property
    def too_late(self) -> bool:
        """Whether our promise cannot be met if the vendor takes all the time that his target gives him."""
        return self.slack is not None and self.slack < timedelta(0)


def slack(ours: datetime | None, theirs: datetime | None, at: datetime) -> timedelta | None:
    """Our due instant minus the vendor's. Of a vendor who is late already nothing comes before now."""
    if ours is None or theirs is None:
        return None
    return ours - max(theirs, at)


def pairs(ours: Iterable[Promise], theirs: Iterable[Promise], at: datetime) -> Iterator[Pair]:
    """Every promise of ours beside every one of the vendor's, the tightest first; those that stand still come last."""
    theirs = list(theirs)  # gone through once for each of ours
    found = [Pair(our, their, slack(our.due_at, their.due_at, at)) for our in ours for their in theirs]
    yield from sorted(found, key=lambda pair: (pair.slack is None, pair.slack or timedelta(0)))

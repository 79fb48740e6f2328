"""Availability: how much of a stretch of time all of something was up, in whole seconds; announced maintenance is not counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one instant up to another, and which of the products it is about."""

    begin: datetime
    end: datetime
    about: frozenset[int]

    def covers(self, at: datetime) -> bool:
        return self.begin <= at < self.end


@dataclass(frozen=True, slots=True)
class Uptime:
    """Seconds of the time that was asked about: `counted` and of it `down`; `excused` was maintenance of everything."""

    counted: int
    down: int
    excused: int

    @property
    def share(self) -> Fraction | None:
        """The part of the counted time that it was up; None where nothing was counted."""
        return Fraction(self.counted - self.down, self.counted) if self.counted else None

    def holds(self, percent: Decimal) -> bool | None:
        """Whether the exact share reaches so many percent; None where nothing was counted."""
        return None if self.share is None else 100 * self.share >= Fraction(percent)


def uptime(
    begin: datetime,
    end: datetime,
    outages: Sequence[Stretch],
    windows: Sequence[Stretch],
    everything: frozenset[int],
) -> Uptime:
    """Of [begin, end), what is cut off at either end and what overlaps counted once.

    An instant is down while anything is down that is not under maintenance; it is not counted while everything is.
    """
    counted = down = excused = 0
    for since, until in pairwise(_marks(begin, end, (*outages, *windows))):
        seconds = int(until.timestamp()) - int(since.timestamp())
        maintained = _about(windows, since)
        if everything <= maintained:
            excused += seconds
            continue
        counted += seconds
        if (_about(outages, since) & everything) - maintained:
            down += seconds
    return Uptime(counted, down, excused)


def percentage(share: Fraction, places: int = 2) -> str:
    """ "99.94 %": never rounded up, so that 100 is never said of what was down, nor an objective of what missed it."""
    scale = 10**places
    return f"{Decimal(floor(share * 100 * scale)) / scale:.{places}f} %"


def _marks(begin: datetime, end: datetime, stretches: Iterable[Stretch]) -> list[datetime]:
    """The instants at which anything can change, from the begin to the end."""
    inside = {at for each in stretches for at in (each.begin, each.end) if begin < at < end}
    return sorted({begin, end} | inside) if begin < end else []


def _about(stretches: Iterable[Stretch], at: datetime) -> frozenset[int]:
    return frozenset().union(*(each.about for each in stretches if each.covers(at)))

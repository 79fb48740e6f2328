"""Counting and searching open time in microseconds, compiled by the year as far as it was asked for."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from operator import add, sub
from zoneinfo import ZoneInfo

from support.clocks.compiled import Interval, OpenTime
from support.clocks.instants import instant
from support.clocks.wall import WallHours

CENTURY = 100  # years: what does not fit into them never will
FIRST_YEAR, LAST_YEAR = 2, 9998  # beyond these a zone's offset leaves what a datetime can hold


class NeverOpen(ValueError):
    """This calendar can never satisfy the target."""


class WorkingTime:
    """The open time of one zone and its hours. NeverOpen when a century does not hold what is asked for."""

    __slots__ = ("_compiled", "_wall", "_zone")

    def __init__(self, zone: ZoneInfo, wall: WallHours) -> None:
        self._zone = zone
        self._wall = wall
        self._compiled: OpenTime | None = None

    def covering(self, begin: int, end: int) -> OpenTime:
        """The open intervals of at least the years of these instants."""
        known = self._compiled
        if known is None or begin < known.begin or end >= known.end:
            known = self._grown(known, instant(begin).year, instant(end).year)
        return known

    def between(self, begin: int, end: int, pauses: Iterable[Interval] = ()) -> int:
        """Open time in [begin, end) outside the pauses, which are in order and apart; 0 when the end comes first."""
        if end <= begin:
            return 0
        known = self.covering(begin, end)
        paused = 0
        for a, b in pauses:
            a, b = max(a, begin), min(b, end)
            if a < b:
                paused += known.before(b) - known.before(a)
        return known.before(end) - known.before(begin) - paused

    def ahead(self, at: int, amount: int, pauses: Iterable[Interval] = ()) -> int:
        """The first instant by which `amount` was open since `at`, outside the pauses, in order and apart."""
        for begin, end in pauses:
            if end > at:
                run = self.between(at, begin)
                if run >= amount:
                    break
                at, amount = end, amount - run
        return self._reached(at, amount) if amount else at

    def ahead_each(self, instants: Sequence[int], amounts: Sequence[int]) -> list[int | None]:
        """`ahead` of many without pauses; None where it would raise."""
        known = self.covering(min(instants), max(instants))
        wanted = list(map(add, known.before_each(instants), amounts))
        most, year = max(wanted), instant(max(instants)).year
        with suppress(NeverOpen):
            while most > known.total:
                known = self._later(known, year)
        found = known.reached_each(wanted)
        if min(amounts):
            return found
        return [due if amount else at for due, at, amount in zip(found, instants, amounts, strict=True)]

    def between_each(self, begins: Sequence[int], ends: Sequence[int]) -> list[int]:
        """`between` of many without pauses."""
        known = self.covering(min(*begins, *ends), max(*begins, *ends))
        counted = map(sub, known.before_each(ends), known.before_each(begins))
        return [amount if amount > 0 else 0 for amount in counted]

    def back(self, at: int, amount: int) -> int:
        """The last instant from which `amount` is open until `at`."""
        if not amount:
            return at
        known = self.covering(at, at)
        while (left := known.before(at) - amount) < 0:
            known = self._earlier(known, instant(at).year)
        return known.left(left)

    def _reached(self, at: int, amount: int) -> int:
        known = self.covering(at, at)
        while (wanted := known.before(at) + amount) > known.total:
            known = self._later(known, instant(at).year)
        return known.reached(wanted)

    def _later(self, known: OpenTime, year: int) -> OpenTime:
        # A zone is at most a day from UTC, so the last shift may be open in the UTC year after its own.
        exhausted = not self._wall.weekly and known.last > date.fromordinal(self._wall.last_shift).year
        if exhausted or known.last >= min(year + CENTURY, LAST_YEAR):
            raise NeverOpen(f"{self._zone.key}: these hours can never satisfy the target")
        return self._grown(known, known.first, known.last + 1)

    def _earlier(self, known: OpenTime, year: int) -> OpenTime:
        if known.first <= max(year - CENTURY, FIRST_YEAR):
            raise NeverOpen(f"{self._zone.key}: these hours could never satisfy the target")
        return self._grown(known, known.first - 1, known.last)

    def _grown(self, known: OpenTime | None, first: int, last: int) -> OpenTime:
        # Replaced, never changed: threads that share a calendar need no lock.
        known = known or OpenTime(first, first - 1, ())
        self._compiled = known = known.grown(self._zone, self._wall, first, last)
        return known

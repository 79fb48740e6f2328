"""Wall-clock hours compiled to UTC intervals with running totals, so that any sum or search is one bisection."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import accumulate
from operator import sub
from zoneinfo import ZoneInfo

from support.clocks.instants import DAY, EPOCH_ORDINAL, SECOND, instant, micros
from support.clocks.wall import WallHours

Interval = tuple[int, int]  # microseconds since 1970, the end excluded


class OpenTime:
    """The open intervals of the UTC years `first` to `last`. Never changes: `grown` answers a wider one."""

    __slots__ = ("_before", "_until", "begin", "end", "ends", "first", "last", "starts")

    def __init__(self, first: int, last: int, intervals: Iterable[Interval]) -> None:
        joined = _joined(intervals)
        self.first, self.last = first, last
        self.begin, self.end = year_begin(first), year_begin(last + 1)
        self.starts = [begin for begin, _ in joined]
        self.ends = [end for _, end in joined]
        self._until = list(accumulate(end - begin for begin, end in joined))
        self._before = [0, *self._until[:-1]] if joined else []

    @property
    def total(self) -> int:
        """Open microseconds in all."""
        return self._until[-1] if self._until else 0

    def before(self, at: int) -> int:
        """Open microseconds before `at`, which lies inside the years compiled."""
        i = bisect_right(self.starts, at) - 1
        if i < 0:
            return 0
        return self._before[i] + min(at, self.ends[i]) - self.starts[i]

    def before_each(self, instants: Iterable[int]) -> list[int]:
        """`before` of many: a call for each would cost more than its bisection."""
        starts, ends = [self.begin, *self.starts], [self.begin, *self.ends]
        shift = [-self.begin, *map(sub, self._before, self.starts)]
        return [
            shift[i := bisect_right(starts, at) - 1] + (at if at < ends[i] else ends[i]) for at in instants
        ]

    def reached_each(self, amounts: Iterable[int]) -> list[int | None]:
        """`reached` of many; None for what is more than `total`."""
        until, total, shift = self._until, self.total, list(map(sub, self.starts, self._before))
        return [shift[bisect_left(until, amount)] + amount if amount <= total else None for amount in amounts]

    def reached(self, amount: int) -> int:
        """The first instant before which `amount` (more than 0, at most `total`) was open: a closing time stays one."""
        i = bisect_left(self._until, amount)
        return self.starts[i] + amount - self._before[i]

    def left(self, amount: int) -> int:
        """The last instant before which no more than `amount` (0 or more, less than `total`) was open."""
        i = bisect_right(self._before, amount) - 1
        return self.starts[i] + amount - self._before[i]

    def is_open(self, at: int) -> bool:
        i = bisect_right(self.starts, at) - 1
        return i >= 0 and at < self.ends[i]

    def closes(self, at: int) -> bool:
        """Whether `at` is a closing time."""
        i = bisect_left(self.ends, at)
        return i < len(self.ends) and self.ends[i] == at

    def between(self, begin: int, end: int) -> Iterator[Interval]:
        """The open intervals inside [begin, end), cut to it."""
        for i in range(bisect_right(self.ends, begin), bisect_left(self.starts, end)):
            yield max(begin, self.starts[i]), min(end, self.ends[i])

    def grown(self, zone: ZoneInfo, wall: WallHours, first: int, last: int) -> "OpenTime":
        """The same with the years from `first` to `last` as well."""
        earlier = compiled(zone, wall, range(first, self.first))
        later = compiled(zone, wall, range(self.last + 1, last + 1))
        known = zip(self.starts, self.ends, strict=True)
        return OpenTime(min(first, self.first), max(last, self.last), [*earlier, *known, *later])


def compiled(zone: ZoneInfo, wall: WallHours, years: Iterable[int]) -> Iterator[Interval]:
    """The open intervals of these UTC years, in order; neighbours may touch.

    A window is open while the wall clock of the zone stands inside it: what is left of a window that begins in a
    daylight-saving gap counts, and so do both passes of a doubled hour.
    """
    for year in years:
        for begin, end, offset in _stretches(zone, year_begin(year), year_begin(year + 1)):
            for day in range((begin + offset) // DAY, (end + offset - 1) // DAY + 1):
                midnight = day * DAY - offset
                for opens, closes in wall.windows(EPOCH_ORDINAL + day):
                    if midnight + closes > begin and midnight + opens < end:
                        yield max(begin, midnight + opens), min(end, midnight + closes)


def year_begin(year: int) -> int:
    return micros(datetime(year, 1, 1, tzinfo=UTC))


def _stretches(zone: ZoneInfo, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    """[begin, end) cut where the zone's offset from UTC changes, each piece with its offset in microseconds."""
    since, offset = begin, _offset(zone, begin)
    for day in range(begin, end, DAY):
        if (later := _offset(zone, day + DAY)) != offset:
            change = _change(zone, day, day + DAY)
            yield since, change, offset
            since, offset = change, later
    if since < end:
        yield since, end, offset


def _change(zone: ZoneInfo, before: int, after: int) -> int:
    """The second at which the offset of `before` is given up; there is one change between the two."""
    offset = _offset(zone, before)
    while after - before > SECOND:
        middle = before + (after - before) // SECOND // 2 * SECOND
        before, after = (middle, after) if _offset(zone, middle) == offset else (before, middle)
    return after


def _offset(zone: ZoneInfo, at: int) -> int:
    shift = instant(at).astimezone(zone).utcoffset()
    assert shift is not None
    return (shift.days * 86_400 + shift.seconds) * SECOND


def _joined(intervals: Iterable[Interval]) -> list[Interval]:
    joined: list[Interval] = []
    for begin, end in intervals:
        if joined and begin == joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return joined

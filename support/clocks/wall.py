"""Opening hours as a wall clock shows them: for each date the windows that are open, before any zone is applied."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from support.clocks.instants import MINUTE

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")

Window = tuple[int, int]  # microseconds after the date's midnight, the end excluded
Hours = Mapping[str, Iterable[tuple[str, str]]]
Change = tuple[date, str, str]


class WallHours:
    """What is open on which date: weekly hours, shut on holidays, replaced by shifts, and breaks cut out last."""

    __slots__ = ("_breaks", "_days_off", "_holidays", "_shifts", "_week", "last_shift", "weekly")

    def __init__(
        self,
        hours: Hours,
        holidays: Iterable[date],
        breaks: Iterable[Change],
        shifts: Iterable[Change],
    ) -> None:
        if unknown := set(hours) - set(DAYS):
            raise ValueError(f"not a day of the week: {', '.join(sorted(unknown))}; write {', '.join(DAYS)}")
        self._week = [_merged(window(*pair) for pair in hours.get(day, ())) for day in DAYS]
        self._holidays = frozenset(day.toordinal() for day in holidays)
        self._days_off = sorted(self._holidays)
        self._breaks = _by_date(breaks)
        self._shifts = _by_date(shifts)
        self.weekly = any(self._week)
        self.last_shift = max(self._shifts, default=1)

    def windows(self, ordinal: int) -> list[Window]:
        """The open windows of the date with this proleptic ordinal, in order and apart from each other."""
        open_windows = self._shifts.get(ordinal)
        if open_windows is None:
            open_windows = [] if ordinal in self._holidays else self._week[(ordinal + 6) % 7]
        for cut in self._breaks.get(ordinal, ()):
            open_windows = [part for opened in open_windows for part in _without(opened, cut)]
        return open_windows

    def holidays_shut(self, first: int, last: int) -> list[int]:
        """The dates from the first to the last that would be open if they were not holidays, in order."""
        days = self._days_off[bisect_left(self._days_off, first) : bisect_right(self._days_off, last)]
        return [day for day in days if day not in self._shifts and self._week[(day + 6) % 7]]


def window(opens: str, closes: str) -> Window:
    """Two times "HH:MM" as one window; "24:00" is the end of the day. ValueError when it is empty or unreadable."""
    begin, end = _after_midnight(opens), _after_midnight(closes)
    if begin >= end:
        raise ValueError(f"{opens}–{closes} is empty; a window past midnight is written as two")
    return begin, end


def spelled(after_midnight: int) -> str:
    """A time of a window as "HH:MM", the end of the day as "24:00"."""
    hours, minutes = divmod(after_midnight // MINUTE, 60)
    return f"{hours:02}:{minutes:02}"


def _after_midnight(clock: str) -> int:
    if not CLOCK.fullmatch(clock):
        raise ValueError(f'{clock!r} is not a time of day; write "HH:MM"')
    return (int(clock[:2]) * 60 + int(clock[3:])) * MINUTE


def _by_date(changes: Iterable[Change]) -> dict[int, list[Window]]:
    found: dict[int, list[Window]] = defaultdict(list)
    for day, opens, closes in changes:
        found[day.toordinal()].append(window(opens, closes))
    return {ordinal: _merged(windows) for ordinal, windows in found.items()}


def _merged(windows: Iterable[Window]) -> list[Window]:
    merged: list[Window] = []
    for begin, end in sorted(windows):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _without(opened: Window, cut: Window) -> list[Window]:
    left = (opened[0], min(opened[1], cut[0]))
    right = (max(opened[0], cut[1]), opened[1])
    return [part for part in (left, right) if part[0] < part[1]]

"""Deadlines counted out minute by minute: the shipped definitions read once more, without the code that is under test.

Minutes are whole minutes since 1970 in UTC. Nothing here is quick or clever, so that it can be believed.
"""

import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from holidays import country_holidays

SHIPPED = Path(__file__).resolve().parents[2] / "support" / "definitions"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = 24 * 60
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORDS = {"min": 1, "h": 60, "hour": 60, "hours": 60}


def minute_of(instant: datetime) -> int:
    """Which minute begins at this instant; ValueError inside one."""
    minute, rest = divmod(instant - EPOCH, MINUTE)
    if rest:
        raise ValueError(f"{instant} is not a whole minute")
    return minute


def instant_of(minute: int | None) -> datetime | None:
    return None if minute is None else EPOCH + minute * MINUTE


@cache
def definition(code: str) -> dict:
    """A service as its file spells it."""
    return tomllib.loads((SHIPPED / f"{code}.toml").read_text())


@cache
def hours(calendar: str) -> "OpenMinutes":
    return OpenMinutes(tomllib.loads((SHIPPED / "calendars" / f"{calendar}.toml").read_text()))


class OpenMinutes:
    """Which minutes a calendar is open, by the look of the wall clock in its zone at each of them."""

    def __init__(self, calendar: dict) -> None:
        self.zone = ZoneInfo(calendar["zone"])
        self.windows = [
            [tuple(window.split("-")) for window in calendar["hours"].get(day, ())] for day in WEEK
        ]
        region = calendar.get("holidays")
        self.holidays = country_holidays(region["country"], subdiv=region["part"]) if region else {}
        self.days: dict[int, bytes] = {}

    def open(self, minute: int) -> bool:
        day, within = divmod(minute, DAY)
        if day not in self.days:
            self.days[day] = bytes(self._looks_open(day * DAY + each) for each in range(DAY))
        return bool(self.days[day][within])

    def _looks_open(self, minute: int) -> bool:
        wall = self.wall(minute)
        shown = f"{wall:%H:%M}"
        return wall.date() not in self.holidays and any(
            opens <= shown < closes for opens, closes in self.windows[wall.weekday()]
        )

    def wall(self, minute: int) -> datetime:
        """What the wall clock shows, without its zone."""
        return instant_of(minute).astimezone(self.zone).replace(tzinfo=None)

    def days_later(self, start: int, days: int) -> int:
        """The same time of day so many working days later, from the next opening where `start` is outside hours."""
        minute = next(each for each in count(start) if self.open(each))
        last, left, shown = self.wall(minute).date(), days, f"{self.wall(minute):%H:%M}"
        while True:
            minute += 1
            if not self.open(minute):
                continue
            wall = self.wall(minute)
            if wall.date() != last:
                last, left = wall.date(), left - 1
            if not left and f"{wall:%H:%M}" == shown:
                return minute


class Target(NamedTuple):
    """So many minutes or working days, inside the hours of a calendar or, without one, day and night."""

    minutes: int
    days: int = 0
    calendar: str = ""

    def counts(self, minute: int) -> bool:
        return not self.calendar or hours(self.calendar).open(minute)


def scale(code: str) -> list[str]:
    """The priorities of a service, the most urgent first."""
    return [step["code"] for step in definition(code)["priorities"]]


def target(code: str, priority: str, kind: str, deployment: str) -> Target | None:
    """What a service promises of this kind; None where it promises nothing."""
    step = next(step for step in definition(code)["priorities"] if step["code"] == priority)
    promise = step.get("targets", {}).get(kind)
    if promise is None or deployment not in promise.get("deployments", (deployment,)):
        return None
    amount, *business, unit = promise["within"].split()
    if unit in ("day", "days"):
        return Target(0, int(amount), promise["calendar"])
    return Target(int(amount) * WORDS[unit], 0, promise["calendar"] if business else "")


def stops(code: str, kind: str) -> frozenset[str]:
    """The reasons for waiting that stop this kind of clock."""
    return frozenset(definition(code).get("waits", {}).get(kind, ()) if code else ())


class Moment(NamedTuple):
    """What held in one minute: whom the ticket waited for, and whether work was to go on day and night."""

    waiting: frozenset[str]
    around_the_clock: bool


def due(
    promise: Target, stopped_by: frozenset[str], is_work: bool, passed: Iterable[tuple[int, Moment]]
) -> int | None:
    """The minute at which what was promised is used up; None where the minutes end before.

    `passed` are the minutes from the start of the clock on, each with what held in it. Of what `is_work` the minutes
    count day and night while that was agreed.
    """
    if promise.days:
        return _due_in_days(promise, stopped_by, iter(passed))
    left = promise.minutes
    for minute, moment in passed:
        if not left:
            return minute
        if stopped_by.isdisjoint(moment.waiting):
            left -= (is_work and moment.around_the_clock) or promise.counts(minute)
    return None


def _due_in_days(
    promise: Target, stopped_by: frozenset[str], passed: Iterable[tuple[int, Moment]]
) -> int | None:
    """A wait moves the same time of day on by the open minutes that it took; nothing falls due while it lasts.

    Where it ends out of hours, all that it held up goes on at the next opening, even what had no open minute left.
    """
    calendar, held, goal, waited = hours(promise.calendar), 0, None, False
    for minute, moment in passed:
        goal = goal or calendar.days_later(minute, promise.days)
        waits = not stopped_by.isdisjoint(moment.waiting)
        open_now = calendar.open(minute)
        reached = minute >= goal and not held and (open_now or calendar.open(minute - 1))
        if reached and not (waits and waited):
            return minute
        if open_now and waits == (minute < goal):
            held += 1 if waits else -1
        waited = waits
    return None

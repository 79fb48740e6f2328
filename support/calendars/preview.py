"""Eight weeks of a calendar, day by day, beside those of the version that it would replace."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from support import saying
from support.calendars import plan

WEEKS = 8


@dataclass(frozen=True, slots=True)
class Day:
    """`hours` and `was` as a person reads them; `names` says which holiday, closure or extra day makes them."""

    on: date
    label: str
    hours: str
    was: str
    names: tuple[str, ...]
    is_open: bool

    @property
    def differs(self) -> bool:
        return self.hours != self.was


@dataclass(frozen=True, slots=True)
class Week:
    label: str
    days: tuple[Day, ...]
    now: str
    then: str
    differs: bool


def weeks(data: Mapping[str, Any], today: date, before: Mapping[str, Any] | None = None) -> list[Week]:
    """The weeks from the Monday of `today` on; without `before` nothing differs."""
    monday = today - timedelta(days=today.weekday())
    names, old = _names(data), before if before is not None else data
    new_hours, old_hours = plan.business_calendar(data), plan.business_calendar(old)
    found = []
    for week in range(WEEKS):
        first = monday + timedelta(weeks=week)
        dates = [first + timedelta(days=n) for n in range(7)]
        new = [new_hours.windows_on(on) for on in dates]
        was = [old_hours.windows_on(on) for on in dates]
        days = tuple(
            Day(on, date_format(on, "D j M"), said(then), said(now), tuple(names[on]), bool(then))
            for on, then, now in zip(dates, new, was, strict=True)
        )
        now, then = total(was), total(new)
        label = _("Week of %(day)s") % {"day": date_format(first, "j F")}
        found.append(Week(label, days, now, then, any(day.differs for day in days)))
    return found


def line(change: plan.Closure | plan.ExtraDay) -> dict[str, str]:
    """A closure or an extra day as a list shows it: what for, when, and the times if it is not whole days."""
    first, last = (change.first, change.last) if isinstance(change, plan.Closure) else (change.on, change.on)
    when = date_format(first, "D j M Y")
    if last != first:
        when = _("%(first)s to %(last)s") % {"first": when, "last": date_format(last, "D j M Y")}
    hours = said([(window.opens, window.closes) for window in change.windows]) if change.windows else ""
    return {"name": change.name, "when": when, "hours": hours}


def said(windows: list[tuple[str, str]]) -> str:
    """ "09:00–12:00, 13:00–17:30", or that it is closed."""
    return ", ".join(f"{opens}–{closes}" for opens, closes in windows) or _("closed")


def total(days: list[list[tuple[str, str]]]) -> str:
    """The hours of these days on the wall clock: "42 h 30"."""
    return saying.duration(sum(_minutes(b) - _minutes(a) for windows in days for a, b in windows))


def changed(found: list[Week]) -> str:
    """How many days differ, in words; "" for none."""
    days = sum(day.differs for week in found for day in week.days)
    return ngettext("%(n)d day changes", "%(n)d days change", days) % {"n": days} if days else ""


def _names(data: Mapping[str, Any]) -> dict[date, list[str]]:
    wanted, names = plan.plan_of(data), defaultdict[date, list[str]](list)
    for on, name in plan.public_holidays(data).items():
        names[on].append(name)
    for closure in wanted.closures:
        for on in closure.days():
            names[on].append(closure.name)
    for extra in wanted.extra_days:
        names[extra.on].append(extra.name or _("Extra day"))
    return names


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])

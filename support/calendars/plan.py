"""What one version of a calendar says: weekly hours, holidays, closures of one's own and extra days, as stored and back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from support.catalogue import holidays, plain, reading
from support.catalogue.calendars import Calendar, Window
from support.clocks.calendar import BusinessCalendar
from support.refusal import Refused

YEARS = 10  # holidays are copied in from so many years back to so many ahead


@dataclass(frozen=True, slots=True)
class Closure:
    """Closed from the first to the last day, both included: the whole day, or only in these windows of each."""

    first: date
    last: date
    name: str
    windows: tuple[Window, ...] = ()

    def days(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True)
class ExtraDay:
    """These windows replace the hours of one date, a holiday's too."""

    on: date
    windows: tuple[Window, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """`left_out` are public holidays of the region on which work goes on."""

    calendar: Calendar
    left_out: frozenset[date] = frozenset()
    closures: tuple[Closure, ...] = ()
    extra_days: tuple[ExtraDay, ...] = field(default=())


def copied_holidays(calendar: Calendar, year: int) -> tuple[holidays.Row, ...]:
    """The public holidays of its region from ten years before `year` to ten after. Refused where none are known."""
    if not calendar.holidays:
        return ()
    region = calendar.holidays
    if not holidays.is_known(region.country, region.part):
        sentence = _("No public holidays are known for %(region)s any more: change its region first.")
        raise Refused(sentence % {"region": region}, "source")
    return holidays.between(region.country, region.part, first_year=year - YEARS, last_year=year + YEARS)


def data_of(plan: Plan, year: int) -> dict[str, Any]:
    """As a version stores it, holidays copied in, so that no past verdict changes with a package."""
    rows = copied_holidays(plan.calendar, year)
    data: dict[str, Any] = {
        "calendar": plain.as_data(plan.calendar),
        "holidays": [[on.isoformat(), name] for on, name in rows if on not in plan.left_out],
    }
    if plan.calendar.holidays:
        data["known_until"] = f"{year + YEARS}-12-31"
    if left_out := [[on.isoformat(), name] for on, name in rows if on in plan.left_out]:
        data["left_out"] = left_out
    if plan.closures:
        data["closures"] = [_closure(each) for each in plan.closures]
    if plan.extra_days:
        data["extra_days"] = [_extra_day(each) for each in plan.extra_days]
    return data


def plan_of(data: Mapping[str, Any], *, file: str = "stored calendar") -> Plan:
    """The plan of which `data_of` made this."""
    return Plan(
        reading.calendar_from_data(data["calendar"], file=file),
        frozenset(date.fromisoformat(on) for on, _name in data.get("left_out", ())),
        tuple(
            Closure(
                date.fromisoformat(each["first"]),
                date.fromisoformat(each["last"]),
                each["name"],
                _windows(each),
            )
            for each in data.get("closures", ())
        ),
        tuple(
            ExtraDay(date.fromisoformat(each["on"]), _windows(each), each["name"])
            for each in data.get("extra_days", ())
        ),
    )


def business_calendar(data: Mapping[str, Any], *, file: str = "stored calendar") -> BusinessCalendar:
    """What counts time under this version. ValueError, DefinitionRefused for what cannot be read."""
    plan, until = plan_of(data, file=file), data.get("known_until")
    whole, parts = whole_days(plan), [each for each in plan.closures if each.windows]
    return BusinessCalendar(
        plan.calendar.zone,
        plan.calendar.weekly_hours(),
        {**public_holidays(data), **whole},
        breaks=[(day, w.opens, w.closes) for each in parts for day in each.days() for w in each.windows],
        shifts=[(each.on, w.opens, w.closes) for each in plan.extra_days for w in each.windows],
        known_until=date.fromisoformat(until) if until else None,
    )


def public_holidays(data: Mapping[str, Any]) -> dict[date, str]:
    return {date.fromisoformat(on): name for on, name in data["holidays"]}


def whole_days(plan: Plan) -> dict[date, str]:
    """The days that closures of one's own close from midnight to midnight."""
    return {day: each.name for each in plan.closures if not each.windows for day in each.days()}


def renamed(plan: Plan, code: str, name: str) -> Plan:
    """A copy under another code and name."""
    return replace(plan, calendar=replace(plan.calendar, code=code, name=name))


def _closure(closure: Closure) -> dict[str, Any]:
    said = {"first": closure.first.isoformat(), "last": closure.last.isoformat(), "name": closure.name}
    return said | {"windows": [str(window) for window in closure.windows]}


def _extra_day(extra: ExtraDay) -> dict[str, Any]:
    windows = [str(window) for window in extra.windows]
    return {"on": extra.on.isoformat(), "name": extra.name, "windows": windows}


def _windows(said: Mapping[str, Any]) -> tuple[Window, ...]:
    return tuple(Window.parse(text) for text in said["windows"])

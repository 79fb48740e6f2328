"""The head of the board of hand-offs: of each relay its day as a strip, who is on duty and who takes over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from escalations.models import Duty
from escalations.relay import on_at, stretches
from escalations.rota import Relay
from support import saying
from support.wording import gettext as _

WIDTH = 240  # of the strip that is one day
SOON = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of the day's strip, in its units; `here` where the region is on now."""

    x: float
    width: float
    here: bool
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One relay: its day as a strip, when it crosses next and who takes over."""

    title: str
    on_duty: str
    taking: str
    soon: bool
    gap: str
    strip: list[Stretch]
    now_x: float
    zone: str
    places: list[tuple[str, str]]  # a region with the time there
    notes: list[tuple[str, str, str]]  # region, what it covers, its phone route
    new_hours: list[tuple[str, str]]  # a region with the instant from which other hours count


def line_of(relay: Relay, at: datetime) -> Line:
    """As it stands at this instant; two queries."""
    coming, on = relay.next(at), on_at(relay.desks, at)
    zone = relay.zone(at)
    strip, now_x = _strip(relay, on, zone, at)
    facts = {}
    if coming:
        region = relay.region(coming.closing)
        facts = {
            "region": region.name,
            "at": saying.here(coming.at, at),
            "left": saying.age((coming.at - at).total_seconds() / 60),
        }
    return Line(
        title=_("%(region)s closes at %(at)s, in %(left)s") % facts if coming else _("No region closes"),
        on_duty=_people([region for region in relay.regions if region.code in on], at),
        taking=_people([relay.region(coming.taking)], coming.opens_at) if coming else "",
        soon=coming is not None and coming.at - at <= SOON,
        gap=saying.age(coming.gap.total_seconds() / 60) if coming and coming.gap else "",
        strip=strip,
        now_x=now_x,
        zone=saying.zone_name(zone),
        places=[_place(region, at) for region in relay.regions],
        notes=[(region.name, region.covers, region.phone) for region in relay.regions],
        new_hours=[
            (region.name, saying.here(since, at))
            for region in relay.regions
            if (since := relay.hours[region.code].changes_after(at))
        ],
    )


def _people(regions: list, at: datetime) -> str:
    names = [duty.person.name for duty in Duty.objects.filter(region__in=regions).at(at)]
    return saying.listed(names) if names else ""


def _place(region, at: datetime) -> tuple[str, str]:
    zone = ZoneInfo(region.time_zone)
    same_day = at.astimezone(zone).date() == timezone.localtime(at).date()
    return saying.zone_name(zone), saying.instant(at, zone, beside=at if same_day else None)


def _strip(relay: Relay, on: list[str], zone: ZoneInfo, at: datetime) -> tuple[list[Stretch], float]:
    """Today in the zone of the hours, from midnight to midnight: 23 or 25 hours where the clocks change."""
    midnight = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    begin, end = (day.astimezone(at.tzinfo) for day in (midnight, midnight + timedelta(days=1)))
    unit = WIDTH / (end - begin).total_seconds()
    strip = []
    for desk in relay.desks:
        for opens, closes in stretches(desk.calendar, begin, end):
            until = closes.astimezone(zone)
            words = _("%(region)s %(from)s to %(to)s") % {
                "region": relay.region(desk.code).name,
                "from": f"{opens.astimezone(zone):%H:%M}",
                "to": "24:00" if closes == end else f"{until:%H:%M}",
            }
            x, width = ((opens - begin).total_seconds() * unit, (closes - opens).total_seconds() * unit)
            strip.append(Stretch(round(x, 2), round(width, 2), desk.code in on, words))
    return sorted(strip, key=lambda each: each.x), round((at - begin).total_seconds() * unit, 2)

"""The hours of regions as they were, are and will be: whatever is changed of them counts from a midnight in UTC on, a day later at least."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from escalations.models import Region
from escalations.relay import opens_next
from support import versions
from support.clocks.calendar import BusinessCalendar, NeverOpen
from support.models import CalendarVersion
from support.models.our_time import FIRST, LAST

Told = list[tuple[datetime, str]]  # from when on what counts, in the order in which it was written


def counts_from(saved: datetime) -> datetime:
    """From when on hours count that were saved then: the second midnight in UTC, so that no closing of today or tomorrow moves, and all
    that is changed on one day counts together. The database reckons the same (hours_of_region)."""
    midnight = saved.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Hours:
    """Calendars by their references, "us-distributor@2", each from an instant on; asked as one calendar is."""

    told: tuple[tuple[datetime, str], ...]

    def is_open(self, at: datetime) -> bool:
        return self.calendar(at).is_open(at)

    def calendar(self, at: datetime) -> BusinessCalendar:
        """The one that counts at this instant."""
        return _calendar(_in_force(self.told, at))

    def leaves(self, name: str, at: datetime) -> datetime | None:
        """From this instant on, when the last version of this calendar counts no more; None where none counts any more, or the newest is one."""
        ends = [until for _since, until, reference in self._pieces() if reference.partition("@")[0] == name]
        return ends[-1] if ends and at < ends[-1] < LAST else None

    def intervals(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """As BusinessCalendar.intervals; where one calendar follows another within open hours, two that touch."""
        return [
            interval
            for since, until, reference in self._pieces()
            if since < end and start < until
            for interval in _calendar(reference).intervals(max(start, since), min(end, until))
        ]

    def next_opening(self, at: datetime) -> datetime:
        """As BusinessCalendar.next_opening."""
        for since, until, reference in self._pieces():
            if at < until and (opens := opens_next(_calendar(reference), max(at, since))) and opens < until:
                return opens
        raise NeverOpen(f"{self.told}: never open from {at} on")

    def changes_after(self, at: datetime) -> datetime | None:
        """From when on other hours count that are saved already."""
        return next((since for since, _reference in self.told if since > at), None)

    def _pieces(self) -> Iterable[tuple[datetime, datetime, str]]:
        for (since, reference), (until, _next) in pairwise([*self.told, (LAST, "")]):
            yield since, until, reference


def hours_of(regions: Iterable[Region]) -> dict[str, Hours]:
    """By the region's code: of the calendar that it had the version that was there, each from when on that counted."""
    codes = {region.pk: region.code for region in regions}
    named, added = defaultdict(list), defaultdict(list)
    kept = Region.history.filter(id__in=codes).order_by("history_id")
    for pk, calendar, saved in kept.values_list("id", "calendar", "history_date"):
        named[codes[pk]].append((counts_from(saved) if named[codes[pk]] else FIRST, calendar))
    used = {calendar for told in named.values() for _since, calendar in told}
    rows = CalendarVersion.objects.filter(name__in=used).order_by("version")
    for name, version, saved in rows.values_list("name", "version", "added_at"):
        added[name].append((counts_from(saved) if added[name] else FIRST, f"{name}@{version}"))
    return {code: Hours(tuple(_joined(told, added))) for code, told in named.items()}


def _joined(calendars: Told, added: Mapping[str, Told]) -> Iterable[tuple[datetime, str]]:
    """The versions of one calendar after another; none that never counted, or that says what the one before said."""
    of_calendars = {since for _since, calendar in calendars for since, _version in added[calendar]}
    last = ""
    for since in sorted(of_calendars | {since for since, _calendar in calendars}):
        counting = _in_force(added[_in_force(calendars, since)], since)
        if counting != last:
            yield since, counting
        last = counting


def _in_force(told: Sequence[tuple[datetime, str]], at: datetime) -> str:
    return [each for since, each in told if since <= at][-1]


def _calendar(reference: str) -> BusinessCalendar:
    return versions.book([], [reference]).calendar(reference)

"""Regions as rows, their hours, and what a service hands over between them."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise

from django.db.models import Q

from escalations.models import Region
from escalations.relay import (
    AHEAD,
    Crossing,
    Desk,
    closed_by_change,
    crossings,
    last_crossing,
    next_crossing,
    on_at,
    opened_by_change,
)
from support import versions
from support.actors import Actor
from support.catalogue.upward import Handoff
from support.models import CalendarVersion, ServiceVersion, Ticket
from support.models.our_time import FIRST

Told = list[tuple[datetime, str]]  # since when what counts, in the order in which it was written


@dataclass(frozen=True, slots=True)
class Turn:
    """The closings of a relay around an instant: the last one, the next one with those that come soon after it, and those to come whose
    alarms are due."""

    last: Crossing | None
    near: Sequence[Crossing]
    due: Sequence[Crossing]

    @property
    def coming(self) -> Crossing | None:
        return self.near[0] if self.near else None

    def to_write(self, told: Container[datetime], taken: Container[datetime]) -> Crossing | None:
        """For which a hand-off of a ticket is written now: the last one, where managers were `told` that nobody took it and nobody has
        it since, until they are told of the next one; else the first to come that nobody has `taken`. Both are of that ticket."""
        if self.last and not self.due and self.last.at in told and self.last.at not in taken:
            return self.last
        return next((crossing for crossing in self.near if crossing.at not in taken), None)


@dataclass(frozen=True)
class Era:
    """From when on the regions have had which hours, each as a calendar's version, "us-distributor@2"."""

    since: datetime
    hours: Mapping[str, str]

    @cached_property
    def desks(self) -> tuple[Desk, ...]:
        book = versions.book([], self.hours.values())
        return tuple(Desk(code, book.calendar(reference)) for code, reference in self.hours.items())


@dataclass(frozen=True)
class Relay:
    """Regions that pass tickets on to one another, and the service versions under which they do. `eras` are in order; the
    last one counts from now on."""

    regions: tuple[Region, ...]
    eras: tuple[Era, ...]
    services: Mapping[int, tuple[str, ...]]  # version → its priorities that are handed over

    @property
    def desks(self) -> tuple[Desk, ...]:
        return self.eras[-1].desks

    def region(self, code: str) -> Region:
        return next(region for region in self.regions if region.code == code)

    def next(self, at: datetime) -> Crossing | None:
        """The next closing for which there is somebody to hand over to."""
        return _with_a_taker(next_crossing(self.desks, at))

    def last(self, at: datetime) -> Crossing | None:
        """The last closing, by the hours of then. New hours make none before them; a region that they close at once closes with them,
        unless later ones open it again."""
        until = at
        for place in reversed(range(len(self.eras))):
            if until <= at - AHEAD:
                break
            era = self.eras[place]
            found = last_crossing(era.desks, until)
            if found and max(era.since, at - AHEAD) < found.at:
                return _with_a_taker(found)
            if place and at - AHEAD < era.since <= until and (cut := self._cut(place, at)):
                return cut
            until = min(until, era.since - timedelta.resolution)
        return None

    def _cut(self, place: int, at: datetime) -> Crossing | None:
        """What the hours of an era closed at once, and no later ones opened again."""
        era, changes = self.eras[place], pairwise(self.eras[place:])
        again = {
            code
            for old, new in changes
            if new.since <= at
            for code in opened_by_change(old.desks, new.desks, new.since)
        }
        cuts = closed_by_change(self.eras[place - 1].desks, era.desks, era.since)
        return next((cut for cut in cuts if cut.taking and cut.closing not in again), None)

    def alarm_at(self, crossing: Crossing) -> datetime:
        """When managers are told of what nobody has accepted for it."""
        return crossing.at - timedelta(minutes=self.region(crossing.closing).alarm_minutes)

    def turn(self, at: datetime) -> Turn:
        coming = self.next(at)
        near = self._taken_over(at, coming.at + self._longest()) if coming else []
        return Turn(self.last(at), near, self._due(near, at))

    def alarming(self, at: datetime) -> list[Crossing]:
        """The closings to come whose alarms are due; several where they are near one another."""
        return self._due(self._taken_over(at, at + self._longest()), at)

    def _due(self, coming: Sequence[Crossing], at: datetime) -> list[Crossing]:
        return [crossing for crossing in coming if self.alarm_at(crossing) <= at]

    def _longest(self) -> timedelta:
        """The most that managers are told before a closing: within so much after the next one, another one has to be written already."""
        return timedelta(minutes=max(region.alarm_minutes for region in self.regions))

    def _taken_over(self, begin: datetime, end: datetime) -> list[Crossing]:
        """Closings in (begin, end] for which there is somebody to hand over to."""
        return [crossing for crossing in crossings(self.desks, begin, end) if crossing.taking]

    def tickets(self):
        """What is in flight and has to be handed over, in the order in which the desk works."""
        needed = Q(pk__in=[])
        for service, priorities in self.services.items():
            needed |= Q(service=service, priority__in=priorities)
        return Ticket.objects.undone().filter(needed).most_urgent_first()


def load(by: Actor, at: datetime) -> None:
    """A row for each region that the newest definitions name and nobody has yet. What a desk has changed stays."""
    newest = ServiceVersion.objects.order_by("code", "-version").distinct("code")
    known = set(Region.objects.values_list("code", flat=True))
    for service in newest:
        handoff = versions.definition(service).handoff
        for named in handoff.regions if handoff else ():
            if named.code not in known:
                known.add(named.code)
                zone = _calendars([named.calendar])[named.calendar].timezone
                facts = {"calendar": named.calendar, "covers": named.covers, "phone": named.phone}
                Region(code=named.code, name=named.name, time_zone=zone, **facts).by(by, at).save()


def relays() -> list[Relay]:
    """All of them, by the definitions that tickets may run under. Versions without the key hand nothing over."""
    handed = ServiceVersion.objects.filter(data__handoff__regions__isnull=False).order_by("id")
    grouped: dict[tuple[str, ...], dict[int, tuple[str, ...]]] = {}
    for service in handed:
        handoff = versions.definition(service).handoff
        grouped.setdefault(_codes(handoff), {})[service.pk] = tuple(handoff.priorities)
    rows = {region.code: region for region in Region.objects.all()} if grouped else {}
    hours = _hours(rows.values()) if rows else {}
    return [
        _relay([rows[code] for code in codes], hours, services)
        for codes, services in grouped.items()
        if rows.keys() >= set(codes)
    ]


def relay_of(ticket: Ticket) -> Relay | None:
    """The regions between which this ticket is handed over at its priority; None where its service names none."""
    handoff = versions.definition(ticket.service).handoff if ticket.service else None
    if handoff is None or ticket.priority not in handoff.priorities:
        return None
    rows = {region.code: region for region in Region.objects.filter(code__in=_codes(handoff))}
    if rows.keys() < set(_codes(handoff)):
        return None
    regions = [rows[code] for code in _codes(handoff)]
    hours = _hours(regions)
    return _relay(regions, hours, {ticket.service_id: tuple(handoff.priorities)})


def open_at(relays: Iterable[Relay], at: datetime) -> set[int]:
    """The regions within whose hours this instant is."""
    return {relay.region(code).pk for relay in relays for code in on_at(relay.desks, at)}


def is_open(region: Region, at: datetime) -> bool:
    """Whether its hours, in the newest version, hold this instant."""
    return _calendars({region.calendar})[region.calendar].is_open(at)


def _codes(handoff: Handoff) -> tuple[str, ...]:
    return tuple(region.code for region in handoff.regions)


def _relay(regions: Sequence[Region], hours: Mapping, services: Mapping[int, tuple[str, ...]]) -> Relay:
    changes = sorted({since for region in regions for since, _version in hours[region.code]})
    eras: list[Era] = []
    for since in changes:
        counting = {region.code: _in_force(hours[region.code], since) for region in regions}
        if not eras or eras[-1].hours != counting:
            eras.append(Era(since, counting))
    return Relay(tuple(regions), tuple(eras), services)


def _hours(regions: Iterable[Region]) -> dict[str, Told]:
    """Region → since when which version of which calendar are its hours, "us-distributor@2"; the database reckons the same."""
    codes = {region.pk: region.code for region in regions}
    named, added = defaultdict(list), defaultdict(list)
    kept = Region.history.filter(id__in=codes).order_by("history_id")
    for pk, calendar, since in kept.values_list("id", "calendar", "history_date"):
        named[codes[pk]].append((since if named[codes[pk]] else FIRST, calendar))
    used = {calendar for told in named.values() for _since, calendar in told}
    rows = CalendarVersion.objects.filter(name__in=used).order_by("version")
    for name, version, since in rows.values_list("name", "version", "added_at"):
        added[name].append((since if added[name] else FIRST, f"{name}@{version}"))
    return {code: _joined(told, added) for code, told in named.items()}


def _joined(calendars: Told, added: Mapping[str, Told]) -> Told:
    """The versions of one calendar after another, each since it counted."""
    of_calendars = {since for _since, calendar in calendars for since, _version in added[calendar]}
    changes = sorted(of_calendars | {since for since, _calendar in calendars})
    return [(at, _in_force(added[_in_force(calendars, at)], at)) for at in changes]


def _in_force(told: Told, at: datetime) -> str:
    return [each for since, each in told if since <= at][-1]


def _calendars(names: Iterable[str]) -> dict:
    """These calendars in their newest versions."""
    newest = CalendarVersion.objects.filter(name__in=names).order_by("name", "-version").distinct("name")
    references = {name: f"{name}@{version}" for name, version in newest.values_list("name", "version")}
    book = versions.book([], references.values())
    return {name: book.calendar(reference) for name, reference in references.items()}


def _with_a_taker(crossing: Crossing | None) -> Crossing | None:
    return crossing if crossing and crossing.taking else None

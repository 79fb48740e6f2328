"""Regions as rows, their hours, and what a service hands over between them."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from escalations.models import Region
from escalations.region_hours import Hours, hours_of
from escalations.relay import Crossing, Desk, crossings, last_crossing, next_crossing, on_at
from support import versions
from support.actors import Actor
from support.catalogue.upward import Handoff
from support.models import CalendarVersion, ServiceVersion, Ticket


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


@dataclass(frozen=True, slots=True)
class Relay:
    """Regions that pass tickets on to one another, and the service versions under which they do."""

    regions: tuple[Region, ...]
    hours: Mapping[str, Hours]  # by the region's code
    services: Mapping[int, tuple[str, ...]]  # version → its priorities that are handed over

    @property
    def desks(self) -> tuple[Desk, ...]:
        return tuple(Desk(region.code, self.hours[region.code]) for region in self.regions)

    def zone(self, at: datetime) -> ZoneInfo:
        """In which the hours of its first region are said."""
        return ZoneInfo(self.hours[self.regions[0].code].calendar(at).timezone)

    def region(self, code: str) -> Region:
        return next(region for region in self.regions if region.code == code)

    def next(self, at: datetime) -> Crossing | None:
        """The next closing for which there is somebody to hand over to."""
        return _with_a_taker(next_crossing(self.desks, at))

    def last(self, at: datetime) -> Crossing | None:
        """The last closing, where there was somebody to hand over to."""
        return _with_a_taker(last_crossing(self.desks, at))

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
                calendar = CalendarVersion.objects.filter(name=named.calendar).latest("version")
                zone = calendar.data["calendar"]["zone"]
                facts = {"calendar": named.calendar, "covers": named.covers, "phone": named.phone}
                Region(code=named.code, name=named.name, time_zone=zone, **facts).by(by, at).save()


def relays() -> list[Relay]:
    """All of them, by the definitions that tickets may run under. Versions without the key hand nothing over."""
    handed = ServiceVersion.objects.filter(data__handoff__regions__isnull=False).order_by("id")
    grouped: dict[tuple[str, ...], dict[int, tuple[str, ...]]] = {}
    for service in handed:
        handoff = service.data[
            "handoff"
        ]  # as it is stored: no calendar is read here, so none keeps another relay from its turn
        codes = tuple(region["code"] for region in handoff["regions"])
        grouped.setdefault(codes, {})[service.pk] = tuple(handoff["priorities"])
    rows = {region.code: region for region in Region.objects.all()} if grouped else {}
    hours = hours_of(rows.values()) if rows else {}
    return [
        Relay(tuple(rows[code] for code in codes), hours, services)
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
    regions = tuple(rows[code] for code in _codes(handoff))
    return Relay(regions, hours_of(regions), {ticket.service_id: tuple(handoff.priorities)})


def open_at(relays: Iterable[Relay], at: datetime) -> set[int]:
    """The regions within whose hours this instant is."""
    return {relay.region(code).pk for relay in relays for code in on_at(relay.desks, at)}


def is_open(region: Region, at: datetime) -> bool:
    """Whether its hours hold this instant."""
    return hours_of([region])[region.code].is_open(at)


def _codes(handoff: Handoff) -> tuple[str, ...]:
    return tuple(region.code for region in handoff.regions)


def _with_a_taker(crossing: Crossing | None) -> Crossing | None:
    return crossing if crossing and crossing.taking else None

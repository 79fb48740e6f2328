"""Definitions and calendars as stored versions: added from files, read back as values, found for an event's book."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.db import connection, transaction

from support.actors import Actor
from support.calendars import plan
from support.catalogue import folder, plain, reading
from support.catalogue.calendars import Calendar
from support.catalogue.definition import NAMING_A_CALENDAR, Definition
from support.clocks.book import Book
from support.clocks.calendar import BusinessCalendar
from support.clocks.terms import ServiceTerms
from support.models.definitions import CalendarVersion, ServiceVersion

_followers: list[Callable[[Actor, datetime], None]] = []


def follow(act: Callable[[Actor, datetime], None]) -> None:
    """Called by an app above when it is ready: `act` runs in the transaction of every load, after it."""
    _followers.append(act)


@dataclass
class Loaded:
    """What a load did: names with their version, "uk-business@1"."""

    added: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


@transaction.atomic
def load(path: Path = folder.SHIPPED, *, by: Actor, at: datetime) -> Loaded:
    """Add a version of each file whose hash is new for its code; what is pinned stays pinned.

    Raises support.catalogue.problems.DefinitionRefused with file, key and reason, and then adds nothing.
    """
    with connection.cursor() as cursor:  # two loads at once would both find a hash new
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('support.versions.load'))")
    catalogue, done = folder.read_folder(path), Loaded()
    for code, calendar in catalogue.calendars.items():
        row = CalendarVersion(name=code, data=calendar_data(calendar.value, at.year))
        _add(row, {"name": code}, calendar.sha256, by, at, done)
    for code, loaded in catalogue.definitions.items():
        definition = loaded.value
        source = (path / loaded.file).read_text()
        row = ServiceVersion(
            code=code,
            name=definition.name,
            kind=definition.kind,
            data=plain.as_data(definition),
            source=source,
        )
        _add(row, {"code": code}, loaded.sha256, by, at, done)
    for act in _followers:
        act(by, at)
    return done


def _add(row, named: dict[str, str], sha256: str, by: Actor, at: datetime, done: Loaded) -> None:
    versions = type(row).objects.filter(**named)
    [name] = named.values()
    if known := versions.filter(sha256=sha256).first():
        done.unchanged.append(f"{name}@{known.version}")
        return
    row.version = (versions.order_by("-version").values_list("version", flat=True).first() or 0) + 1
    row.sha256, row.added_at, row.actor = sha256, at, by
    row.save(force_insert=True)
    done.added.append(f"{name}@{row.version}")


def calendar_data(calendar: Calendar, year: int) -> dict:
    """A calendar with its holidays copied in, so that no past verdict changes with a package."""
    return plan.data_of(plan.Plan(calendar), year)


def latest(code: str) -> ServiceVersion | None:
    """The newest version of a definition; None when its code is unknown."""
    return ServiceVersion.objects.filter(code=code).order_by("-version").first()


def stored(pk: int) -> ServiceVersion:
    """The row of a version. Rows never change, so each is read once per process."""
    return _stored(connection.settings_dict["NAME"], pk)


@lru_cache(maxsize=256)
def _stored(database: str, pk: int) -> ServiceVersion:
    return ServiceVersion.objects.get(pk=pk)


def definition(version: ServiceVersion) -> Definition:
    """The definition as a value. Rows never change, so each is read once per process."""
    return _definition(connection.settings_dict["NAME"], version.pk)


@lru_cache(maxsize=256)
def _definition(database: str, pk: int) -> Definition:
    version = _stored(database, pk)
    newest = CalendarVersion.objects.filter(name__in=_calendars_named(version.data))
    calendars = {
        row.name: reading.calendar_from_data(row.data["calendar"], file=str(row))
        for row in newest.order_by("name", "-version").distinct("name")
    }
    return reading.definition_from_data(version.data, calendars=calendars, file=str(version))


def _calendars_named(data) -> set[str]:
    """Every calendar that a stored definition mentions."""
    if isinstance(data, list):
        return set().union(*map(_calendars_named, data))
    if not isinstance(data, dict):
        return set()
    own = {data[key] for key in NAMING_A_CALENDAR if isinstance(data.get(key), str)}
    return own.union(*map(_calendars_named, data.values()))


@lru_cache(maxsize=1024)
def _business_calendar(database: str, name: str, version: int) -> BusinessCalendar:
    data = CalendarVersion.objects.get(name=name, version=version).data
    return plan.business_calendar(data, file=f"{name}@{version}")


def calendar(reference: str) -> Calendar:
    """The calendar as it was stated in this version, "code@3". Rows never change, so each is read once per process."""
    return _calendar(connection.settings_dict["NAME"], *_parted(reference))


@lru_cache(maxsize=1024)
def _calendar(database: str, name: str, version: int) -> Calendar:
    data = CalendarVersion.objects.get(name=name, version=version).data
    return reading.calendar_from_data(data["calendar"], file=f"{name}@{version}")


@lru_cache(maxsize=1024)
def _terms(database: str, code: str, version: int) -> ServiceTerms:
    row = ServiceVersion.objects.only("pk").get(code=code, version=version)
    return _definition(database, row.pk).terms(version)


def book(services: Iterable[str], calendars: Iterable[str]) -> Book:
    """The book that holds these versions, each written "code@3"."""
    database = connection.settings_dict["NAME"]
    wanted_services = {_parted(reference) for reference in services}
    wanted_calendars = {_parted(reference) for reference in calendars}
    return Book(
        {key: _terms(database, *key) for key in wanted_services},
        {key: _business_calendar(database, *key) for key in wanted_calendars},
    )


def _parted(reference: str) -> tuple[str, int]:
    name, _, version = reference.rpartition("@")
    return name, int(version)


@lru_cache(maxsize=256)
def _calendar_names(database: str, pk: int) -> frozenset[str]:
    return _definition(database, pk).calendars()


def calendar_pins(service: ServiceVersion, contract) -> dict[str, str]:
    """The calendar version for each calendar that a service names: the contract's own, else the newest."""
    names = _calendar_names(connection.settings_dict["NAME"], service.pk)
    own = (
        {pin.name: pin.calendar for pin in contract.calendars.select_related("calendar")} if contract else {}
    )
    newest = {
        row.name: row
        for row in CalendarVersion.objects.filter(name__in=names - own.keys())
        .order_by("name", "-version")
        .distinct("name")
    }
    return {name: f"{row.name}@{row.version}" for name, row in {**newest, **own}.items() if name in names}

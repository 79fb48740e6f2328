"""Reads one definition or one calendar, from TOML text or from the plain data that was stored; refuses it whole."""

import tomllib
from collections.abc import Mapping
from typing import Any, cast

from support.catalogue import holidays
from support.catalogue.calendars import Calendar
from support.catalogue.checks import check
from support.catalogue.definition import Definition
from support.catalogue.problems import DefinitionRefused, Problem
from support.catalogue.shape import Reader, Unreadable


def read_definition(text: str, *, file: str, calendars: Mapping[str, Calendar]) -> Definition:
    """The definition in this TOML text; DefinitionRefused with every problem found. `file` is only named."""
    return definition_from_data(_parsed(text, file), file=file, calendars=calendars)


def read_calendar(text: str, *, file: str) -> Calendar:
    """The calendar in this TOML text; DefinitionRefused with every problem found.

    What is stored holds its holidays, so a region is asked for here alone: a package that knows it no more changes nothing of it.
    """
    reader = Reader(file)
    calendar = _read(reader, Calendar, _parsed(text, file))
    region = calendar.holidays if calendar else None
    if region and not holidays.is_known(region.country, region.part):
        reader.refuse("holidays.country", f'no public holidays are known for "{region}".')
    return cast(Calendar, _unless_refused(reader, calendar))


def definition_from_data(
    data: Mapping[str, Any], *, calendars: Mapping[str, Calendar], file: str = "stored definition"
) -> Definition:
    """The definition of which `as_data` made this; the same checks as for a file."""
    reader = Reader(file)
    definition = _read(reader, Definition, data)
    if definition is not None:
        check(definition, calendars, reader)
    return cast(Definition, _unless_refused(reader, definition))


def calendar_from_data(data: Mapping[str, Any], *, file: str = "stored calendar") -> Calendar:
    """The calendar of which `as_data` made this; the same checks as for a file, but for its region."""
    reader = Reader(file)
    return cast(Calendar, _unless_refused(reader, _read(reader, Calendar, data)))


def _parsed(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionRefused([Problem(file, "", f"is not TOML: {error}.")]) from None


def _read(reader: Reader, kind: type[Any], data: Mapping[str, Any]) -> Any:
    try:
        return reader.read(kind, data)
    except Unreadable:
        return None


def _unless_refused(reader: Reader, value: object) -> object:
    if reader.problems:
        raise DefinitionRefused(reader.problems)
    return value

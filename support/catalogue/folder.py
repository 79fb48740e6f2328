"""The definitions and calendars of a folder, each with the hash that says whether its file is new."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Generic, TypeVar

from support.catalogue.calendars import Calendar
from support.catalogue.definition import Definition
from support.catalogue.problems import DefinitionRefused, Problem
from support.catalogue.reading import read_calendar, read_definition

SHIPPED = Path(__file__).parent.parent / "definitions"

T = TypeVar("T", Definition, Calendar)


@dataclass(frozen=True, slots=True)
class Loaded(Generic[T]):
    """A value as read from a file; `sha256` is of the file's bytes, in hexadecimal."""

    value: T
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    definitions: Mapping[str, Loaded[Definition]]
    calendars: Mapping[str, Loaded[Calendar]]


def read_folder(folder: Path = SHIPPED) -> Catalogue:
    """All `*.toml` of the folder by code, and of its `calendars/`; DefinitionRefused with the problems of all files."""
    problems: list[Problem] = []
    calendars = _each(folder / "calendars", lambda text, file: read_calendar(text, file=file), problems)
    known = {code: loaded.value for code, loaded in calendars.items()}
    definitions = _each(
        folder, lambda text, file: read_definition(text, file=file, calendars=known), problems
    )
    for loaded in definitions.values():
        vendor = loaded.value.vendor
        if vendor and vendor.service and vendor.service not in definitions:
            problems.append(
                Problem(loaded.file, "vendor.service", f'"{vendor.service}" is not a definition here.')
            )
    if problems:
        raise DefinitionRefused(problems)
    return Catalogue(definitions, calendars)


def _each(folder: Path, read: Callable[[str, str], T], problems: list[Problem]) -> dict[str, Loaded[T]]:
    found: dict[str, Loaded[T]] = {}
    for path in sorted(path for path in folder.glob("*.toml") if path.is_file()):
        content = path.read_bytes()
        try:
            value = read(content.decode(), path.name)
        except UnicodeDecodeError:
            problems.append(Problem(path.name, "", "is not UTF-8 text."))
        except DefinitionRefused as refused:
            problems.extend(refused.problems)
        else:
            if value.code != path.stem:
                problems.append(Problem(path.name, "code", f'"{value.code}" is not the name of its file.'))
            found[value.code] = Loaded(value, path.name, sha256(content).hexdigest())
    return found

"""Definitions as plain data, and walked part by part: dotted keys name the same places as in the file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from typing import Any

from support.catalogue.problems import below

NAMES = ("code", "key")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)


def as_data(value: Any) -> Any:
    """The plain form, fit for JSON and for TOML: tables without what equals its default, lists, text, numbers."""
    if hasattr(value, "parse") or isinstance(value, StrEnum):
        return str(value)
    if is_dataclass(value):
        named = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: as_data(entry) for field, entry in named if not _is_default(field, entry)}
    if isinstance(value, Mapping):
        return {str(name): as_data(entry) for name, entry in value.items()}
    if isinstance(value, tuple):
        return [as_data(entry) for entry in value]
    return value


def words_in(part: object, key: str = "") -> Iterator[tuple[str, str, str]]:
    """Every text in a part, as (dotted key, name of its field, text); fields left empty are not there."""
    if is_dataclass(part):
        for field in fields(part):
            value, place = getattr(part, field.name), below(key, field.name)
            words = value if isinstance(value, tuple) else (value,)
            yield from ((place, field.name, word) for word in words if isinstance(word, str) and word)
            yield from words_in(value, place)
    elif isinstance(part, Mapping):
        for name, value in part.items():
            yield from words_in(value, below(key, name))
    elif isinstance(part, tuple):
        for position, value in enumerate(part, start=1):
            yield from words_in(value, below(key, step(value, position)))


def step(entry: object, position: int) -> str:
    """How a key names an entry of a list: by its code where it has one, else by its position from 1."""
    found = (entry.get(end) if isinstance(entry, Mapping) else getattr(entry, end, None) for end in NAMES)
    return next((name for name in found if isinstance(name, str) and CODE.fullmatch(name)), str(position))


def _is_default(field: Field[Any], value: object) -> bool:
    if field.default_factory is not MISSING:
        return bool(value == field.default_factory())
    return field.default is not MISSING and value == field.default

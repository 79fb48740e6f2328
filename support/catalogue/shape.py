"""Plain data to frozen dataclasses: the dataclass is the schema, and all problems are collected."""

import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from support.catalogue.plain import CODE, NAMES, step
from support.catalogue.problems import Checked, Problem, below

TYPES = {str: "text", int: "a whole number", bool: "true or false"}


class Unreadable(Exception):
    """A value that has already been reported and cannot be used."""


class Reader:
    """Reads one file's data. `problems` grows as it reads; `broken` are the lists and tables that lost an element."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.broken: set[str] = set()

    def read(self, kind: Any, data: object, key: str = "") -> Any:
        """A value of type `kind`, as complete as it could be read; Unreadable when nothing could."""
        if is_dataclass(kind) and not hasattr(kind, "parse"):
            return self._part(kind, data, key)
        if get_origin(kind) in (Union, types.UnionType):
            return self.read(next(arg for arg in get_args(kind) if arg is not types.NoneType), data, key)
        if get_origin(kind) is tuple:
            return self._list(get_args(kind)[0], data, key)
        if get_origin(kind) is Mapping:
            names, entries = get_args(kind)
            return self._table(names, entries, data, key)
        return self._word(kind, data, key)

    def refuse(self, key: str, reason: str) -> None:
        self.problems.append(Problem(self.file, key, reason))

    def lost(self, key: str) -> bool:
        """Whether something that belongs at or below `key` could not be read."""
        return any(path == key or path.startswith(f"{key}.") for path in self.broken)

    def _part(self, kind: Any, data: object, key: str) -> Any:
        if not isinstance(data, Mapping):
            raise self._unreadable(key, f"must be a table, not {_described(data)}.")
        known, before = {field.name: field for field in fields(kind)}, len(self.broken)
        for name in data:
            if name not in known:
                self.refuse(below(key, str(name)), f"unknown key; known here: {', '.join(known)}.")
        values = dict(self._fields(get_type_hints(kind), data, key))
        missing = [name for name, field in known.items() if not _optional(field) and name not in values]
        for name in missing:
            if name not in data:
                self.refuse(below(key, name), "is missing.")
        if missing:
            raise Unreadable
        part = kind(**values)
        if isinstance(part, Checked) and len(self.broken) == before:
            for place, reason in part.flaws():
                self.refuse(below(key, place), reason)
        return part

    def _fields(
        self, hints: Mapping[str, Any], data: Mapping[str, object], key: str
    ) -> Iterator[tuple[str, Any]]:
        for name, kind in hints.items():
            if name in data:
                try:
                    yield name, self.read(kind, data[name], below(key, name))
                except Unreadable:
                    self.broken.add(below(key, name))

    def _list(self, kind: Any, data: object, key: str) -> tuple[Any, ...]:
        if not isinstance(data, list | tuple):
            raise self._unreadable(key, f"must be a list, not {_described(data)}.")
        read = []
        for position, entry in enumerate(data, start=1):
            path = below(key, step(entry, position))
            try:
                read.append((path, self.read(kind, entry, path)))
            except Unreadable:
                self.broken.add(key)
        self._names(read)
        return tuple(value for _, value in read)

    def _names(self, read: list[tuple[str, Any]]) -> None:
        """Each code or key of a list can be typed, and is there once; a plain value is there once."""
        seen = set()
        for path, value in read:
            name, end = _name(value)
            if name is None:
                continue
            if end and not CODE.fullmatch(name):
                self.refuse(below(path, end), f'"{name}" must be letters, digits, "-" and "_" only.')
            if name in seen:
                self.refuse(below(path, end), f'"{name}" is there twice.')
            seen.add(name)

    def _table(self, names: Any, kind: Any, data: object, key: str) -> Mapping[Any, Any]:
        if not isinstance(data, Mapping):
            raise self._unreadable(key, f"must be a table, not {_described(data)}.")
        read = {}
        for name, entry in data.items():
            path = below(key, str(name))
            try:
                read[self.read(names, name, path)] = self.read(kind, entry, path)
            except Unreadable:
                self.broken.add(key)
        # jsonb keeps no order of keys, so a table has one of its own.
        order = list(names) if issubclass(names, StrEnum) else sorted(read)
        return {name: read[name] for name in order if name in read}

    def _word(self, kind: Any, data: object, key: str) -> Any:
        if kind in TYPES:
            if type(data) is not kind:
                raise self._unreadable(key, f"must be {TYPES[kind]}, not {_described(data)}.")
            if data == "" or (kind is str and str(data) != str(data).strip()):
                raise self._unreadable(key, "must not be blank, nor begin or end with a space.")
            return data
        if not isinstance(data, str):
            raise self._unreadable(key, f"must be text, not {_described(data)}.")
        parse: Callable[[str], Any] = kind.parse if hasattr(kind, "parse") else _member(kind)
        try:
            return parse(data)
        except ValueError as error:
            raise self._unreadable(key, str(error)) from None

    def _unreadable(self, key: str, reason: str) -> Unreadable:
        self.refuse(key, reason)
        return Unreadable(reason)


def _member(kind: type[StrEnum]) -> Callable[[str], StrEnum]:
    def parse(text: str) -> StrEnum:
        try:
            return kind(text)
        except ValueError:
            raise ValueError(f'"{text}" is not one of: {", ".join(kind)}.') from None

    return parse


def _optional(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _name(value: object) -> tuple[str | None, str]:
    for end in NAMES:
        if isinstance(name := getattr(value, end, None), str):
            return name, end
    return (value, "") if isinstance(value, str) else (None, "")


def _described(data: object) -> str:
    if isinstance(data, Mapping):
        return "a table"
    return "a list" if isinstance(data, list) else f'{TYPES.get(type(data), "a value")} "{data}"'

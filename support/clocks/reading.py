"""Facts as they were stored, up-cast to the newest version of their kind and checked against its dataclass."""

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from support.clocks.effects import Kind
from support.clocks.events import BadFacts, UnknownKind
from support.clocks.facts import Facts
from support.clocks.vocabulary import KINDS

# (kind, version) → the facts of that version written as the next one; stored events are never rewritten.
UPCASTS: dict[tuple[str, int], Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {}

# A code, an id, a hash, an instant or "code@3": no room for a sentence or an address.
CODE = re.compile(r"[A-Za-z0-9_.:+/=#-]{0,128}(@\d+)?")


def kind_of(name: str) -> Kind:
    """The kind with this name; UnknownKind when the vocabulary has none."""
    try:
        return KINDS[name]
    except KeyError:
        raise UnknownKind(f"no kind of event is called {name!r}") from None


def read(kind: str, version: int, stored: Mapping[str, Any]) -> Facts:
    """The facts as a value of the kind's dataclass. UnknownKind; BadFacts when they are not of this kind and version."""
    known = kind_of(kind)
    if not 1 <= version <= known.version:
        raise BadFacts(f"{kind}: version {version} is not one of 1 to {known.version}")
    for older in range(version, known.version):
        stored = UPCASTS[kind, older](stored)
    hints, required = _shape(kind)
    if unknown := stored.keys() - hints.keys():
        raise BadFacts(f"{kind}: unknown facts {', '.join(sorted(unknown))}")
    if missing := required - stored.keys():
        raise BadFacts(f"{kind}: facts {', '.join(sorted(missing))} are missing")
    return known.facts(**{name: _value(kind, name, hints[name], given) for name, given in stored.items()})


@cache
def _shape(kind: str) -> tuple[dict[str, Any], frozenset[str]]:
    shape = KINDS[kind].facts
    required = {f.name for f in fields(shape) if f.default is MISSING and f.default_factory is MISSING}
    return get_type_hints(shape), frozenset(required)


def _value(kind: str, name: str, hint: Any, given: Any) -> Any:
    try:
        return _read(hint, given)
    except (TypeError, ValueError) as error:
        raise BadFacts(f"{kind}: {name}: {error}") from None


def _read(hint: Any, given: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _any_of(get_args(hint), given)
    if origin is tuple:
        return tuple(_read(get_args(hint)[0], each) for each in _listed(given))
    if origin is not None:
        return {_read(str, key): _read(str, value) for key, value in dict(given).items()}
    if hint is datetime:
        return _instant(given)
    if issubclass(hint, StrEnum):
        return hint(given)
    if type(given) is not hint:
        raise ValueError(f"{given!r} is no {hint.__name__}")
    if hint is str and not CODE.fullmatch(given):
        raise ValueError("facts hold ids and codes, never text or addresses")
    return given


def _any_of(hints: tuple[Any, ...], given: Any) -> Any:
    if given is None and type(None) in hints:
        return None
    wanted = [hint for hint in hints if hint is not type(None)]
    fitting = [hint for hint in wanted if type(given) is hint]
    return _read((fitting or wanted)[0], given)


def _listed(given: Any) -> list[Any]:
    if not isinstance(given, list | tuple):
        raise ValueError(f"{given!r} is not a list")
    return list(given)


def _instant(given: Any) -> datetime:
    read = given if isinstance(given, datetime) else datetime.fromisoformat(given)
    if read.tzinfo is None:
        raise ValueError(f"{given} has no time zone")
    return read.astimezone(UTC)

"""Where a definition comes from and what it says in words: its document, its readings, its contradictions, its lists."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """The published document; `sections` gives each a short key, which every figure names."""

    code: str
    title: str
    sections: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """A place where the document is unclear: what was chosen, and why one had to choose."""

    key: str
    chosen: str
    why: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A place where the document disagrees with itself, and how it is treated until somebody decides."""

    key: str
    says: str
    treated: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list that people tick, choose or cite; the code stays when the words change."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """Steps or things that belong together, such as one phase of bringing a customer in; `roles` take part."""

    code: str
    title: str
    items: tuple[Item, ...]
    section: str = ""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Provision:
    """A further term of the service that agents and managers must know and no clock depends on."""

    code: str
    text: str
    section: str
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """What the service review covers; `every` is in words where the parties agree it."""

    every: str
    section: str
    sections: tuple[Item, ...] = ()

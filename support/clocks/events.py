"""One entry of a ticket's timeline as a plain value: what a fold reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from support.clocks.terms import Subject


class FoldError(ValueError):
    """This event cannot be folded onto what came before it."""


class UnknownKind(FoldError):
    """The vocabulary has no such kind of event."""


class BadFacts(FoldError):
    """The facts are not those of this kind and version."""


class OutOfOrder(FoldError):
    """The event comes before one that is already folded."""


class ActorKind(StrEnum):
    STAFF = "staff"
    CONTACT = "contact"
    SYSTEM = "system"


class SubjectRef(NamedTuple):
    """What an event or a clock is about: the ticket itself, or an engagement, a vendor case or an outage on it."""

    kind: Subject
    id: str | int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Event:
    """`facts` are JSON values, written under `version` of the kind. `at` is given aware and kept in UTC; it is before an
    earlier event's only when `imported`. Events of one ticket fold in order of `seq`."""

    seq: int
    kind: str
    version: int
    subject: SubjectRef
    at: datetime
    facts: Mapping[str, Any]
    actor: ActorKind
    imported: bool = False

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"event {self.seq}: {self.at.isoformat()} has no time zone")
        if self.at.tzinfo is not UTC:
            object.__setattr__(self, "at", self.at.astimezone(UTC))


class Cause(NamedTuple):
    """The event that did something to a clock."""

    seq: int
    kind: str

    @classmethod
    def of(cls, event: Event) -> "Cause":
        return cls(event.seq, event.kind)

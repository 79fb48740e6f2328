"""What people are asked: typed fields, when each is asked, and the sheet that goes up with a ticket."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from support.catalogue.problems import Flaw, below


class FieldType(StrEnum):
    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    CHOICE = "choice"
    DATETIME = "datetime"
    YES_NO = "yes/no"
    NUMBER = "number"
    FILE = "file"


class Asked(StrEnum):
    OPENING = "opening"
    PRIORITY_CHANGE = "priority_change"
    ONSITE = "onsite"
    REMOTE_ACCESS = "remote_access"


@dataclass(frozen=True, slots=True)
class Condition:
    """Asked only when an earlier field has this answer; for yes/no fields the answer is "yes" or "no"."""

    field: str
    answer: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `several` allows more than one answer, such as screenshots; `lines` above 1 is a text area."""

    code: str
    label: str
    type: FieldType
    required: bool
    choices: tuple[str, ...] = ()
    help: str = ""
    lines: int = 1
    several: bool = False
    when: Condition | None = None

    def answers(self) -> tuple[str, ...]:
        return ("yes", "no") if self.type is FieldType.YES_NO else self.choices

    def flaws(self) -> Iterator[Flaw]:
        if (self.type is FieldType.CHOICE) != bool(self.choices):
            yield "choices", "a choice has choices, and nothing else has."
        if self.lines < 1:
            yield "lines", "must be 1 or more."


@dataclass(frozen=True, slots=True)
class Form:
    """The fields asked at one moment of a ticket's life."""

    asked: Asked
    section: str
    fields: tuple[Field, ...]
    reading: str = ""

    def flaws(self) -> Iterator[Flaw]:
        yield from condition_flaws(self.fields, "fields")


@dataclass(frozen=True, slots=True)
class FaultReport:
    """The sheet without which a ticket does not go up to these support levels; for `complete` ones in full."""

    going_to: tuple[int, ...]
    complete: tuple[int, ...]
    section: str
    fields: tuple[Field, ...]

    def flaws(self) -> Iterator[Flaw]:
        yield from condition_flaws(self.fields, "fields")
        for level in self.complete:
            if level not in self.going_to:
                yield "complete", f"level {level} is not among the levels that need the sheet."


def condition_flaws(fields: Sequence[Field], key: str) -> Iterator[Flaw]:
    """A condition looks at a field above it and at an answer which that field can have."""
    above: dict[str, Field] = {}
    for field in fields:
        if field.when is not None:
            asked = above.get(field.when.field)
            if asked is None:
                yield (
                    below(key, f"{field.code}.when.field"),
                    f'"{field.when.field}" is not a field asked before.',
                )
            elif field.when.answer not in asked.answers():
                yield (
                    below(key, f"{field.code}.when.answer"),
                    f'"{field.when.answer}" is not an answer of it.',
                )
        above[field.code] = field

"""What every kind of the book shares: its columns, its rows' keys, and what a row would write."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models

from billing.book.cells import Column
from support.desk.csv_log import Unreadable


@dataclass(frozen=True, slots=True)
class Row:
    """A row that could be read: its values by column, without those that say nothing."""

    line: int
    cells: tuple[str, ...]
    said: Mapping[str, object]

    def get(self, name: str, default: object = ...) -> object:
        return self.said.get(name, default)


@dataclass(slots=True)
class Draft:
    """What a row would write and remove, the main row first; `resolved` names the fields that were looked up."""

    main: models.Model
    writes: list[models.Model] = field(default_factory=list)
    goes: list[models.Model] = field(default_factory=list)
    resolved: frozenset[str] = frozenset()
    created: bool = False

    def put(self, row: models.Model, values: Mapping[str, object]) -> None:
        """Give the row these values; it is written where that changes it."""
        if row.pk is None or not all(_says(row, name, value) for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            self.writes.append(row)

    def check(self) -> None:
        """As full_clean, without asking again for what was looked up. Raises Unreadable with the first sentence."""
        for row in self.writes:
            try:
                row.clean_fields(exclude=self.resolved)
                row.clean()
                row.validate_unique()
                row.validate_constraints()
            except ValidationError as error:
                raise Unreadable(_sentence(error)) from None


class Kind:
    """One kind of row, and what a batch of its rows refers to, looked up by few queries."""

    columns: Sequence[Column]

    @staticmethod
    def key(said: Mapping[str, object]) -> Hashable:
        """Two rows of one key are about the same thing."""
        raise NotImplementedError

    @staticmethod
    def in_order(rows: Sequence[Row]) -> Sequence[Row]:
        return rows

    @staticmethod
    def gives(row: Row) -> set[Hashable]:
        """What other rows of the file may hang on once this one is taken."""
        return set()

    @staticmethod
    def needs(row: Row) -> set[Hashable]:
        """What of other rows it hangs on: those are judged before it."""
        return set()

    def __init__(self, rows: Iterable[Row]) -> None:
        raise NotImplementedError

    def draft(self, row: Row) -> Draft:
        """Raises Unreadable where the row names what is not there."""
        raise NotImplementedError

    def keep_in_mind(self, draft: Draft) -> None:
        """A row that was just taken, for those after it."""


def begun(found: models.Model | None, new: models.Model, resolved: Iterable[str] = ()) -> Draft:
    """A draft on a copy of what is there, so that a refusal leaves no trace; else on the new row."""
    return Draft(copy(found) if found else new, resolved=frozenset(resolved), created=found is None)


def plain(row: Row, *names: str) -> dict[str, object]:
    """The values of these columns, where the row says something."""
    return {name: row.said[name] for name in names if name in row.said}


def _says(row: models.Model, name: str, value: object) -> bool:
    found = getattr(row, row._meta.get_field(name).attname)
    return found == (value.pk if isinstance(value, models.Model) else value)


def _sentence(error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return error.messages[0].rstrip(".")
    name, messages = next(iter(error.message_dict.items()))
    said = messages[0].rstrip(".")
    return said if name == "__all__" else f"{name}: {said}"

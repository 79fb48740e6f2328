"""What a source gives the morning page: a number that is the length of a list, the list's address, and its first lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Window

SHOWN = 4  # lines of a section; the rest are on its list
Says = Callable[[int], str]  # what stands beside so many
BAD, WARN = "bad", "warn"


@dataclass(frozen=True, slots=True)
class Line:
    """One row in short. `mark` says how late it is or since when; `since` is when it began to wait."""

    url: str
    title: str
    about: str
    mark: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """`url` is a list with exactly `count` rows; `tone` and `icon` are for a count above none; `needs` somebody now."""

    key: str
    title: str
    says: str
    icon: str
    tone: str
    url: str
    count: int
    lines: Sequence[Line]
    needs: bool = True


def first(rows: QuerySet, line: Callable[[Any], Line]) -> tuple[int, list[Line]]:
    """How many rows there are and the first of them as lines, by one query."""
    found = list(rows.annotate(counted=Window(Count("pk")))[:SHOWN])
    return (found[0].counted if found else 0), [line(row) for row in found]

"""Why a clock was due when it was, in words that a customer understands, from the segments stored with the clock."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from support.explaining.background import Background, background
from support.explaining.rows import Row, rows
from support.explaining.sentences import sentences
from support.explaining.words import KINDS
from support.models.clocks import Clock

__all__ = ["KINDS", "Background", "Explanation", "Row", "background", "explain"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The sentence says the promise, what happened to it and how it ended; `minutes` is what counted in all."""

    sentence: str
    rows: tuple[Row, ...]
    minutes: float


def explain(
    clock: Clock,
    zone: tzinfo,
    known: Background | None = None,
    *,
    at: datetime | None = None,
    past: bool = False,
) -> Explanation:
    """Why this clock was due when it was, instants in this zone. For many clocks ask `background` once for all.

    With `at`, a clock that runs and was due by then is said to be late; where that is `past`, to have been late then.
    """
    known = known or background([clock])
    told = tuple(rows(clock, zone, known))
    return Explanation(
        " ".join(sentences(clock, zone, known, at, past)), told, sum(row.minutes for row in told)
    )

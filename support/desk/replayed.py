"""What a replay found, as figures that a command prints and a page shows."""

from collections import Counter
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from support.catalogue.definition import Definition
from support.clocks.terms import ClockKind
from support.desk.replay import Flip, Replayed, why

WORDS = ("met", "missed", "running", "unjudged")


def clocks(done: Replayed) -> dict[str, dict[str, dict[str, int]]]:
    """Kind → "now" and "then" → how many are met, missed, running, unjudged; kinds that there are."""
    kinds = [
        kind
        for kind in ClockKind
        if any((kind, word) in found for found in (done.now, done.then) for word in WORDS)
    ]
    return {kind.value: {"now": _sides(done.now, kind), "then": _sides(done.then, kind)} for kind in kinds}


def objectives(done: Replayed, definition: Definition) -> Iterator[tuple[str, str, str, str]]:
    """Measure, share, attained now and then, of each objective of the definition over a clock of tickets."""
    for aim in definition.objectives:
        if aim.measure in set(ClockKind):
            yield (
                str(aim.measure),
                str(aim.share),
                _share(done.now, aim.measure),
                _share(done.then, aim.measure),
            )


def flips(found: Sequence[Flip], zone: ZoneInfo) -> list[dict[str, str]]:
    """Each verdict that would change, and why."""
    return [
        {"number": flip.number, "kind": flip.kind, "was": flip.was, "becomes": flip.becomes, "why": said}
        for flip, said in zip(found, why(found, zone), strict=True)
    ]


def _sides(found: Counter, kind: str) -> dict[str, int]:
    return {word: found[kind, word] for word in WORDS}


def _share(found: Counter, kind: str) -> str:
    met, missed = found[kind, "met"], found[kind, "missed"]
    return f"{100 * met / (met + missed):.1f} %" if met + missed else "nothing judged"

"""How a ticket goes up and out: support levels, the escalation ladder, outages, maintenance and hand-off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from support.catalogue.amounts import Span
from support.catalogue.notes import Item
from support.catalogue.problems import Flaw
from support.catalogue.promises import span_flaws


@dataclass(frozen=True, slots=True)
class SupportLevel:
    level: int
    name: str
    done_by: str
    does: str
    section: str


@dataclass(frozen=True, slots=True)
class Rung:
    """One level of the ladder; the next may be raised `before_next` after this one at the earliest."""

    level: int
    name: str
    section: str
    before_next: Span | None = None
    calendar: str = ""
    reading: str = ""

    def flaws(self) -> Iterator[Flaw]:
        if self.before_next is not None:
            yield from span_flaws(self.before_next, self.calendar, "before_next")


@dataclass(frozen=True, slots=True)
class Ladder:
    """`grounds` are what may be cited; outside `contact_hours` (a calendar) the `fallback` takes the escalation."""

    section: str
    grounds: tuple[Item, ...]
    levels: tuple[Rung, ...]
    reason_required: bool = False
    contact_hours: str = ""
    fallback: str = ""

    def flaws(self) -> Iterator[Flaw]:
        yield from level_flaws([rung.level for rung in self.levels], "levels")
        for rung in self.levels[:-1]:
            if rung.before_next is None:
                yield f"levels.{rung.level}.before_next", "is missing: a further level follows this one."
        if not self.grounds:
            yield "grounds", "must name at least one ground for an escalation."
        if bool(self.contact_hours) != bool(self.fallback):
            yield "fallback", "contact hours and who takes escalations outside them are given together."


@dataclass(frozen=True, slots=True)
class Cadence:
    """The first notice after the outage is found, and the interval of those that follow."""

    priority: str
    first: Span
    every: Span
    section: str
    reading: str = ""

    def flaws(self) -> Iterator[Flaw]:
        yield from span_flaws(self.first, "", "first")
        yield from span_flaws(self.every, "", "every")


@dataclass(frozen=True, slots=True)
class Outage:
    audience: str
    contents: tuple[Item, ...]
    bridge: str
    closing: str
    section: str
    cadence: tuple[Cadence, ...]


@dataclass(frozen=True, slots=True)
class Maintenance:
    """A window announced at least this long before it begins stops the fix clock; a later one stops nothing."""

    announced: Span
    audience: str
    contents: tuple[Item, ...]
    section: str
    reading: str = ""

    def flaws(self) -> Iterator[Flaw]:
        yield from span_flaws(self.announced, "", "announced")


@dataclass(frozen=True, slots=True)
class Region:
    code: str
    name: str
    calendar: str


@dataclass(frozen=True, slots=True)
class Handoff:
    """Regions that pass tickets of these priorities on to one another as their hours end."""

    priorities: tuple[str, ...]
    regions: tuple[Region, ...]
    rule: str
    section: str
    reading: str = ""


def level_flaws(levels: Sequence[int], key: str) -> Iterator[Flaw]:
    """Levels are 1..n, in order, without a gap."""
    if list(levels) != list(range(1, len(levels) + 1)) or not levels:
        yield key, f"levels must be 1, 2, 3 … without a gap; found {', '.join(map(str, levels)) or 'none'}."

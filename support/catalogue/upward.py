"""How a ticket goes up and out: support levels, the escalation ladder, outages and their reports, maintenance and hand-off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from support.catalogue.amounts import Span
from support.catalogue.notes import Item
from support.catalogue.problems import Flaw
from support.catalogue.promises import span_flaws
from support.clocks.terms import ClockKind


@dataclass(frozen=True, slots=True)
class SupportLevel:
    """A ticket on this level whose clock of one of these kinds `passes_on` is missed goes up by itself."""

    level: int
    name: str
    done_by: str
    does: str
    section: str
    passes_on: tuple[ClockKind, ...] = ()
    reading: str = ""


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


class Asks(StrEnum):
    CLOCK = "clock"  # which target was missed
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Ground:
    """What may be cited, and what whoever cites it has to say with it."""

    code: str
    text: str
    asks: Asks | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """Outside `contact_hours` (a calendar) the `fallback` takes the escalation.

    `not_accepted` is what an escalation is declined with; a miss of an `automatic` kind of clock raises level 1 by itself.
    """

    section: str
    grounds: tuple[Ground, ...]
    levels: tuple[Rung, ...]
    reason_required: bool = False
    contact_hours: str = ""
    fallback: str = ""
    not_accepted: tuple[Item, ...] = ()
    automatic: tuple[ClockKind, ...] = ()
    reading: str = ""

    def flaws(self) -> Iterator[Flaw]:
        yield from level_flaws([rung.level for rung in self.levels], "levels")
        for rung in self.levels[:-1]:
            if rung.before_next is None:
                yield f"levels.{rung.level}.before_next", "is missing: a further level follows this one."
        if not self.grounds:
            yield "grounds", "must name at least one ground for an escalation."
        if self.automatic and all(ground.asks is not Asks.CLOCK for ground in self.grounds):
            yield (
                "automatic",
                "a missed clock raises a level on a ground that asks for a clock; there is none.",
            )
        if bool(self.contact_hours) != bool(self.fallback):
            yield "fallback", "contact hours and who takes escalations outside them are given together."


@dataclass(frozen=True, slots=True)
class Engineering:
    """The support level that is engineering: of these `priorities` management is told side by side, the rest is reviewed
    `every` so often, by business impact."""

    level: int
    priorities: tuple[str, ...]
    every: Span
    section: str

    def flaws(self) -> Iterator[Flaw]:
        yield from span_flaws(self.every, "", "every")


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


class After(StrEnum):
    TICKET = "ticket"
    OUTAGE = "outage"


@dataclass(frozen=True, slots=True)
class Reported:
    what: After
    priorities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """What the customer is told in writing `within` this time of the end: what happened, why, and what is done about it."""

    after: tuple[Reported, ...]
    within: Span
    section: str
    calendar: str = ""
    reading: str = ""

    def flaws(self) -> Iterator[Flaw]:
        yield from span_flaws(self.within, self.calendar, "within")

    def owed(self, what: After) -> tuple[str, ...]:
        """The priorities after whose tickets, or outages, one is owed."""
        return tuple(code for each in self.after if each.what is what for code in each.priorities)


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
    """`covers` says what it takes besides, `phone` how it is reached: what a desk starts with, and changes as its own."""

    code: str
    name: str
    calendar: str
    covers: str = ""
    phone: str = ""


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

"""What a service covers, what happens to the rest, and the paid engagement on top of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from support.catalogue.amounts import Price, Span
from support.catalogue.notes import Item
from support.catalogue.problems import Flaw
from support.clocks.terms import Base


class Verdict(StrEnum):
    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    CASE_BY_CASE = "case_by_case"


class CspType(StrEnum):
    NONE = "none"
    DIRECT = "direct"
    INDIRECT = "indirect"
    OTHER = "other"


class Ask(StrEnum):
    """What a way asks for before it is taken, or while it is."""

    AGREED = "agreed"  # with whom of the customer or partner, and when
    CONSULTED = "consulted"  # the head of support
    ESTIMATE = "estimate"
    ORDER = "order"  # the number of a purchase order, after the estimate
    ACCREDITED = "accredited"  # a partner whose accreditation holds: the customer's, or the customer himself
    MANAGER = "manager"  # a support manager's yes


CLOSES = ("non_product", "redirected")


@dataclass(frozen=True, slots=True)
class Way:
    """Where work goes that is out of scope. `closes` is the ticket's outcome where it ends there; `message` is written to the customer then."""

    code: str
    text: str
    closes: str = ""
    asks: tuple[Ask, ...] = ()
    message: str = ""

    def flaws(self) -> Iterator[Flaw]:
        if self.closes and self.closes not in CLOSES:
            yield "closes", f"must be one of {', '.join(CLOSES)}."
        if Ask.ORDER in self.asks and Ask.ESTIMATE not in self.asks:
            yield "asks", "names an order without the estimate that it is for."


@dataclass(frozen=True, slots=True)
class ScopeItem:
    """A kind of work that an agent cites when deciding; without `csp_types` it holds for every customer."""

    code: str
    text: str
    verdict: Verdict
    csp_types: tuple[CspType, ...] = ()
    outcome: str = ""
    chargeable: bool = False
    section: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """`outcomes` are offered when work is out of scope; `override` says who may decide otherwise, and how."""

    section: str
    items: tuple[ScopeItem, ...]
    outcomes: tuple[Way, ...]
    steps: tuple[Item, ...] = ()
    override: str = ""
    reading: str = ""

    def flaws(self) -> Iterator[Flaw]:
        outcomes = {outcome.code for outcome in self.outcomes}
        for item in self.items:
            if item.outcome and item.outcome not in outcomes:
                yield f"items.{item.code}.outcome", f'"{item.outcome}" is not an outcome of this scope.'
        if not self.outcomes:
            yield "outcomes", "must name at least one outcome for work that is out of scope."


@dataclass(frozen=True, slots=True)
class EngagementKind:
    """What an engagement is about, the priorities it may have, and the one it starts with."""

    code: str
    name: str
    priorities: tuple[str, ...]
    default: str
    reading: str = ""

    def flaws(self) -> Iterator[Flaw]:
        if self.default not in self.priorities:
            yield "default", f'"{self.default}" is not among the priorities of this kind.'


@dataclass(frozen=True, slots=True)
class Rate:
    """What an hour costs and how time is rounded unless a contract's own rate card says otherwise."""

    hourly: Price
    increment: Span
    rounding: str
    section: str
    reading: str = ""

    def flaws(self) -> Iterator[Flaw]:
        if self.increment.base is not Base.ELAPSED or self.increment.seconds % 60:
            yield "increment", "must be whole minutes of work."


@dataclass(frozen=True, slots=True)
class Engagement:
    """Work outside the contract: `terms` must stand in every offer, and no work starts before the consent."""

    consent: str
    rate: Rate
    kinds: tuple[EngagementKind, ...]
    terms: tuple[Item, ...]
    section: str


@dataclass(frozen=True, slots=True)
class Vendor:
    """The vendor's part: which definition runs its clocks, who opens a case, and what the provider does for it."""

    section: str
    opened_by: str
    service: str = ""
    help: tuple[Item, ...] = ()

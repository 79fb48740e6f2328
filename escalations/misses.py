"""Every miss of a month with its explanation, and whose it was."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from escalations.attribution import Whose
from escalations.blame import Known, judge, known_of
from escalations.rewinding import as_of
from support import explaining, saying
from support.clocks.terms import ClockKind
from support.clocks.verdicts import Attribution, ClockState
from support.models import Clock, Customer


@dataclass(frozen=True, slots=True)
class Miss:
    ticket: str
    priority: str
    kind: str
    clock: str
    late_by: str
    why: str
    rows: tuple[explaining.Row, ...]
    whose: str
    whose_why: str
    reclassified: bool


@dataclass(frozen=True, slots=True)
class Share:
    """How many misses of a month are one side's, and of which clocks; those counted apart come last."""

    whose: str
    n: int
    clocks: str


def misses(
    clocks: Iterable[Clock], customer: Customer, us: str, at: datetime, zone: tzinfo, *, over: bool = False
) -> tuple[Miss, ...]:
    """In the order of the clocks given, as they stood at `at`: the end of a month that is `over`, or now. Seven queries at most
    for all."""
    clocks = [as_of(clock, at) for clock in clocks]
    known, blamed = explaining.background(clocks), known_of(clocks)
    return tuple(_miss(clock, customer, us, at, zone, known, blamed, over) for clock in clocks)


def shares(found: Iterable[Miss]) -> Iterator[Share]:
    """Whose the misses were, the most first."""
    clocks: dict[tuple[bool, str], Counter] = {}
    for miss in found:
        clocks.setdefault((miss.reclassified, miss.whose), Counter())[miss.kind] += 1
    for (_apart, whose), kinds in sorted(
        clocks.items(), key=lambda each: (each[0][0], -each[1].total(), each[0][1])
    ):
        each = ", ".join(f"{kind} {n}" for kind, n in kinds.most_common())
        yield Share(whose, kinds.total(), each)


def _miss(
    clock: Clock, customer: Customer, us: str, at: datetime, zone: tzinfo, known, blamed: Known, over: bool
) -> Miss:
    told = judge(clock, blamed, at, zone)
    explanation = explaining.explain(clock, zone, known, at=at, past=over)
    target = clock.detail["target"]
    reclassified = clock.attributed_to == Attribution.RECLASSIFICATION
    return Miss(
        ticket=clock.ticket.number,
        priority=clock.priority,
        kind=f"{explaining.KINDS[ClockKind(clock.kind)]}",
        clock=_("%(kind)s, %(span)s")
        % {
            "kind": explaining.KINDS[ClockKind(clock.kind)],
            "span": saying.span(target["amount"], target["base"]),
        },
        late_by=_("counted apart") if reclassified else _late_by(clock, over),
        why=explanation.sentence,
        rows=explanation.rows,
        whose=_whose(told, customer, us),
        whose_why=told.why,
        reclassified=reclassified,
    )


def _late_by(clock: Clock, over: bool) -> str:
    if clock.stopped_at is None:
        return _("not done in the month") if over else _("not done yet")
    minutes = (clock.stopped_at - clock.due_at).total_seconds() / 60
    if minutes <= 0:
        return _("set by a manager")
    if clock.state != ClockState.STOPPED:  # called off or changed: nobody did it then
        return _("not done, over after %(long)s") % {"long": saying.duration(minutes)}
    return saying.duration(minutes)


def _whose(told: Whose, customer: Customer, us: str) -> str:
    match told.attribution:
        case Attribution.CUSTOMER_WAIT:
            return customer.name
        case Attribution.VENDOR:
            return told.vendor or _("Vendor")
        case Attribution.RECLASSIFICATION:
            return _("Change of priority")
    return us

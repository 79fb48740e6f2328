"""Every miss of a month with its explanation, and whose it was."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from support import explaining, saying
from support.clocks.terms import ClockKind, Owes
from support.clocks.verdicts import Attribution
from support.models import Clock, Customer


@dataclass(frozen=True, slots=True)
class Miss:
    ticket: str
    priority: str
    clock: str
    late_by: str
    why: str
    rows: tuple[explaining.Row, ...]
    whose: str
    reclassified: bool


def misses(clocks: list[Clock], customer: Customer, us: str, at: datetime, zone: tzinfo) -> tuple[Miss, ...]:
    """In the order of the clocks given; three queries for all."""
    known = explaining.background(clocks)
    return tuple(_miss(clock, customer, us, at, zone, known) for clock in clocks)


def _miss(clock: Clock, customer: Customer, us: str, at: datetime, zone: tzinfo, known) -> Miss:
    explanation = explaining.explain(clock, zone, known, at=at)
    target = clock.detail["target"]
    reclassified = clock.attributed_to == Attribution.RECLASSIFICATION
    return Miss(
        ticket=clock.ticket.number,
        priority=clock.priority,
        clock=_("%(kind)s, %(span)s")
        % {
            "kind": explaining.KINDS[ClockKind(clock.kind)],
            "span": saying.span(target["amount"], target["base"]),
        },
        late_by=_("counted apart") if reclassified else _late_by(clock),
        why=explanation.sentence,
        rows=explanation.rows,
        whose=_whose(clock, customer, us),
        reclassified=reclassified,
    )


def _late_by(clock: Clock) -> str:
    if clock.stopped_at is None:
        return _("not done yet")
    minutes = (clock.stopped_at - clock.due_at).total_seconds() / 60
    return saying.duration(minutes) if minutes > 0 else _("set by a manager")


def _whose(clock: Clock, customer: Customer, us: str) -> str:
    """What the fold attributed it to; a clock that is late and still runs is its debtor's."""
    match clock.attributed_to or clock.owed_by:
        case Attribution.CUSTOMER_WAIT | Owes.CUSTOMER:
            return customer.name
        case Attribution.VENDOR:
            return _("Vendor")
        case Attribution.RECLASSIFICATION:
            return _("Change of priority")
    return us

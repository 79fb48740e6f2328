"""Before a case is opened: what each of the vendor's severities would leave of our promises."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from escalations import vendors
from escalations.models import Party
from escalations.slack import slack
from support import saying
from support.clocks.terms import ClockKind, Owes
from support.desk.deadlines import Question, deadlines
from support.explaining.words import KINDS
from support.forms.priority import priority_name
from support.models import Ticket


@dataclass(frozen=True, slots=True)
class Foreseen:
    """If a case were opened now at this severity: when the vendor would owe his answer, beside our first promise."""

    severity: str
    meaning: str
    answer: str
    ours: str
    slack: str
    too_late: bool


def foreseen(ticket: Ticket, at: datetime, zone: tzinfo) -> list[Foreseen]:
    """One row for each severity of the vendor's definition; none where there is no definition."""
    service = vendors.definition_for(ticket, Party.MICROSOFT)
    if service is None:
        return []
    ours = [
        clock for clock in ticket.clocks.all() if clock.state == "running" and clock.owed_by == Owes.PROVIDER
    ]
    first = min(ours, key=lambda clock: clock.due_at, default=None)
    asked = [
        (step, Question(service, step.code, at, contract=ticket.contract))
        for step in vendors.severities(service)
    ]
    return [_foreseen(step, _answer(question, zone), first, at) for step, question in asked]


def _answer(question: Question, zone: tzinfo) -> datetime | None:
    told = deadlines(question, zone)
    return next((each.due for each in told if each.kind == ClockKind.VENDOR_RESPONSE), None)


def _foreseen(step, answer: datetime | None, first, at: datetime) -> Foreseen:
    left = slack(first.due_at, answer, at) if first else None
    minutes = left.total_seconds() / 60 if left is not None else None
    return Foreseen(
        severity=priority_name(step),
        meaning=step.meaning,
        answer=saying.here(answer, at) if answer else "",
        ours=f"{KINDS[ClockKind(first.kind)]}, {saying.here(first.due_at, at)}" if first else "",
        slack="" if minutes is None else f"{'−' if minutes < 0 else '+'}{saying.duration(abs(minutes))}",
        too_late=minutes is not None and minutes < 0,
    )

"""A small October of one customer in London, worked out by hand."""

from zoneinfo import ZoneInfo

from escalations.figures import MONTHS
from escalations.months import Month
from escalations.review import review
from support import timeline
from support.desk import priority
from support.models import Message
from tests.factories import ANA
from tests.support.desk_cases import contract_under, raise_ticket, utc

LONDON = ZoneInfo("Europe/London")
OCTOBER = Month(2026, 10, LONDON)


def up_to(month):
    """The months of a review of one who never moved."""
    return tuple(month.back(n) for n in reversed(range(MONTHS)))


def ticket(contract, opened, level, **does):
    """Opened at one instant; `replied`, `found` (troubleshooting done), `raised` (level, instant) and `resolved` at others."""
    row = raise_ticket(contract, utc(opened), priority=level)
    steps = {
        "replied": lambda at: Message.reply(row, "Looking.", by=ANA, at=at),
        "found": lambda at: timeline.record(row, "troubleshoot.done", by=ANA, at=at),
        "high": lambda at: priority.assess(row, "High", by=ANA, at=at),
        "resolved": lambda at: row.resolve(outcome="resolved", by=ANA, at=at),
    }
    for name, at in does.items():
        steps[name](utc(at))
    return row


def small_october(**fields):
    """Five tickets: one from September, one at midnight in London, one reclassified, one late on the last evening.

    | opened (UTC) | level    | response        | troubleshooting     | fix                       |
    | 29 Sep 10:00 | Normal   | met, September  | met, September      | due 6 Oct 15:30, 17 h 30 late |
    | 30 Sep 23:30 | High     | met             | met                 | met                       |
    | 5 Oct 09:00  | High     | met             | met                 | met                       |
    | 10 Oct 09:00 | Low→High | reclassified    | met                 | met                       |
    | 31 Oct 22:00 | Critical | missed, 15 min  | due 23:45, missed   | runs until 2 November     |
    """
    contract = contract_under("exponential-e-ucc", **fields)
    return [
        ticket(
            contract,
            "2026-09-29 10:00",
            "Normal",
            replied="2026-09-29 10:30",
            found="2026-09-29 11:00",
            resolved="2026-10-07 09:00",
        ),
        ticket(
            contract,
            "2026-09-30 23:30",
            "High",
            replied="2026-09-30 23:40",
            found="2026-09-30 23:50",
            resolved="2026-10-01 00:30",
        ),
        ticket(
            contract,
            "2026-10-05 09:00",
            "High",
            replied="2026-10-05 09:20",
            found="2026-10-05 10:00",
            resolved="2026-10-05 12:00",
        ),
        ticket(
            contract,
            "2026-10-10 09:00",
            "Low",
            high="2026-10-10 11:00",
            replied="2026-10-10 11:10",
            resolved="2026-10-10 12:00",
        ),
        ticket(
            contract, "2026-10-31 22:00", "Critical", replied="2026-10-31 22:45", resolved="2026-11-02 08:00"
        ),
    ]


def october_of(customer, at="2026-11-10 09:00", zone=LONDON):
    return review(customer, up_to(OCTOBER), at=utc(at), zone=zone)


def kept(told, name):
    """Met, missed, reclassified, running, not judged; and what that comes to."""
    [line] = [line for line in told.attainment if line.name == name]
    return line.met, line.missed, line.reclassified, line.running, line.unjudged, line.attained

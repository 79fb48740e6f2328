"""The morning page as a whole: every section in its order, and what they come to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from escalations.morning import clocks, handoffs, jobs, ladder, management, outages, reports, vendors
from escalations.morning.section import Section
from support.models import User

# In the order of the page. A source answers one section, by one query, over what is open alone.
SOURCES: tuple[Callable[[User, datetime], Section], ...] = (
    clocks.late,
    clocks.soon,
    handoffs.unaccepted,
    ladder.unacknowledged,
    clocks.updates,
    outages.overdue,
    outages.soon,
    management.undriven,
    vendors.missed,
    reports.late,
    reports.owed,
    jobs.in_trouble,
)


@dataclass(frozen=True, slots=True)
class Morning:
    """`waiting` is how many things need somebody now; the oldest of them has waited since `oldest`."""

    sections: tuple[Section, ...]
    waiting: int
    oldest: datetime | None


def read(user: User, at: datetime) -> Morning:
    sections = tuple(source(user, at) for source in SOURCES)
    needed = [section for section in sections if section.needs]
    begun = [line.since for section in needed for line in section.lines if line.since]
    return Morning(sections, sum(section.count for section in needed), min(begun, default=None))

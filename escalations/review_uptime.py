"""Availability in a service review: each contract's share of the month, the outages that made what is missing, and the maintenance."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from escalations.uptimes import Available, Hit
from support import saying


@dataclass(frozen=True, slots=True)
class Down:
    number: str
    title: str
    when: str
    time: str


@dataclass(frozen=True, slots=True)
class Up:
    """A contract's month; `label` tells it from the customer's others."""

    label: str
    aim: str
    attained: str
    verdict: str
    down: str
    excused: str
    outages: tuple[Down, ...]
    windows: tuple[tuple[str, str], ...]


def ups(found: Iterable[Available], zone: tzinfo) -> Iterator[Up]:
    for each in found:
        yield Up(
            label=each.standing.terms.label,
            aim=f"{each.aim.share}",
            attained=each.attained,
            verdict=each.verdict,
            down=each.down,
            excused=each.excused,
            outages=tuple(
                Down(hit.outage.number, hit.outage.title, when(hit, each.standing.cut, zone), hit.time)
                for hit in each.hits
            ),
            windows=tuple((row.title, saying.period(row.begins_at, row.until, zone)) for row in each.windows),
        )


def when(hit: Hit, cut: datetime, zone: tzinfo) -> str:
    """Until when, where it was over in the month: what ended later had no end when the review was first read."""
    return saying.period(hit.begin, hit.end if hit.end and hit.end <= cut else None, zone)

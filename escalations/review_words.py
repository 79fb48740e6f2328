"""The sentences and key figures of a service review."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from escalations.attainment import HELD, NOT_HELD, Line
from escalations.figures import Silence
from escalations.hours import Hours
from escalations.misses import Miss
from escalations.review_uptime import Up
from support import saying
from support.clocks.terms import ClockKind, Owes

HEADLINES = (ClockKind.RESPONSE, ClockKind.FIX)


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    value: str
    note: str


def lead(opened: int, closed: int, kept: Iterable[Line], available: Iterable[Up] = ()) -> Iterator[str]:
    """What one would say first: how much there was, and which objective was held."""
    if not opened and not closed:
        yield _("No ticket was opened and none was closed.")
    else:
        yield ngettext("%(n)d ticket was opened", "%(n)d tickets were opened", opened) % {
            "n": opened
        } + ngettext(", %(n)d was closed.", ", %(n)d were closed.", closed) % {"n": closed}
    for line in kept:
        facts = {"name": line.name, "aim": line.aim, "attained": line.attained}
        if line.verdict == HELD:
            yield _("%(name)s held its objective of %(aim)s: %(attained)s.") % facts
        elif line.verdict == NOT_HELD:
            yield _("%(name)s did not hold its objective of %(aim)s: %(attained)s.") % facts
    for up in available:
        facts = {"name": up.label, "aim": up.aim, "attained": up.attained}
        if up.verdict == HELD:
            yield _("%(name)s was available %(attained)s of the time, as promised (%(aim)s).") % facts
        elif up.verdict == NOT_HELD:
            yield _("%(name)s was available %(attained)s of the time; promised was %(aim)s.") % facts


def figures(
    opened: Figure, closed: Figure, kept: Iterable[Line], available: Sequence[Up], hours: Hours
) -> Iterator[Figure]:
    """Opened and closed, then response and fix of each service, how much of the time it was up, then what was invoiced
    outside the contract."""
    yield from (opened, closed)
    for line in kept:
        if line.kind in HEADLINES and line.owed_by == Owes.PROVIDER:
            name = f"{line.name}, {line.service}" if line.service else line.name
            note = _("objective %(aim)s") % {"aim": line.aim} if line.aim else _("no objective")
            yield Figure(name, line.attained, note)
    for up in available:
        name = _("Availability, %(name)s") % {"name": up.label} if len(available) > 1 else _("Availability")
        yield Figure(name, up.attained, _("objective %(aim)s") % {"aim": up.aim})
    for money in hours.money:
        several = len(hours.money) > 1  # hours have no currency: they are said where there is one
        used = "" if several else _("%(time)s used") % {"time": saying.duration(hours.used)}
        yield Figure(_("Invoiced"), f"{money}", used)


def missed(misses: Iterable[Miss]) -> str:
    """ "3 misses: Alpine Support 2, Vendor 1. 1 came from a change of priority and is counted apart."."""
    misses = list(misses)
    whose = Counter(miss.whose for miss in misses if not miss.reclassified)
    apart = sum(1 for miss in misses if miss.reclassified)
    said = []
    if whose:
        total = sum(whose.values())
        each = ", ".join(f"{name} {n}" for name, n in whose.most_common())
        said.append(
            ngettext("%(n)d miss: %(each)s.", "%(n)d misses: %(each)s.", total) % {"n": total, "each": each}
        )
    if apart:
        said.append(
            ngettext(
                "%(n)d came from a change of priority and is counted apart.",
                "%(n)d came from a change of priority and are counted apart.",
                apart,
            )
            % {"n": apart}
        )
    return " ".join(said)


def silence(longest: Silence | None, zone: tzinfo) -> str:
    """The longest time between two updates, beside what was promised; "" where none was owed."""
    if longest is None:
        return ""
    minutes = (longest.ended_at - longest.began_at).total_seconds() / 60
    return _(
        "The longest silence was %(long)s: %(ticket)s, priority %(priority)s, %(when)s. Promised was an update every %(span)s."
    ) % {
        "long": saying.duration(minutes),
        "ticket": longest.ticket,
        "priority": longest.priority,
        "when": saying.period(longest.began_at, longest.ended_at, zone),
        "span": saying.span(longest.amount, longest.base),
    }


def times(zone: tzinfo, own: tzinfo) -> str:
    """Whose clock the instants follow, and whose the month."""
    facts = {"zone": saying.zone_name(zone), "own": saying.zone_name(own)}
    if facts["zone"] == facts["own"]:
        return _("Times and month are those of %(zone)s.") % facts
    return _("Times are those of %(zone)s; the month is that of %(own)s.") % facts

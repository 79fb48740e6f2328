"""The escalation ladder: which level comes next on a ticket, from when on, and the sentence that says why not yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from django.utils.translation import gettext as _

from support import saying, versions
from support.catalogue.definition import Definition
from support.catalogue.upward import Ladder, Rung
from support.clocks.calendar import BusinessCalendar
from support.clocks.terms import Base, Owes
from support.clocks.verdicts import Verdict
from support.models import Clock, Event, Ticket
from support.models.clocks import OPEN
from support.refusal import Refused


@dataclass(frozen=True, slots=True)
class Raised:
    """The escalation that a ticket stands on; `not_before` is None where the ladder names no time after its last level."""

    level: int
    raised_at: datetime
    not_before: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a ticket stands on its ladder: on no level, or on the last one raised that is not closed."""

    ladder: Ladder
    last: Raised | None

    @property
    def following(self) -> Rung:
        """The level that comes next; the last one follows itself."""
        reached = self.last.level if self.last else 0
        return self.ladder.levels[min(reached, len(self.ladder.levels) - 1)]

    def is_early(self, at: datetime) -> bool:
        """Whether the next level may not be raised yet; for ever, where no time is named after the last one."""
        return self.last is not None and (self.last.not_before is None or at < self.last.not_before)

    def why_not(self, at: datetime, zone: tzinfo) -> str:
        """ "Level 2 not before 14:20, because level 1 began at 10:20", in this zone; "" when nothing is in the way."""
        if not self.is_early(at) or self.last is None:
            return ""
        began = saying.instant(self.last.raised_at, zone, beside=at)
        if self.last.not_before is None:
            return _(
                "Level %(last)d is the last one and began at %(began)s; no time is named after which to raise it again"
            ) % {"last": self.last.level, "began": began}
        facts = {
            "next": self.following.level,
            "when": saying.instant(self.last.not_before, zone, beside=at),
            "last": self.last.level,
            "began": began,
        }
        if self.following.level == self.last.level:
            return (
                _("Level %(next)d again not before %(when)s, because level %(last)d began at %(began)s")
                % facts
            )
        return _("Level %(next)d not before %(when)s, because level %(last)d began at %(began)s") % facts


def need_ladder(ticket: Ticket) -> Ladder:
    """The ladder of the ticket's service; Refused with the sentence why there is none."""
    if ticket.service is None:
        raise Refused(
            _("Ticket %(number)s runs under no service, so it has no escalation ladder.")
            % {"number": ticket.number}
        )
    ladder = versions.definition(ticket.service).ladder
    if ladder is None:
        raise Refused(_("%(service)s has no escalation ladder.") % {"service": ticket.service.name})
    return ladder


def definition_of(ticket: Ticket) -> Definition:
    """Of the ticket's service; call it where there is one."""
    assert ticket.service is not None
    return versions.definition(ticket.service)


def missed_clocks(ticket: Ticket, at: datetime) -> list[Clock]:
    """The clocks whose miss may be cited: judged as missed, or due and not done; not what the customer owes.

    No query where the clocks were prefetched.
    """
    found = [clock for clock in ticket.clocks.all() if _is_late(clock, at) and clock.owed_by != Owes.CUSTOMER]
    return sorted(found, key=lambda clock: clock.position)


def _is_late(clock: Clock, at: datetime) -> bool:
    is_due = clock.due_at is not None and clock.due_at <= at
    return clock.verdict == Verdict.MISSED or (clock.state in OPEN and is_due)


def next_from(rung: Rung, at: datetime, calendars: Mapping[str, BusinessCalendar]) -> datetime | None:
    """When the level after this one may be raised, if this one is raised at `at`; None where no time is named."""
    if rung.before_next is None:
        return None
    match rung.before_next.base:
        case Base.ELAPSED:
            return at + timedelta(minutes=rung.before_next.amount)
        case Base.BUSINESS:
            return calendars[rung.calendar].due(at, rung.before_next.amount)
    return calendars[rung.calendar].due_business_days(at, rung.before_next.amount)


def fallback_at(ladder: Ladder, at: datetime, calendars: Mapping[str, BusinessCalendar]) -> str:
    """Who takes an escalation instead of the named contacts, who are not there at this instant; "" when they are."""
    if not ladder.contact_hours or calendars[ladder.contact_hours].is_open(at):
        return ""
    return ladder.fallback


def calendars_of(ticket: Ticket, names: set[str]) -> dict[str, BusinessCalendar]:
    """These calendars of its service, at the versions that the ticket's timeline pins."""
    if not names:
        return {}
    pins: dict[str, str] = {}
    moves = Event.objects.filter(ticket=ticket, kind__in=["ticket.opened", "service.moved", "calendar.moved"])
    for event in moves.order_by("seq"):
        pins |= event.facts.get("calendars") or {}
        if event.kind == "calendar.moved":
            pins[event.facts["calendar"]] = event.facts["new"]
    wanted = {name: pins[name] for name in names}
    book = versions.book([], wanted.values())
    return {name: book.calendar(reference) for name, reference in wanted.items()}

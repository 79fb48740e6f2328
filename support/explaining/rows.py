"""The pieces of a clock's life as rows of a table; what counted adds up to the total beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from support import saying
from support.clocks.book import AROUND_THE_CLOCK
from support.clocks.terms import Base
from support.clocks.verdicts import ClockState, Why
from support.explaining.background import Background, causes, ends_of
from support.explaining.words import awaited, holiday
from support.models.clocks import Clock

CHANGE, LEFT = "change", "left"
MINUTE = timedelta(minutes=1)
CHANGES = {
    "effort.switched": gettext_lazy("Other hours of work were agreed"),
    "calendar.moved": gettext_lazy("Another calendar applies"),
    "service.moved": gettext_lazy("Another service applies"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """`why` is a `Why`, or "change" where something changed. `minutes` counted, exactly; the words round them."""

    why: str
    when: str
    what: str
    counted: str
    total: str
    minutes: float = 0

    @property
    def held(self) -> bool:
        """Whether the clock stood still."""
        return self.why in (Why.WAIT, Why.CLOSED)


def rows(clock: Clock, zone: tzinfo, known: Background) -> Iterator[Row]:
    """Segments in order, and what changed between them."""
    changes = sorted((known.instants[clock.ticket_id, seq], seq, kind) for seq, kind in causes(clock))
    counted = 0.0
    for piece in clock.detail["segments"]:
        begin, end = ends_of(piece)
        while changes and changes[0][0] <= begin:
            yield _change(clock, changes.pop(0), counted, zone, known)
        minutes = (end - begin).total_seconds() / 60 if end and piece["why"] == Why.RUNNING else 0
        if end and end - begin < MINUTE and not minutes:
            continue  # nobody can see that it passed
        shown = round(counted + minutes) - round(counted)  # so that the column adds up to its total
        counted += minutes
        when, what = saying.period(begin, end, zone), _what(piece, known)
        yield Row(piece["why"], when, what, saying.duration(shown), _total(counted), minutes)
    for change in changes:
        yield _change(clock, change, counted, zone, known)
    if clock.stopped_at and clock.due_at and clock.stopped_at < clock.due_at:
        yield _not_needed(clock, counted, zone)


def _not_needed(clock: Clock, counted: float, zone: tzinfo) -> Row:
    """What was left to count until the due instant when the clock ended before it: with it the rows add up to the target."""
    target = clock.detail["target"]
    left = target["amount"] - counted if target["base"] != Base.BUSINESS_DAYS else None
    when = saying.period(clock.stopped_at, clock.due_at, zone)
    replaced = clock.state == ClockState.REPLACED
    what = _("Left when a change ended it") if replaced else _("Not needed any more: it had ended")
    if left is None:
        return Row(LEFT, when, what, "", _total(counted))
    return Row(LEFT, when, what, saying.duration(round(left)), _total(counted + left))


def _change(
    clock: Clock, change: tuple[datetime, int, str], counted: float, zone: tzinfo, known: Background
) -> Row:
    at, seq, kind = change
    level = known.levels.get((clock.ticket_id, seq), clock.priority)
    what = CHANGES.get(kind) or _("Priority changed to %(priority)s") % {"priority": level}
    return Row(CHANGE, saying.instant(at, zone, since=clock.started_at), f"{what}", "", _total(counted))


def _total(minutes: float) -> str:
    return saying.duration(round(minutes))


def _what(piece: Mapping, known: Background) -> str:
    calendar = known.calendars.get(piece["calendar"])
    name = calendar.name if calendar else piece["calendar"]
    match piece["why"]:
        case Why.RUNNING if piece["calendar"] == AROUND_THE_CLOCK:
            return _("Counted around the clock")
        case Why.RUNNING:
            return _("Counted: %(calendar)s") % {"calendar": name}
        case Why.WAIT:
            return _("Waiting for %(whom)s") % {"whom": awaited(piece, known)}
        case Why.OVERDUE:
            return _("Overdue")
    if piece["holidays"]:
        days = saying.listed([holiday(*day) for day in piece["holidays"]])
        return _("Outside %(calendar)s: %(holidays)s") % {"calendar": name, "holidays": days}
    return _("Outside %(calendar)s") % {"calendar": name}

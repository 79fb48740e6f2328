"""What the segments of stored clocks name by id or reference, fetched for many clocks at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from support.catalogue import reading
from support.catalogue.calendars import Calendar
from support.clocks.book import reference
from support.models.clocks import Clock
from support.models.definitions import CalendarVersion
from support.models.events import Event
from support.models.waits import Wait

Cause = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Background:
    """Texts of waits, calendars by reference, instants of events by (ticket, seq), and the levels that they said."""

    awaited: Mapping[str, str]
    calendars: Mapping[str, Calendar]
    instants: Mapping[tuple[int, int], datetime]
    levels: Mapping[tuple[int, int], str] = field(default_factory=dict)


def background(clocks: Iterable[Clock]) -> Background:
    """What is needed to explain these clocks: three queries at most, however many they are."""
    clocks = list(clocks)
    pieces = [piece for clock in clocks for piece in clock.detail["segments"]]
    waits = {wait for piece in pieces for wait, _reason in piece["waits"] if wait.isdecimal()}
    names = {piece["calendar"].partition("@")[0] for piece in pieces}
    changed = {(clock.ticket_id, seq) for clock in clocks for seq, _kind in causes(clock)}
    events = Event.objects.filter(
        ticket__in={ticket for ticket, _ in changed}, seq__in={seq for _, seq in changed}
    )
    found = list(events.values_list("ticket", "seq", "at", "facts__level"))
    return Background(
        {f"{pk}": text for pk, text in Wait.objects.filter(pk__in=waits).values_list("pk", "awaited")},
        {
            reference(row.name, row.version): reading.calendar_from_data(row.data["calendar"], file=f"{row}")
            for row in CalendarVersion.objects.filter(name__in=names)
        },
        {(ticket, seq): at for ticket, seq, at, _level in found},
        {(ticket, seq): level for ticket, seq, _at, level in found if level},
    )


def causes(clock: Clock) -> Iterator[Cause]:
    """The events that changed what the clock runs under: its priority, its service, its calendar."""
    seq, kind = clock.detail["opened_by"]
    if kind.startswith("priority."):
        yield seq, kind
    yield from {tuple(piece["cause"]) for piece in clock.detail["segments"] if piece["cause"]}


def ends_of(piece: Mapping) -> tuple[datetime, datetime | None]:
    """When a segment begins and ends; the end is None while an open wait makes it unknowable."""
    end = piece["to"]
    return datetime.fromisoformat(piece["from"]), datetime.fromisoformat(end) if end else None

"""Which open tickets count under an older version of a calendar, and what on them pins it: as their timelines say."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from support.clocks.book import reference
from support.models import CalendarVersion, Event
from support.models.tickets import UNDONE

PINNING = ("ticket.opened", "engagement.requested", "case.opened", "service.moved", "calendar.moved")
# A clock's pieces name the version that each ran under: one that never ran under this calendar is not asked further.
TOUCHED = """
SELECT DISTINCT t.id, c.subject_kind, c.subject_id, c.detail -> 'target' ->> 'calendar'
FROM support_ticket t JOIN support_clock c ON c.ticket_id = t.id
WHERE t.state = ANY (%s) AND t.opened_at <= %s AND (%s::bigint[] IS NULL OR t.id = ANY (%s))
    AND c.state IN ('running', 'paused') AND c.detail -> 'target' ->> 'base' <> 'elapsed'
    AND c.detail @? %s::jsonpath
"""
Subject = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Pin:
    """The ticket or what is on it, the calendar as its service names it, and the version that is pinned, "name@2"."""

    subject: Subject
    name: str
    pinned: str


def older(version: CalendarVersion) -> list[str]:
    """Every earlier version of the same calendar, as timelines name them."""
    return [reference(version.name, number) for number in range(1, version.version)]


def stale_tickets(version: CalendarVersion, at: datetime) -> list[int]:
    """The open tickets, opened by `at`, that have a running or paused clock under an older version; in order."""
    return sorted(stale(version, at))


def stale(
    version: CalendarVersion, at: datetime, tickets: Collection[int] | None = None
) -> dict[int, list[Pin]]:
    """For each such ticket, of these where some are named, what pins an older version; two queries."""
    touched = _touched(version, at, tickets)
    before, found = set(older(version)), {}
    for ticket, pinned in _pins(touched).items():
        pins = [
            Pin(subject, name, ref)
            for subject, calendars in pinned.items()
            for name, ref in calendars.items()
            if ref in before and (subject, name) in touched[ticket]
        ]
        if pins:
            found[ticket] = pins
    return found


def _touched(
    version: CalendarVersion, at: datetime, tickets: Collection[int] | None
) -> dict[int, set[tuple[Subject, str]]]:
    """Open ticket → the subjects and calendar names whose open clocks ran under any version of the calendar."""
    path = f'$.segments[*].calendar ? (@ starts with "{version.name}@")'
    named = list(tickets) if tickets is not None else None
    found: dict[int, set[tuple[Subject, str]]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED, [list(UNDONE), at, named, named, path])
        for ticket, kind, number, name in cursor.fetchall():
            found[ticket].add(((kind, number), name))
    return found


def _pins(tickets: Collection[int]) -> dict[int, dict[Subject, Mapping[str, str]]]:
    """Ticket → subject → calendar name → the version in force, "name@2"."""
    if not tickets:
        return {}
    rows = Event.objects.filter(ticket__in=list(tickets), kind__in=PINNING).order_by("ticket", "seq")
    found: dict[int, dict[Subject, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for ticket, *subject, kind, facts in rows.values_list(
        "ticket_id", "subject_kind", "subject_id", "kind", "facts"
    ):
        pins = found[ticket][tuple(subject)]
        pins |= {facts["calendar"]: facts["new"]} if kind == "calendar.moved" else facts.get("calendars", {})
    return found

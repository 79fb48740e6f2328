"""The one door through which anything happens on a ticket: the event is added and the ticket's clocks are folded anew."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from support import folding
from support.actors import Actor
from support.clocks import reading
from support.models.events import Event
from support.models.files import Visibility
from support.refusal import Refused

IMPORT = "import"
COLUMNS = [
    field.attname for field in Event._meta.concrete_fields if field.attname not in ("id", "recorded_at")
]
INSERT = f"""
INSERT INTO support_event ({", ".join(COLUMNS)})
SELECT {", ".join(COLUMNS)} FROM jsonb_populate_recordset(NULL::support_event, %s::jsonb) ORDER BY ticket_id, seq
"""  # noqa: S608  names of columns of ours
VERSION = 1  # of the facts that are written now


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is to be added to a timeline; `subject` is the ticket itself unless named."""

    kind: str
    by: Actor
    at: datetime
    subject: tuple[str, int] | None = None
    visibility: str = Visibility.CUSTOMER
    source: str = ""
    source_key: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def record(
    ticket,
    kind: str,
    /,
    *,
    by: Actor,
    at: datetime,
    subject: tuple[str, int] | None = None,
    visibility: str = Visibility.CUSTOMER,
    source: str = "",
    source_key: str = "",
    **facts,
) -> Event:
    """Add what happened to the ticket's timeline and fold its clocks, in one transaction.

    `at` is not before the ticket's last event unless the source is an import; what happened earlier carries
    `happened_at` among its facts. Raises Refused for an instant out of order, BadFacts for facts that the vocabulary
    does not know.
    """
    entry = Entry(
        kind=kind,
        by=by,
        at=at,
        subject=subject,
        visibility=visibility,
        source=source,
        source_key=source_key,
        facts=facts,
    )
    return record_all(ticket, [entry])[0]


def record_all(ticket, entries: Sequence[Entry]) -> list[Event]:
    """Add several entries in their order and fold once, as `record` would one after the other."""
    return record_each({ticket: entries})


# verbs are whole or not at all; a savepoint for each event would only cost
@transaction.atomic(savepoint=False)
def record_each(
    entries: Mapping[Any, Sequence[Entry]], store: Callable[..., None] | None = None
) -> list[Event]:
    """The same on many tickets, each with entries of its own, in as many statements as for one.

    Tickets are locked in the order of their ids; what is refused on one is refused on all. Another `store` than the
    fold's writes the same rows in a shorter way.
    """
    tickets = sorted(entries, key=lambda ticket: ticket.pk)
    locked = type(tickets[0]).objects.select_for_update().order_by("pk")
    held = locked.only("last_seq", "changed_at").in_bulk([ticket.pk for ticket in tickets])
    events = [event for ticket in tickets for event in _added(ticket, held[ticket.pk], entries[ticket])]
    _insert(events)
    (store or folding.store)(*tickets)
    return events


def _insert(events: list[Event]) -> None:
    """One goes the usual way, and learns its key; of many the rows alone, since Django takes longer than the database."""
    if len({event.ticket_id for event in events}) == 1:
        Event.objects.bulk_create(events)
        return
    rows = [{name: getattr(event, name) for name in COLUMNS} for event in events]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [json.dumps(rows, default=datetime.isoformat)])


def _added(ticket, held, entries: Sequence[Entry]) -> Iterator[Event]:
    """Events in their places; the ticket is told what it comes to."""
    at = held.changed_at if held.last_seq else None
    for seq, entry in enumerate(entries, held.last_seq + 1):
        if at and entry.at < at and entry.source != IMPORT:
            raise Refused(_("Something has happened on this ticket since: open it again."))
        at = max(at, entry.at) if at else entry.at
        yield _event(ticket, seq, entry)
    ticket.last_seq, ticket.changed_at = held.last_seq + len(entries), at


def _event(ticket, seq: int, entry: Entry) -> Event:
    subject_kind, subject_id = entry.subject or ("ticket", ticket.pk)
    event = Event(
        ticket=ticket,
        seq=seq,
        kind=entry.kind,
        version=VERSION,
        subject_kind=subject_kind,
        subject_id=subject_id,
        at=entry.at,
        visibility=entry.visibility,
        facts=plain(entry.kind, entry.facts),
        source=entry.source,
        source_key=entry.source_key,
    )
    event.actor = entry.by
    return event


def plain(kind: str, facts: Mapping[str, Any]) -> dict:
    """Facts as JSON values, without those that say nothing; BadFacts when the vocabulary does not know them."""
    stored = {name: _json(value) for name, value in facts.items() if value is not None}
    reading.read(kind, VERSION, stored)
    return stored


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value

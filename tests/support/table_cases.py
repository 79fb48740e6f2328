"""A ticket played through the table of a shipped service: what falls due when, against values worked out by hand.

Instants are written as the wall clock of the service's zone with its offset, "2026-03-30 09:30+01:00", so that
neither the code under test nor a zone database takes part in working them out.
"""

from datetime import UTC, datetime

from support import timeline, versions
from support.models import Message, Ticket
from tests.factories import ANA, TESTS
from tests.support.desk_cases import contract_under, raise_ticket

ENGAGED = ("engagement", 1)


def at(text: str) -> datetime:
    """ "2026-03-30 09:30+01:00" as an instant."""
    return datetime.fromisoformat(text).astimezone(UTC)


def opened(code: str, start: str, priority: str, *, deployment: str = "cloud", **fields) -> Ticket:
    """A ticket under a contract of its own that pins this service."""
    contract = contract_under(code, deployment=deployment)
    return raise_ticket(contract, at(start), priority=priority, **fields)


def engaged(code: str, start: str, priority: str) -> Ticket:
    """A ticket without clocks of its own, and an engagement on it."""
    contract = contract_under("", engagement=code)
    ticket, service = raise_ticket(contract, at(start)), contract.engagement_service
    record(
        ticket,
        start,
        "engagement.requested",
        subject=ENGAGED,
        service=f"{service.code}@{service.version}",
        calendars=versions.calendar_pins(service, contract),
        priority=priority,
    )
    return ticket


def record(ticket: Ticket, when: str, kind: str, /, **facts) -> None:
    timeline.record(ticket, kind, by=ANA, at=at(when), **facts)


def replies(ticket: Ticket, *instants: str) -> None:
    for when in instants:
        Message.reply(ticket, "Still at it.", by=ANA, at=at(when))


def hears(ticket: Ticket, *instants: str) -> None:
    """The customer writes."""
    for when in instants:
        Message.receive(ticket, "Any news?", contact=None, by=TESTS, at=at(when))


def dues(ticket: Ticket) -> dict[str, datetime | None]:
    """Every clock of the ticket that is open now, and when it is due: None while that cannot be known."""
    return {clock.kind: clock.due_at for clock in ticket.clocks.filter(state__in=["running", "paused"])}


def are(**texts: str | None) -> dict[str, datetime | None]:
    """What `dues` should be: `are(response="2026-06-09 10:30+01:00")`."""
    return {kind: at(text) if text else None for kind, text in texts.items()}


def cycles(ticket: Ticket, kind: str) -> list[tuple[str, datetime | None]]:
    """Verdict and due instant of every clock of this kind, in the order in which they began."""
    return [(clock.verdict, clock.due_at) for clock in ticket.clocks.filter(kind=kind).order_by("position")]


def were(*expected: tuple[str, str | None]) -> list[tuple[str, datetime | None]]:
    """What `cycles` should be."""
    return [(verdict, at(text) if text else None) for verdict, text in expected]

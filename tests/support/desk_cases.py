"""Customers under the shipped services, and tickets of theirs."""

from datetime import UTC, date, datetime

from support import versions
from support.desk.opening import open_ticket
from support.models import Channel, Contract, ContractLine, Ticket
from tests.factories import TESTS, ContactFactory, ContractFactory, CustomerFactory, ProductFactory


def contract_under(code: str, *, engagement: str = "", deployment: str = "cloud", **fields) -> Contract:
    """A contract in force since 2025 that pins the newest version of this service, with one product."""
    customer = fields.pop("holder", None) or CustomerFactory(time_zone="Europe/London")
    contract = ContractFactory(
        holder=customer,
        starts_on=date(2025, 1, 1),
        support_service=versions.latest(code) if code else None,
        engagement_service=versions.latest(engagement) if engagement else None,
        **fields,
    )
    line = ContractLine(contract=contract, product=ProductFactory(), deployment=deployment)
    line.by(TESTS).save()
    return contract


def raise_ticket(under: Contract, at: datetime, **fields) -> Ticket:
    """A ticket of the contract's holder, raised by phone unless said otherwise."""
    customer = under.holder
    fields = {
        "title": "No dial tone",
        "text": "Since this morning.",
        "channel": Channel.PHONE,
        "by": TESTS,
        **fields,
    }
    fields.setdefault("contact", customer.contacts.first() or ContactFactory(customer=customer))
    return open_ticket(customer=customer, at=at, **fields)


def utc(text: str) -> datetime:
    """ "2026-10-14 09:30" as an instant in UTC."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def due(ticket: Ticket, kind: str, cycle: int | None = None) -> str | None:
    """When the newest clock of this kind is due, as "2026-10-14 09:30" in UTC."""
    clocks = ticket.clocks.filter(kind=kind)
    clock = (clocks.filter(cycle=cycle) if cycle else clocks).order_by("-position").first()
    return clock.due_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if clock and clock.due_at else None

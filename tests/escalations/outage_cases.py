"""Customers under a service that knows outages, their designated contacts, and an outage that hits them."""

from escalations import notices, outages
from support.actors import Actor
from tests.factories import ContactFactory
from tests.support.desk_cases import contract_under, utc

DECLARED = "2026-10-14 09:00"
SAID = {"details": "Mailboxes cannot be opened.", "impact": "Nobody reads mail.", "expected_at": None}


def hit_contract(holder=None, contacts=1, service="microsoft-o365-dedicated", **fields):
    """A contract of this holder's, who has so many contacts nominated for outages, and one who is not."""
    given = {"holder": holder} if holder else {}
    contract = contract_under(service, **given, **fields)
    for _ in range(contacts):
        ContactFactory(customer=contract.holder, nominated_for_outages=True, time_zone="America/New_York")
    ContactFactory(customer=contract.holder)
    return contract


def declare(cast, clock, *contracts, at=DECLARED, priority="A", **fields):
    now = clock(utc(at))
    said = {"title": "Mail is down", "began_at": now, "product": None, **fields}
    return outages.declare(contracts, priority=priority, by=Actor.of(cast.ana), at=now, **said)


def send(outage, cast, clock, at, **said):
    return notices.send(outage, **{**SAID, **said}, by=Actor.of(cast.ana), at=clock(utc(at)))


def skip(outage, cast, clock, at, reason="Nothing has changed, and the bridge is open.", due=None):
    owed = outages.owed(outage)
    due = due or (owed.position if owed else None)
    return notices.skip(outage, due=due, reason=reason, by=Actor.of(cast.ana), at=clock(utc(at)))


def act(verb, outage, cast, clock, at, **said):
    now = clock(utc(at))
    if verb is outages.resolve:
        said.setdefault("ended_at", now)
    if verb is not outages.open_bridge:
        said.setdefault("text", "Ana tried it with two customers.")
    verb(outage, **said, by=Actor.of(cast.ana), at=now)

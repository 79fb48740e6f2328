"""A customer with an engagement that was offered and approved: 240 minutes at $250.00 an hour, steps of 15 minutes.

On Wednesday 14 October 2026 in UTC: asked for at 08:00, offered at 09:00, approved at 10:00, and now it is 18:00.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from billing import answering, codes, engaging, links, offering, scope
from billing.models import (
    Approval,
    ContractRate,
    Engagement,
    Invitation,
    Offer,
    OfferCode,
    RateCard,
    TimeEntry,
)
from support.actors import Actor
from support.models import Contact, Contract, Ticket, User
from support.roles import Role
from tests.factories import TESTS, ContactFactory, CustomerFactory, UserFactory
from tests.support.desk_cases import contract_under, raise_ticket

EXCHANGE = "29232cdf-9323-42fd-ade2-1d097af3e4de"
UNAPPROVED = {"approval": None, "offer": None, "billed": 0, "basis": "no approval"}


def at(hour: float, day: int = 14, month: int = 10) -> datetime:
    """An instant in UTC; 10.5 is half past ten."""
    return datetime(2026, month, day, tzinfo=UTC) + timedelta(hours=hour)


def set_clock(instant: datetime | None) -> None:
    """What countersign_now() says on this thread's connection, after a reconnect too."""
    connection.simulated_now = instant.isoformat() if instant else ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('countersign.now', %s, false)", [connection.simulated_now])


def somebody(name: str, role: Role) -> User:
    """A person of the desk with a role."""
    person = UserFactory(name=name)
    person.give_roles([role], by=TESTS, at=at(8))
    return person


def rate_card(**fields) -> RateCard:
    fields = {"name": f"Card {RateCard.objects.count()}", "hourly_rate": "250.00", **fields}
    card = RateCard(**fields)
    card.by(TESTS).save()
    card.refresh_from_db()
    return card


def ese_contract(card: RateCard | None = None, rate: dict | None = None, **fields) -> Contract:
    """A CSP customer under the Extended Support Engagement, billed by a card."""
    contract = contract_under("egroup-csp-advantage", engagement="calltower-ese", csp="direct", **fields)
    chosen = ContractRate(contract=contract, card=card or rate_card(), **(rate or {}))
    chosen.by(TESTS).save()
    return contract


def requested(
    contract: Contract, by: Actor = TESTS, ticket: Ticket | None = None, kind="issue", priority="", **fields
) -> Engagement:
    ticket = ticket or raise_ticket(contract, at(8), channel="email")
    scope.decide(
        ticket, scope="out", item="advanced", outcome="engagement", reason="Not in CSP.", by=by, at=at(8)
    )
    fields = {
        "title": "Rebuild transfer routing",
        "included": "Call captures\nNew routing",
        "deliverables": "A test plan",
        "estimate": 180,
        **fields,
    }
    wanted = engaging.Wanted(**fields)
    return engaging.request(ticket, wanted, kind=kind, priority=priority, by=by, at=at(8))


def offered(engagement: Engagement, contact: Contact, by: Actor = TESTS, when=None, **fields) -> Offer:
    fields = {"cap": 240, "answer_by": at(12, day=21), "work_until": at(0, day=20, month=12), **fields}
    return offering.send(engagement, contact=contact, by=by, at=when or at(9), **fields)


def entered(invitation: Invitation, when: datetime) -> OfferCode:
    """A code that the contact asked for and typed in."""
    code = codes.send_code(invitation, address="203.0.113.24", opened_at=when, at=when)
    return codes.prove(invitation, links.figures_of(code.nonce))


def signed(offer: Offer, contact: Contact, when: datetime) -> Approval | None:
    """The contact says yes; None when somebody else has to sign as well."""
    invitation = offer.invitations.filter(contact=contact).first() or offering.invite(
        offer, contact, by=TESTS, at=when
    )
    return answering.approve(
        entered(invitation, when),
        typed_name=contact.name,
        shown_sha256=hashlib.sha256(offer.document).hexdigest(),
        address="203.0.113.24",
        agent="A phone browser",
        at=when,
    )


def yes(code: OfferCode, **fields) -> Approval | None:
    """The answer of whoever typed the code, at 18:00 unless said."""
    fields = {
        "typed_name": "Robin S.",
        "shown_sha256": bytes(code.invitation.offer.sha256).hex(),
        "at": at(18),
        **fields,
    }
    return answering.approve(code, **fields)


@dataclass
class World:
    ana: User
    max: User
    fin: User
    contract: Contract
    robin: Contact
    ticket: Ticket
    engagement: Engagement
    offer: Offer
    approval: Approval

    @property
    def entity(self):
        return self.contract.legal_entity


def world(*, cap: int = 240, gdap=(), card=None, rate=None, entity=None, limit=5000, **offer) -> World:
    """Everything up to the approval; the clock stands at 18:00."""
    set_clock(at(8))
    ana, max, fin = (
        somebody(name, role)
        for name, role in [("Ana", Role.AGENT), ("Max", Role.MANAGER), ("Fin", Role.FINANCE)]
    )
    holder = CustomerFactory(**({"legal_entity": entity} if entity else {}))
    contract = ese_contract(card, rate, holder=holder)
    robin = ContactFactory(customer=holder, name="Robin Sample", approves_up_to=limit)
    engagement = requested(contract, Actor.of(ana), gdap_roles=tuple(gdap))
    set_clock(at(9))
    sent = offered(engagement, robin, Actor.of(ana), cap=cap, **offer)
    set_clock(at(10))
    approval = signed(sent, robin, at(10))
    set_clock(at(18))
    return World(ana, max, fin, contract, robin, engagement.ticket, engagement, sent, approval)


def entry(w: World, start: datetime, stop: datetime, billed: int | None = None, **fields) -> TimeEntry:
    """A row of time as an attacker writes it: past all verbs."""
    raw = int((stop - start).total_seconds() // 60)
    fields = {
        "person": w.ana,
        "engagement": w.engagement,
        "offer": w.offer,
        "approval": w.approval,
        "piece": "00000000-0000-0000-0000-00000000000a",
        "text": "Worked",
        "started_at": start,
        "stopped_at": stop,
        "raw_minutes": raw,
        "billed_minutes": raw if billed is None else billed,
        "basis": "as worked",
        "actor_kind": "staff",
        "actor_id": w.ana.pk,
        "actor_name": "Ana",
        **fields,
    }
    return TimeEntry(**fields)

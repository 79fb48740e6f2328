"""An approved offer at a fixed price of $1,200.00 for a migration, of a statement of work; it is 14 October, 18:00."""

from decimal import Decimal

from billing import stating
from billing.models import Offer
from support.actors import Actor
from support.roles import Role
from tests.billing.billing_cases import (
    World,
    at,
    ese_contract,
    offered,
    requested,
    set_clock,
    signed,
    somebody,
)
from tests.factories import ContactFactory, CustomerFactory

PRICE = {"cap": 0, "fixed_price": Decimal("1200.00"), "fixed_for": "the migration of 40 mailboxes"}


def at_a_price(w: World, **fields) -> Offer:
    """A further offer on an engagement, at a fixed price; undecided."""
    if not w.engagement.statements.exists():
        stating.write(w.engagement, text="Move 40 mailboxes.", by=Actor.of(w.ana), at=at(18))
    offer = offered(w.engagement, w.robin, Actor.of(w.ana), when=at(18), **{**PRICE, **fields})
    offer.refresh_from_db()
    return offer


def fixed(**fields) -> World:
    set_clock(at(8))
    ana, max, fin = (
        somebody(name, role)
        for name, role in [("Ana", Role.AGENT), ("Max", Role.MANAGER), ("Fin", Role.FINANCE)]
    )
    holder = CustomerFactory()
    contract = ese_contract(holder=holder, rate=fields.pop("rate", None))
    robin = ContactFactory(customer=holder, name="Robin Sample", approves_up_to=5000)
    engagement = requested(contract, Actor.of(ana))
    set_clock(at(9))
    stating.write(engagement, text="Move 40 mailboxes.", by=Actor.of(ana), at=at(9))
    offer = offered(engagement, robin, Actor.of(ana), **{**PRICE, **fields})
    offer.refresh_from_db()
    set_clock(at(10))
    approval = signed(offer, robin, at(10))
    set_clock(at(18))
    return World(ana, max, fin, contract, robin, engagement.ticket, engagement, offer, approval)

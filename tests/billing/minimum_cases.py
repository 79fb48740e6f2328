"""An approved offer with a minimum of $500.00 for the engagement, whose work may be done; it is 14 October, 18:00."""

from billing import engaging, invoicing
from billing.models import Invoice
from support.actors import Actor
from tests.billing.billing_cases import World, at, entry, rate_card, world
from tests.factories import TESTS

OCTOBER = at(0, day=1).date()


def at_least(minimum: str = "500.00", *, card: dict | None = None, **fields) -> World:
    return world(card=rate_card(minimum_charge=minimum, **(card or {})), **fields)


def done(w: World) -> World:
    engaging.finish(w.engagement, by=Actor.of(w.ana), at=at(18))
    return w


def some_work(w: World, hour: int = 11, minutes: int = 30):
    """A piece of work of so many minutes under the approval."""
    made = entry(w, at(hour), at(hour + minutes / 60), piece=f"00000000-0000-0000-0000-0000000000{hour:02}")
    made.save()
    return made


def run_of(w: World, month=OCTOBER) -> list[Invoice]:
    return invoicing.run(w.entity, month, by=TESTS, at=at(18))

"""Who walks: Ana, Max and Fin, and Northwind, whose Robin may approve up to $5,000.00."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.auth import hashers

from config.demo.clock import set_to
from support.models import Contract, User
from tests.billing.billing_cases import ese_contract, rate_card
from tests.cases import Cast
from tests.factories import TESTS

PASSWORD = "a long walk through the house"


def at(hour: float, day: int = 14, month: int = 10) -> datetime:
    """An instant in UTC; 10.5 is half past ten. 14 October 2026 is a Wednesday."""
    return datetime(2026, month, day, tzinfo=UTC) + timedelta(hours=hour)


@dataclass
class Desk:
    cast: Cast
    contract: Contract

    @classmethod
    def made(cls) -> "Desk":
        set_to(at(7))
        cast = Cast.made()
        cast.northwind.name = "Northwind Traders"
        cast.northwind.by(TESTS).save()
        password = hashers.PBKDF2PasswordHasher().encode(PASSWORD, "walk", iterations=1_000_000)  # the site's
        User.objects.filter(is_active=True).update(password=password)
        card = rate_card(name="Extended support", terms="Time is tracked and documented on the case.")
        return cls(cast, ese_contract(card, holder=cast.northwind, number="C-northwind"))

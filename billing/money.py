"""Money: minutes are priced and rounded half up, once; tax is rounded per line; currencies are never mixed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
SIGNS = {"USD": "$", "GBP": "£", "EUR": "€"}


def rounded(amount: Decimal) -> Decimal:
    """To the cent, half up; away from zero for what is credited."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def price(minutes: int, rate: Decimal) -> Decimal:
    """What these minutes cost at this rate an hour."""
    return rounded(rate * minutes / 60)


def tax(net: Decimal, per_cent: Decimal) -> Decimal:
    return rounded(net * per_cent / 100)


@dataclass(frozen=True, slots=True)
class Money:
    amount: Decimal
    currency: str

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added")
        return Money(self.amount + other.amount, self.currency)

    def __str__(self) -> str:
        """ "$1,500.00", "1,500.00 CHF"; a minus stands first."""
        minus, figures = "-" if self.amount < 0 else "", f"{abs(rounded(self.amount)):,}"
        sign = SIGNS.get(self.currency)
        return f"{minus}{sign}{figures}" if sign else f"{minus}{figures} {self.currency}"


def total(parts: Iterable[Money], currency: str) -> Money:
    """The sum, which is nothing of that currency for no parts; ValueError when one is of another."""
    return sum(parts, Money(Decimal(0), currency))

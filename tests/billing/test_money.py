"""Prices to the cent, rounded half up, once; currencies never mixed."""

from decimal import Decimal

import pytest

from billing import money
from billing.money import Money


@pytest.mark.parametrize(
    ("minutes", "rate", "price"),
    [
        (60, "250.00", "250.00"),
        (3 * 20, "250.00", "250.00"),  # three times 20 minutes at an increment of 1: one line, never 249.99
        (90, "250.00", "375.00"),  # the same at 15 minutes up
        (10, "250.00", "41.67"),
        (1, "250.00", "4.17"),
        (15, "99.99", "25.00"),
        (1, "0.30", "0.01"),  # 0.005 exactly
        (-90, "250.00", "-375.00"),
        (-1, "0.30", "-0.01"),
        (0, "250.00", "0.00"),
    ],
)
def test_price(minutes, rate, price):
    assert money.price(minutes, Decimal(rate)) == Decimal(price)


@pytest.mark.parametrize(
    ("net", "rate", "tax"),
    [("41.67", "20", "8.33"), ("0.50", "5", "0.03"), ("375.00", "17.5", "65.63"), ("375.00", "0", "0.00")],
)
def test_tax_is_rounded_per_line(net, rate, tax):
    assert money.tax(Decimal(net), Decimal(rate)) == Decimal(tax)


def test_two_currencies_are_never_added():
    with pytest.raises(ValueError, match="EUR and USD cannot be added"):
        Money(Decimal(1), "EUR") + Money(Decimal(1), "USD")
    assert money.total([], "EUR") == Money(Decimal(0), "EUR")


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("1500", "USD", "$1,500.00"),
        ("-41.67", "GBP", "-£41.67"),
        ("0.5", "EUR", "€0.50"),
        ("1500", "CHF", "1,500.00 CHF"),
    ],
)
def test_it_is_shown_with_its_currency(amount, currency, shown):
    assert str(Money(Decimal(amount), currency)) == shown

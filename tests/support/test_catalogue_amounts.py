from decimal import Decimal

import pytest

from support.catalogue.amounts import Price, Share, Span
from support.clocks.terms import Base


@pytest.mark.parametrize(
    ("text", "amount", "base"),
    [
        ("30 min", 30, Base.ELAPSED),
        ("1 h", 60, Base.ELAPSED),
        ("24 h", 1440, Base.ELAPSED),
        ("1 day", 1440, Base.ELAPSED),
        ("30 days", 43200, Base.ELAPSED),
        ("30 business min", 30, Base.BUSINESS),
        ("1 business hour", 60, Base.BUSINESS),
        ("48 business hours", 2880, Base.BUSINESS),
        ("1 business day", 1, Base.BUSINESS_DAYS),
        ("2 business days", 2, Base.BUSINESS_DAYS),
    ],
)
def test_an_amount_of_time_is_read_and_spelled_the_same_way(text, amount, base):
    span = Span.parse(text)
    assert (span.amount, span.base, str(span)) == (amount, base, text)


NO_SPANS = [
    "",
    "0 h",
    "-1 h",
    "1.5 h",
    "01 h",
    "1h",
    "1  h",
    " 1 h",
    "1 h ",
    "1 H",
    "one h",
    "4 hours",
    "4 weeks",
]
NO_SPANS += ["4", "h", "2 business", "2 h business", "٣ h", "1 h\n", "9999999 min"]


@pytest.mark.parametrize("text", NO_SPANS)
def test_what_is_not_an_amount_of_time_is_refused(text):
    with pytest.raises(ValueError, match="is not an amount of time"):
        Span.parse(text)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("1 days", "1 day"),
        ("2 day", "2 days"),
        ("1 business hours", "1 business hour"),
        ("3 business day", "3 business days"),
    ],
)
def test_one_and_many_have_one_spelling_each(text, right):
    with pytest.raises(ValueError, match=f'is spelled "{right}"'):
        Span.parse(text)


def test_seconds_are_no_minutes_and_business_time_is_no_elapsed_time():
    assert Span.parse("120 s").seconds == 120
    assert Span.parse("2 h").seconds == 7200
    with pytest.raises(ValueError, match="whole number of minutes"):
        _ = Span.parse("120 s").amount
    with pytest.raises(ValueError, match="not elapsed time"):
        _ = Span.parse("2 business hours").seconds


@pytest.mark.parametrize(
    ("text", "percent"), [("80 %", "80"), ("99.95 %", "99.95"), ("100 %", "100"), ("0.5 %", "0.5")]
)
def test_shares(text, percent):
    share = Share.parse(text)
    assert (share.percent, str(share)) == (Decimal(percent), text)


@pytest.mark.parametrize("text", ["80", "80%", "0 %", "100.1 %", "101 %", "-1 %", "080 %", "80 % "])
def test_what_is_not_a_share_is_refused(text):
    with pytest.raises(ValueError):
        Share.parse(text)


def test_prices_have_two_decimals_and_a_currency():
    price = Price.parse("250.00 USD")
    assert (price.amount, price.currency, str(price)) == (Decimal("250.00"), "USD", "250.00 USD")
    for text in ("250 USD", "250.00", "$250.00", "-1.00 USD", "250.000 USD", "250.00 usd"):
        with pytest.raises(ValueError, match="is not a price"):
            Price.parse(text)

"""Whatever was worked: caps, rounding, lines, taxes, totals, the finance file and credit notes, against sums worked out anew."""

import csv
import io
import os
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import delivering, engaging, exporting, invoicing, timing, worth
from billing.models import Invoice, TimeEntry
from support.actors import Actor
from tests.billing.billing_cases import at, rate_card, set_clock, signed, world
from tests.billing.fixed_cases import at_a_price
from tests.billing.surcharge_cases import OFFICE, office, surcharge
from tests.factories import TESTS

pytestmark = [pytest.mark.django_db, pytest.mark.hypothesis]

EXAMPLES = max(8, int(os.environ.get("COUNTERSIGN_EXAMPLES", "100")) // 50)  # a book each: dear
PIECES = st.lists(st.integers(1, 130), min_size=1, max_size=6)  # minutes, one after the other
RATES = st.integers(1, 49_999)  # cents an hour: ten hours are within the signer's limit
TAXES = st.sampled_from(["0", "7.25", "17.5", "20", "33.333"])


def cents(amount: Fraction) -> int:
    """To the cent, half up."""
    return int(amount * 100 + Fraction(1, 2))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example undoes what it did
)
@given(
    pieces=PIECES,
    rate=RATES,
    tax=TAXES,
    increment=st.sampled_from([1, 3, 6, 15, 30, 60]),
    minimum=st.sampled_from([0, 20, 45]),
    cap=st.integers(60, 600),
    night=st.sampled_from([0, 1, 3_333, 12_500]),
    visit=st.sampled_from([0, 1, 9_999]),
    opens=st.integers(9 * 60, 19 * 60),
    fixed=st.sampled_from([0, 1, 99_999]),
    at_least=st.sampled_from([0, 1, 12_345, 499_999]),
)
def test_what_is_invoiced_is_what_was_worked_rounded_priced_and_taxed_once(
    clock, pieces, rate, tax, increment, minimum, cap, night, visit, opens, fixed, at_least
):
    before = transaction.savepoint()  # an atomic block would be one inside which no code is proved
    try:
        w = _worked(pieces, rate, tax, increment, minimum, cap, night, visit, opens, at_least)
        billed = _billed(pieces, increment, minimum, cap)
        lines = [(sum(billed), Fraction(rate, 100) * sum(billed) / 60)]
        if dark := _outside(pieces, billed, opens) if night else 0:
            lines.append((0, Fraction(night, 100) * dark / 60))
        if visit:
            lines.append((0, Fraction(visit, 100) * sum(each > 0 for each in billed)))
        by_hour = sum(cents(amount) for _minutes, amount in lines)
        if fixed:
            lines.append((0, Fraction(fixed, 100)))
        if by_hour < at_least:
            lines.append((0, Fraction(at_least - by_hour, 100)))
        approvals = _delivered(w, fixed)
        engaging.finish(w.engagement, by=TESTS, at=at(18, day=15))
        _compare(w, lines, tax, approvals)
    finally:
        transaction.savepoint_rollback(before)
        set_clock(None)


def _worked(pieces, rate, tax, increment, minimum, cap, night, visit, opens, at_least):
    card = rate_card(
        hourly_rate=cents_of(rate), increment=increment, minimum=minimum, minimum_charge=cents_of(at_least)
    )
    if night:
        hours = {"wed": [f"00:00-{opens // 60:02}:{opens % 60:02}"]}
        calendar = office(calendar={**OFFICE["calendar"], "hours": hours})
        surcharge(card, "out_of_hours", "hour", f"{night / 100:.2f}", calendar)
    if visit:
        surcharge(card, "on_site", "visit", f"{visit / 100:.2f}")
    offered = {"cap": cap, "visits": len(pieces) if visit else 0}
    w = world(card=card, rate={"tax_code": "STD", "tax_rate": tax}, limit=99_999, **offered)
    payer = w.contract.bill_to
    payer.finance_name = "Northwind Ltd"
    payer.by(TESTS).save()
    set_clock(at(18, day=15))
    begins = at(10)
    for minutes in pieces:
        ends = begins + timedelta(minutes=minutes)
        under = w.approval if w.approval.balance.room else None
        book = {"approval": under, "person": w.ana, "started_at": begins, "stopped_at": ends, "text": "x"}
        book["on_site"] = bool(visit)
        timing.book(w.engagement, **book, by=Actor.of(w.ana), at=at(18, day=15))
        w.approval.balance.refresh_from_db()
        begins = ends
    return w


def _delivered(w, fixed):
    """The approvals that are billed: a fixed price's too, where there is one."""
    if not fixed:
        return [w.approval]
    price = signed(at_a_price(w, fixed_price=Decimal(fixed) / 100), w.robin, at(18, day=15))
    delivering.deliver(price, text="All of it.", by=TESTS, at=at(18, day=15))
    return [w.approval, price]


def _billed(pieces, increment, minimum, cap) -> list[int]:
    """The document's own words: each entry is rounded up, to the minimum at least, and nothing passes the cap."""
    room, found = cap, []
    for minutes in pieces:
        found.append(min(room, max(ceil(Fraction(minutes, increment)) * increment, minimum)))
        room -= found[-1]
    return found


def _outside(pieces, billed, opens) -> int:
    """The billed minutes after `opens`, minutes of the day at which the hours end: what rounding adds follows the last part."""
    begins, total = 10 * 60, 0
    for minutes, counted in zip(pieces, billed, strict=True):
        approved = min(minutes, counted)
        inside = min(max(opens - begins, 0), approved)
        total += counted - inside if inside < approved else 0
        begins += minutes
    return total


def _compare(w, lines, tax, approvals):
    billed = lines[0][0]
    assert sum(TimeEntry.objects.live().values_list("billed_minutes", flat=True)) == billed
    assert w.approval.balance.used == billed
    [invoice] = invoicing.run(w.entity, at(0, day=1).date(), by=TESTS, at=at(18, day=15))
    nets = [cents(amount) for _minutes, amount in lines]
    taxes = [cents(Fraction(net, 100) * Fraction(tax) / 100) for net in nets]
    assert [int(each * 100) for each in (invoice.net, invoice.tax, invoice.total)] == [
        sum(nets),
        sum(taxes),
        sum(nets) + sum(taxes),
    ]
    assert invoice.net <= sum(each.offer.amount for each in approvals), "who signed has signed for all of it"
    said = [(row["billed_minutes"], row["net_amount"], row["gross_amount"]) for row in _exported(w)]
    assert said == [
        (str(minutes), cents_of(net), cents_of(net + taxed))
        for (minutes, _amount), net, taxed in zip(lines, nets, taxes, strict=True)
    ]
    assert sum(worth.used(approvals).values()) == invoice.net
    invoicing.credit(invoice, reason="Undone.", by=TESTS, at=at(18, day=15))
    assert sum(each.total for each in Invoice.objects.issued()) == 0


def cents_of(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02}"


def _exported(w):
    batch = exporting.export(w.entity, at(0, day=1).date(), "generic", by=TESTS, at=at(18, day=15)).batch
    content = b"".join(b"".join(file.content()) for file in batch.files.all()).decode()
    return list(csv.DictReader(io.StringIO(content, newline="")))

"""Whatever was worked: caps, rounding, lines, taxes, totals, the finance file and credit notes, against sums worked out anew."""

import csv
import io
import os
from datetime import timedelta
from fractions import Fraction
from math import ceil

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import exporting, invoicing, timing
from billing.models import Invoice, TimeEntry
from support.actors import Actor
from tests.billing.billing_cases import at, rate_card, set_clock, world
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
)
def test_what_is_invoiced_is_what_was_worked_rounded_priced_and_taxed_once(
    clock, pieces, rate, tax, increment, minimum, cap
):
    before = transaction.savepoint()  # an atomic block would be one inside which no code is proved
    try:
        w = _worked(pieces, rate, tax, increment, minimum, cap)
        _compare(w, _billed(pieces, increment, minimum, cap), rate, tax)
    finally:
        transaction.savepoint_rollback(before)
        set_clock(None)


def _worked(pieces, rate, tax, increment, minimum, cap):
    card = rate_card(hourly_rate=f"{rate / 100:.2f}", increment=increment, minimum=minimum)
    w = world(card=card, rate={"tax_code": "STD", "tax_rate": tax}, cap=cap)
    payer = w.contract.bill_to
    payer.finance_name = "Northwind Ltd"
    payer.by(TESTS).save()
    set_clock(at(18, day=15))
    begins = at(10)
    for minutes in pieces:
        ends = begins + timedelta(minutes=minutes)
        under = w.approval if w.approval.balance.room else None
        book = {"approval": under, "person": w.ana, "started_at": begins, "stopped_at": ends, "text": "x"}
        timing.book(w.engagement, **book, by=Actor.of(w.ana), at=at(18, day=15))
        w.approval.balance.refresh_from_db()
        begins = ends
    return w


def _billed(pieces, increment, minimum, cap) -> int:
    """The document's own words: each entry is rounded up, to the minimum at least, and nothing passes the cap."""
    room = cap
    for minutes in pieces:
        room -= min(room, max(ceil(Fraction(minutes, increment)) * increment, minimum))
    return cap - room


def _compare(w, billed, rate, tax):
    assert sum(TimeEntry.objects.live().values_list("billed_minutes", flat=True)) == billed
    assert w.approval.balance.used == billed
    [invoice] = invoicing.run(w.entity, at(0, day=1).date(), by=TESTS, at=at(18, day=15))
    net = cents(Fraction(rate, 100) * billed / 60)
    taxed = cents(Fraction(net, 100) * Fraction(tax) / 100)
    assert [int(each * 100) for each in (invoice.net, invoice.tax, invoice.total)] == [
        net,
        taxed,
        net + taxed,
    ]
    [row] = _exported(w)
    assert (row["billed_minutes"], row["net_amount"], row["gross_amount"]) == (
        str(billed),
        f"{net // 100}.{net % 100:02}",
        f"{(net + taxed) // 100}.{(net + taxed) % 100:02}",
    )
    invoicing.credit(invoice, reason="Undone.", by=TESTS, at=at(18, day=15))
    assert sum(each.total for each in Invoice.objects.issued()) == 0


def _exported(w):
    batch = exporting.export(w.entity, at(0, day=1).date(), "generic", by=TESTS, at=at(18, day=15)).batch
    content = b"".join(b"".join(file.content()) for file in batch.files.all()).decode()
    return list(csv.DictReader(io.StringIO(content, newline="")))

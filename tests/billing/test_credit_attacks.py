"""A credit note undoes its line as it is: its tax code and rate, its account, its order, its approval; not only its money."""

import pytest

from billing import invoicing
from billing.models import Invoice, InvoiceLine
from support.refusal import Refused
from tests.attacks import refused
from tests.billing.billing_cases import at, world
from tests.billing.minimum_cases import run_of, some_work
from tests.factories import TESTS
from tests.ground import standing_on

pytestmark = pytest.mark.django_db
UNDONE = ("surcharge", "rate", "tax_code", "tax_rate", "account_code", "purchase_order", "approval")


@standing_on
def issued():
    w = world(rate={"tax_code": "VAT20", "tax_rate": "20.000"})
    some_work(w)
    [invoice] = run_of(w)
    return invoice


def note_of(invoice, **other):
    """A credit note of the one line, written past the verb."""
    copied = {name: getattr(invoice, name) for name in ("legal_entity", "bill_to", "month", "currency")}
    note = Invoice(**copied, credits=invoice, reason="Wrong.")
    note.actor = TESTS
    note.save(force_insert=True)
    line = invoice.lines.get()
    fields = {name: getattr(line, name) for name in UNDONE}
    turned = {name: -getattr(line, name) for name in ("minutes", "surcharged", "net", "tax")}
    credit = {"kind": "credit", "credits": line, "position": 1, "description": "x"}
    InvoiceLine.objects.create(invoice=note, **{**fields, **turned, **credit, **other})
    return invoicing._sum_up(note)


@pytest.mark.parametrize(
    "other",
    [
        {"tax_code": "ZERO"},
        {"tax_rate": 0},
        {"account_code": "9999"},
        {"purchase_order": "PO-X"},
        {"rate": 1},
        {"approval": None},
    ],
)
def test_a_credit_that_is_booked_elsewhere_is_not_issued(issued, other):
    note = note_of(issued, **other)
    with refused("credits_undo_a_line"):
        Invoice.objects.filter(pk=note.pk).update(issued_at=at(18))
    with pytest.raises(Refused, match="Line 1 does not undo a line of the invoice that is credited"):
        invoicing.issue(note, by=TESTS, at=at(18))


def test_one_that_repeats_its_line_is(issued):
    note = invoicing.issue(note_of(issued), by=TESTS, at=at(18))
    assert (note.total, note.number) == (-issued.total, 2)

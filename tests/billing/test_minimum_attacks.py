"""No raw row means less than its minimum, tops up what was not signed, more than was left, or twice."""

import pytest

from billing import invoicing
from billing.models import BilledMinimum, Invoice, InvoiceLine, Offer
from tests.attacks import refused, run
from tests.billing.billing_cases import at, signed
from tests.billing.fixed_cases import at_a_price
from tests.billing.minimum_cases import OCTOBER, at_least, done, run_of, some_work
from tests.factories import TESTS
from tests.ground import standing_on

pytestmark = pytest.mark.django_db


@standing_on
def w():
    """30 minutes, $125.00, of a minimum of $500.00 are worked."""
    w = at_least()
    some_work(w)
    return w


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"minimum_charge": 1001}, "offer_amount_is_its_price"),
        ({"minimum_charge": -1}, "offered_minimum_is_nothing_or_more"),
        ({"amount": 999}, "offer_amount_is_its_price"),
    ],
)
def test_no_raw_offer_means_less_than_its_minimum(w, change, rule):
    again = Offer.objects.get(pk=w.offer.pk)
    again.pk, again._state.adding = None, True
    for name, value in change.items():
        setattr(again, name, value)
    with refused(rule):
        again.save(force_insert=True)


def test_a_fixed_price_has_no_minimum(w):
    price = at_a_price(w)
    assert price.minimum_charge == 0
    signed(price, w.robin, at(18))
    again = Offer.objects.get(fixed_price__gt=0)
    again.pk, again._state.adding, again.minimum_charge = None, True, 1
    again.amount = 1201
    with refused("offer_means_something"):
        again.save(force_insert=True)


def head(w) -> Invoice:
    made = Invoice(legal_entity=w.entity, bill_to=w.contract.bill_to, month=OCTOBER)
    made.actor = TESTS
    made.save(force_insert=True)
    return made


def line(w, invoice, **fields) -> InvoiceLine:
    said = {"position": 1, "kind": "minimum", "approval": w.approval, "rate": 375, "net": 375}
    return InvoiceLine.objects.create(invoice=invoice, description="x", **{**said, **fields})


def issue(invoice):
    sums = "(SELECT sum(net) FROM billing_invoiceline WHERE invoice_id = billing_invoice.id)"
    run(
        f"UPDATE billing_invoice SET net = {sums}, total = {sums}, issued_at = now() WHERE id = %s",
        invoice.pk,
    )


def test_no_raw_line_tops_up_work_that_is_not_done_or_nobody_signed_for(w):
    with refused("minimums_are_signed"):
        line(w, head(w))
    other = at_least("0")
    some_work(other)
    with refused("minimums_are_signed"):
        line(other, head(done(other)))
    idle = at_least()
    with refused("minimums_are_signed"):
        line(idle, head(done(idle)))


@pytest.mark.parametrize(
    "change",
    ["net = net + 1, rate = rate + 1", "net = 1, rate = 1", "rate = 1", "minutes = 60", "tax_code = 'X'"],
)
def test_it_is_never_more_or_less_than_was_left(w, change):
    [draft] = invoicing.draft(done(w).entity, OCTOBER, by=TESTS, at=at(18))
    with refused("lines_are_priced_from_their_entries"):
        run(f"UPDATE billing_invoiceline SET {change} WHERE kind = 'minimum'")
        issue(draft)


def test_no_raw_top_up_leaves_time_out(w):
    some_work(w, 13)
    [draft] = invoicing.draft(done(w).entity, OCTOBER, by=TESTS, at=at(18))
    with refused("minimum_is_topped_up_last"):
        run(
            "DELETE FROM billing_billedentry WHERE entry_id = (SELECT max(entry_id) FROM billing_billedentry)"
        )
        run("UPDATE billing_invoiceline SET minutes = 30, net = 125 WHERE kind = 'time'")
        run("UPDATE billing_invoiceline SET rate = 375, net = 375 WHERE kind = 'minimum'")
        run("DELETE FROM billing_billedminimum")
        run(
            "INSERT INTO billing_billedminimum (line_id, engagement_id, charged) "
            "SELECT id, %s, 125 FROM billing_invoiceline WHERE kind = 'minimum'",
            w.engagement.pk,
        )
        issue(draft)


def test_no_raw_line_tops_up_twice_or_for_another(w):
    [issued] = run_of(done(w))
    draft = head(w)
    second = line(w, draft)
    with refused("minimum_on_one_live_line"):
        BilledMinimum.objects.create(line=second, engagement=w.engagement, charged=125)
    with refused("lines_are_priced_from_their_entries"):
        issue(draft)
    other = at_least()
    with refused("minimums_are_signed"):
        BilledMinimum.objects.create(line=second, engagement=other.engagement, charged=125)
    with refused("time_is_billed_in_its_month"):
        november = Invoice(
            legal_entity=w.entity, bill_to=w.contract.bill_to, month=at(0, day=1, month=11).date()
        )
        november.save(force_insert=True)
        BilledMinimum.objects.create(line=line(w, november), engagement=w.engagement, charged=125)
    with refused("permission denied"):
        run("UPDATE billing_billedminimum SET credited_by_id = NULL")
    with refused("issued_invoices_never_change"):
        run(
            "DELETE FROM billing_billedminimum WHERE line_id IN (SELECT id FROM billing_invoiceline WHERE invoice_id = %s)",
            issued.pk,
        )
    with refused("permission denied"):
        run("TRUNCATE billing_billedminimum")


def test_a_line_of_a_kind_that_nobody_knows_is_refused(w):
    with refused("lines_are_of_a_known_kind"):
        line(w, head(w), kind="other")

"""Purchase orders: which one a line names, what waits for one, and that an invoice without is not issued."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from billing import invoicing, unbilled
from billing.models import InvoiceLine, PurchaseOrder
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.billing_cases import at, entry, requested, set_clock
from tests.billing.export_cases import OCTOBER, export, files, ready, target
from tests.factories import TESTS
from tests.ground import standing_on
from tests.support.desk_cases import contract_under


@standing_on
def w():
    """An hour is worked; the contract wants its orders named."""
    w = ready()
    entry(w, at(11), at(12)).save()
    rate = w.contract.rate
    rate.order_needed = True
    rate.by(TESTS).save()
    return w


def order(w, number="PO-4711", **fields):
    made = PurchaseOrder(contract=w.contract, number=number, **fields)
    made.full_clean()
    made.by(TESTS).save()
    return made


def orders(w):
    """Of the lines that a run would write."""
    return [line.order for plan in invoicing.preview(w.entity, OCTOBER) for line in plan.lines]


def test_time_without_its_order_waits_and_is_invoiced_when_it_is_there(w):
    assert invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18)) == []
    assert unbilled.without_order(w.entity, OCTOBER).count() == 1
    order(w)
    [invoice] = invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))
    line = invoice.lines.get()
    assert (line.purchase_order, line.minutes) == ("PO-4711", 60)
    assert line.description.endswith("Purchase order PO-4711.")
    assert not unbilled.without_order(w.entity, OCTOBER).exists()


def test_where_none_is_needed_it_is_named_when_it_is_there(w):
    w.contract.rate.order_needed = False
    w.contract.rate.by(TESTS).save()
    assert orders(w) == [""]
    order(w)
    assert orders(w) == ["PO-4711"]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, True),
        ({"active": False}, False),
        ({"valid_from": date(2026, 10, 14), "valid_until": date(2026, 10, 14)}, True),
        ({"valid_from": date(2026, 10, 15)}, False),
        ({"valid_until": date(2026, 10, 13)}, False),
    ],
)
def test_an_order_counts_for_work_of_its_days_while_it_is_active(w, fields, named):
    order(w, **fields)
    assert orders(w) == (["PO-4711"] if named else [])


def test_the_engagements_own_comes_before_the_contracts_and_the_newest_first(w):
    other = requested(w.contract, ticket=w.ticket)
    order(w, "OTHER", engagement=other)
    assert orders(w) == []
    order(w, "OLD")
    order(w, "NEW")
    assert orders(w) == ["NEW"]
    order(w, "OWN", engagement=w.engagement)
    assert orders(w) == ["OWN"]


def test_two_orders_in_a_month_are_two_lines_of_one_invoice(w):
    order(w, "FIRST", valid_until=date(2026, 10, 14))
    order(w, "THEN", valid_from=date(2026, 10, 15))
    set_clock(at(18, day=15))
    entry(w, at(9, day=15), at(9.5, day=15)).save()
    [invoice] = invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18, day=15))
    lines = invoice.lines.values_list("purchase_order", "minutes", "net")
    assert [(number, minutes, str(net)) for number, minutes, net in lines] == [
        ("FIRST", 60, "250.00"),
        ("THEN", 30, "125.00"),
    ]


def test_a_later_change_of_the_order_alters_no_invoice(w):
    made = order(w)
    [invoice] = invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))
    made.number, made.active = "PO-9999", False
    made.by(TESTS).save()
    assert invoice.lines.get().purchase_order == "PO-4711"
    note = invoicing.credit(invoice, reason="Wrong.", by=TESTS, at=at(18))
    assert note.lines.get().purchase_order == "PO-4711"


def test_a_draft_whose_order_went_away_is_not_issued(w):
    order(w)
    [draft] = invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    InvoiceLine.objects.filter(invoice=draft).update(purchase_order="")
    with pytest.raises(Refused, match="Line 1 needs a purchase order"):
        invoicing.issue(draft, by=TESTS, at=at(18))


def test_a_draft_whose_order_has_ended_is_drafted_again_before_it_is_issued(w):
    made = order(w)
    [draft] = invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    made.active = False
    made.by(TESTS).save()
    order(w, "PO-4712")
    with pytest.raises(Refused, match="The purchase order of line 1 has changed"):
        invoicing.issue(draft, by=TESTS, at=at(18))
    [invoice] = invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))
    assert invoice.lines.get().purchase_order == "PO-4712"


def test_an_order_is_of_its_contract_and_stays(w):
    elsewhere = contract_under("egroup-csp-advantage", engagement="calltower-ese", csp="direct")
    with pytest.raises(ValidationError, match="another contract"):
        PurchaseOrder(contract=elsewhere, number="X", engagement=w.engagement).full_clean()
    with refused("another contract"):
        PurchaseOrder(contract=elsewhere, number="X", engagement=w.engagement).by(TESTS).save()
    order(w)
    with refused("permission denied"):
        run("DELETE FROM billing_purchaseorder")
    with pytest.raises(ValidationError, match="formula"):
        PurchaseOrder(contract=w.contract, number="=1+1").full_clean()


@pytest.mark.parametrize(
    ("profile", "column"), [("xero", "Reference"), ("business-central", "externalDocumentNumber")]
)
def test_the_finance_program_reads_it(w, profile, column):
    import csv
    import io

    order(w)
    target(w.entity, profile)
    invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))
    [row] = csv.DictReader(io.StringIO(files(export(w, profile))[0].decode(), newline=""))
    assert row[column].startswith("PO-4711")


def test_finance_enters_one_in_the_records(client, w):
    client.force_login(w.fin)
    address = reverse("admin:billing_purchaseorder_add")
    assert client.get(address).status_code == 200
    sent = client.post(address, {"contract": w.contract.pk, "number": "PO-1", "active": "on"})
    assert sent.status_code == 302
    assert PurchaseOrder.history.get(number="PO-1").actor_name == "Fin"
    assert orders(w) == ["PO-1"]
    client.force_login(w.ana)
    assert client.get(address).status_code == 403

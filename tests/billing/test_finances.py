"""Finance's page: what is worked and not paid yet, by customer and age; and what to look at before a month is invoiced."""

from datetime import date

import pytest
from django.urls import reverse

from billing import answering, collecting, finances, invoicing, months, previewing, timing
from billing.models import PurchaseOrder
from support.actors import Actor
from tests.billing.billing_cases import UNAPPROVED, at, entry, set_clock
from tests.billing.export_cases import OCTOBER, issue, ready
from tests.factories import TESTS
from tests.ground import standing_on

w = standing_on(ready)


def worked(w, month=10, day=14):
    """What and the three ages of each row, as seen on that day."""
    return {row.what: row.ages for row in finances.books(w.entity, at(18, day=day, month=month)).worked}


def needs_orders(w):
    w.contract.rate.order_needed = True
    w.contract.rate.by(TESTS).save()


def test_unbilled_work_grows_older_and_goes_when_it_is_invoiced(w):
    entry(w, at(11), at(12)).save()
    what = "Approved, on no invoice"
    assert worked(w) == {what: ("$250.00", "", "")}
    assert worked(w, month=11) == {what: ("", "$250.00", "")}
    assert worked(w, month=12) == worked(w, month=12, day=31) == {what: ("", "", "$250.00")}
    invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))
    assert worked(w) == {}


def test_what_is_not_billed_is_told_apart(w):
    entry(w, at(11), at(12), **UNAPPROVED).save()  # there was room
    entry(w, at(8.5), at(9), **UNAPPROVED).save()  # before the yes
    entry(w, at(12), at(16)).save()
    entry(w, at(16), at(16.25), **UNAPPROVED).save()
    set_clock(at(17))
    answering.withdraw_approval(w.approval, reason="Stop.", by=Actor.of(w.max), at=at(17))
    set_clock(at(18))
    entry(w, at(17.5), at(18), **UNAPPROVED).save()
    assert list(worked(w).items()) == [
        ("Approved, on no invoice", ("$1,000.00", "", "")),
        ("Over the cap, not billed", ("15 min", "", "")),
        ("After the approval had ended, not billed", ("30 min", "", "")),
        ("Entered as not billable", ("1 h", "", "")),
        ("Without an approval, not billed", ("30 min", "", "")),
    ]


def test_what_waits_for_its_order_is_no_unbilled_work(w):
    entry(w, at(11), at(12)).save()
    needs_orders(w)
    assert worked(w) == {"Waits for a purchase order": ("$250.00", "", "")}


def test_late_work_is_counted(w):
    set_clock(at(9, day=2, month=11))
    months.close(w.entity, OCTOBER, by=Actor.of(w.fin), at=at(9, day=2, month=11))
    book = {"started_at": at(15), "stopped_at": at(16), "text": "Late", "person": w.ana}
    timing.book(w.engagement, approval=w.approval, by=TESTS, at=at(9, day=2, month=11), **book)
    assert worked(w, month=11, day=2) == {"Late work, pieces": ("", "1", "")}


@pytest.mark.parametrize(
    ("day", "month", "column"), [(13, 11, 0), (14, 11, 1), (13, 12, 1), (14, 12, 2), (30, 12, 2)]
)
def test_what_is_to_be_paid_moves_on_with_the_days(w, day, month, column):
    issue(w, 60)  # due on 13 November
    found = finances.books(w.entity, at(18, day=day, month=month))
    [owed] = found.owed
    assert [amount for _column, amount in owed.late] == ["$300.00" if n == column else "" for n in range(4)]
    assert owed.disputed == ""
    assert len(found.invoices) == 1


def test_disputed_apart_and_paid_not_at_all(w):
    [invoice] = issue(w, 60)
    by = Actor.of(w.fin)
    collecting.note(invoice, "disputed", reason="Too much.", by=by, at=at(18))
    [owed] = finances.books(w.entity, at(18)).owed
    assert (owed.disputed, [amount for _column, amount in owed.late]) == ("$300.00", [""] * 4)
    collecting.note(invoice, "paid", paid_on=date(2026, 10, 14), by=by, at=at(18))
    assert finances.books(w.entity, at(18)).owed == []


def test_months_that_are_over_are_to_be_closed(w):
    entry(w, at(11), at(12)).save()
    assert finances.books(w.entity, at(18)).to_close == []
    assert finances.books(w.entity, at(18, month=11)).to_close == [OCTOBER]


def warned(w):
    return [
        (customer.pk, sentences)
        for customer, sentences in previewing.warnings(
            w.entity, OCTOBER, invoicing.preview(w.entity, OCTOBER), []
        )
    ]


def test_a_month_says_what_to_look_at_first(w):
    entry(w, at(11), at(12)).save()
    payer = w.contract.bill_to
    assert warned(w) == []
    entry(w, at(12), at(13), **UNAPPROVED).save()
    entry(w, at(13), at(16)).save()
    entry(w, at(16), at(17), **UNAPPROVED).save()
    order = PurchaseOrder(contract=w.contract, number="PO-1", amount=200)
    order.by(TESTS).save()
    payer.finance_name = ""
    payer.by(TESTS).save()
    assert warned(w) == [
        (
            payer.pk,
            [
                "No finance name is set: an export would be refused.",
                "1 h went over the cap and are not billed.",
                "1 h were entered as not billable.",
                "Purchase order PO-1 has $200.00 left, and $1,000.00 would be asked.",
            ],
        )
    ]
    needs_orders(w)
    order.active = False
    order.by(TESTS).save()
    assert warned(w)[0][1] == [
        "4 h wait for a purchase order, and are on no invoice until it is entered.",
        "1 h went over the cap and are not billed.",
        "1 h were entered as not billable.",
    ]


def test_what_an_order_has_paid_for_counts(w):
    PurchaseOrder(contract=w.contract, number="PO-1", amount=400).by(TESTS).save()
    issue(w, 60)
    entry(w, at(14), at(15)).save()
    [(_payer, [sentence])] = warned(w)
    assert sentence == "Purchase order PO-1 has $150.00 left, and $250.00 would be asked."


def test_the_page_is_of_finance_and_costs_the_same_for_one_and_for_many(
    client, cast, w, django_assert_num_queries
):
    address = reverse("billing:finance-page")
    for person, status in [(w.ana, 403), (cast.robin, 404), (w.max, 200), (w.fin, 200)]:
        client.force_login(person)
        assert client.get(address).status_code == status
    entry(w, at(8.5), at(9), **UNAPPROVED).save()
    issue(w, 60)
    page = client.get(address).text
    assert "INV-2026-000001" in page
    with django_assert_num_queries(16):
        client.get(address)
    for hour in (13, 15):
        entry(w, at(hour), at(hour + 0.5)).save()
        invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))
    with django_assert_num_queries(16):
        client.get(address)


def test_an_empty_book_says_so(client, cast):
    client.force_login(cast.fin)
    page = client.get(reverse("billing:finance-page")).text
    assert "all of it is invoiced" in page
    assert "every invoice is paid" in page

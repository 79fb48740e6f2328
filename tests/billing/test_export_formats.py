"""Files for finance programs, read back by a reader of our own: columns, dates, amounts, and what each importer documents."""

import re
from decimal import Decimal

import pytest

from billing import exported, invoicing
from tests.billing.billing_cases import at, set_clock
from tests.billing.export_cases import (
    FORMATS,
    NUMBER,
    cents,
    export,
    files,
    issue,
    net,
    ready,
    rows,
    table,
    target,
    whole,
)
from tests.factories import TESTS
from tests.ground import standing_on

US = "*InvoiceNo,*Customer,*InvoiceDate,*DueDate,Terms,Location,Memo,Item(Product/Service),ItemDescription,ItemQuantity,ItemRate,*ItemAmount"
HEADERS = {
    "xero": "*ContactName,EmailAddress,POAddressLine1,POAddressLine2,POAddressLine3,POAddressLine4,POCity,PORegion,POPostalCode,POCountry,"
    "*InvoiceNumber,Reference,*InvoiceDate,*DueDate,InventoryItemCode,*Description,*Quantity,*UnitAmount,Discount,*AccountCode,*TaxType,"
    "TrackingName1,TrackingOption1,TrackingName2,TrackingOption2,Currency,BrandingTheme",
    "quickbooks": f"{US},Item Tax Amount,*Item Tax Code,Currency",
    "sage": "Type,Account Reference,Nominal A/C Ref,Department Code,Date,Reference,Details,Net Amount,Tax Code,Tax Amount,Exchange Rate,"
    "Extra Reference,User Name,Project Refn,Cost Code Refn",
    "sage-accounting": "Type,Customer Reference,Date,Customer Name,Reference,Ledger Account,Details,Net,VAT Rate,VAT,Total,"
    "Analysis Type 1,Analysis Type 2,Analysis Type 3",
    "business-central": "number,externalDocumentNumber,customerNumber,invoiceDate,postingDate,dueDate,currencyCode,lineType,"
    "lineObjectNumber,description,quantity,unitPrice,taxCode",
}
DATES = {
    "generic": ("invoice_date", "2026-10-14"),
    "xero": ("*InvoiceDate", "14/10/2026"),
    "quickbooks": ("*InvoiceDate", "10/14/2026"),
    "sage": ("Date", "14/10/2026"),
    "sage-accounting": ("Date", "14-10-2026"),
    "business-central": ("postingDate", "2026-10-14"),
}


w = standing_on(ready)


@pytest.mark.parametrize("profile", HEADERS)
def test_the_columns_stand_as_the_importer_documents_them(w, profile):
    target(w.entity, profile)
    issue(w, 60)
    [content] = files(export(w, profile))
    assert content.split(b"\r\n")[0].decode() == HEADERS[profile]


@pytest.mark.parametrize("profile", FORMATS)
def test_an_invoice_and_its_credit_are_booked_to_the_cent(w, profile):
    target(w.entity, profile)
    [invoice] = issue(w, 7, 11, 2)
    note = invoicing.credit(invoice, reason="x", by=TESTS, at=at(18))
    batch = export(w, profile)
    booked = {row[NUMBER[profile]]: net(profile, row) for row in rows(batch)}
    assert booked == {invoice.reference: Decimal("83.33"), note.reference: Decimal("-83.33")}
    assert list(whole(profile, batch).values()) == [1, 1]
    column, date = DATES[profile]
    assert {row[column] for row in rows(batch)} == {date}


def test_what_hours_do_not_multiply_to_has_quantity_one_and_the_minutes_in_the_text(w):
    issue(w, 10)
    for profile, quantity, price, text in [
        ("xero", "*Quantity", "*UnitAmount", "*Description"),
        ("quickbooks", "ItemQuantity", "ItemRate", "ItemDescription"),
        ("business-central", "quantity", "unitPrice", "description"),
    ]:
        target(w.entity, profile)
        [row] = rows(export(w, profile))
        assert (row[quantity], row[price]) == ("1.0000", "41.67")
        assert row[text].endswith("(10 min)")


def test_xero_is_told_the_tax_by_its_display_name_and_the_settings_account(w):
    target(w.entity, "xero", account_code="0200", item_name="SUPPORT", date_order="MDY")
    issue(w, 60)
    [row] = rows(export(w, "xero"))
    assert (row["*TaxType"], row["*AccountCode"]) == ("20% (VAT on Income)", "0200")
    assert (row["*ContactName"], row["InventoryItemCode"]) == ("Northwind Ltd", "SUPPORT")
    assert (row["*DueDate"], row["Currency"]) == ("11/13/2026", "USD")


def test_quickbooks_gets_credit_notes_apart_and_no_negative_amount_among_its_invoices(w):
    target(w.entity, "quickbooks")
    [invoice] = issue(w, 60)
    note = invoicing.credit(invoice, reason="x", by=TESTS, at=at(18))
    batch = export(w, "quickbooks")
    imported, apart = [table(content)[1] for content in files(batch)]
    assert [row["*InvoiceNo"] for row in imported] == [invoice.reference]
    assert [(row["*InvoiceNo"], row["*ItemAmount"]) for row in apart] == [(note.reference, "-250.00")]
    assert [(file.credits, file.suffix) for file in batch.files.order_by("number")] == [
        (False, ""),
        (True, "-2-credits"),
    ]


def test_quickbooks_of_the_united_states_has_no_tax_columns(clock):
    w = ready()
    target(w.entity, "quickbooks", tax_columns=False)
    w.contract.rate.tax_rate = 0
    w.contract.rate.by(TESTS).save()
    assert HEADERS["quickbooks"].startswith(US)
    issue(w, 60)
    with pytest.raises(Exception, match="carry tax, and the file would not: turn the tax columns on"):
        export(w, "quickbooks")
    set_clock(None)


def test_sage_50_books_each_row_with_its_own_tax_and_credits_as_a_positive_type(w):
    target(w.entity, "sage", account_code="0400")
    [invoice] = issue(w, 11)
    note = invoicing.credit(invoice, reason="x", by=TESTS, at=at(18))
    sold, credited = rows(export(w, "sage"))
    assert [sold["Type"], credited["Type"]] == ["SI", "SC"]
    for row in (sold, credited):
        assert (row["Net Amount"], row["Tax Amount"]) == ("45.83", "9.17")
        assert cents(Decimal(row["Net Amount"]) / 5) == Decimal(row["Tax Amount"])
        assert (row["Account Reference"], row["Nominal A/C Ref"], row["Tax Code"]) == (
            "NORTHW01",
            "0400",
            "T1",
        )
        assert len(row["Details"]) <= 60
        assert len(row["Reference"]) <= 30
    assert re.search(r"-?11 min", sold["Details"])
    assert credited["Extra Reference"] == invoice.reference != note.reference


def test_sage_accounting_says_invoice_and_credit_note_in_its_own_words(w):
    target(w.entity, "sage-accounting")
    [invoice] = issue(w, 60)
    invoicing.credit(invoice, reason="x", by=TESTS, at=at(18))
    read = rows(export(w, "sage-accounting"))
    assert [row["Type"] for row in read] == ["Invoice", "Cr Note"]
    assert {(row["Net"], row["VAT"], row["Total"]) for row in read} == {("250.00", "50.00", "300.00")}


def test_business_central_names_an_item_or_else_the_account(w):
    target(w.entity, "business-central", item_name="SUPPORT")
    issue(w, 60)
    [row] = rows(export(w, "business-central"))
    assert (row["lineType"], row["lineObjectNumber"], row["customerNumber"]) == (
        "Item",
        "SUPPORT",
        "NORTHW01",
    )
    assert (row["number"], row["taxCode"]) == ("INV-2026-000001", "STD")


@pytest.mark.parametrize("marked", [True, False])
def test_a_byte_order_mark_stands_where_the_settings_ask_for_it(w, marked):
    target(w.entity, "xero", byte_order_mark=marked)
    issue(w, 60)
    [content] = files(export(w, "xero"))
    assert content.startswith(b"\xef\xbb\xbf*ContactName") is marked


@pytest.mark.parametrize("profile", FORMATS)
def test_a_batch_says_what_its_lines_say_whatever_is_renamed_afterwards(w, profile):
    chosen = target(w.entity, profile)
    issue(w, 60)
    export(w, profile)
    assert exported.strayed() == []
    w.engagement.title = "Another title"
    w.engagement.by(TESTS).save()
    customer = w.contract.bill_to
    customer.finance_name, customer.account_reference = "Another", "OTHER"
    customer.by(TESTS).save()
    chosen.account_code, chosen.tax_names, chosen.item_name = "1", "STD = T9", "Other"
    chosen.by(TESTS).save()
    assert exported.strayed() == []
    assert exported.altered() == []


@pytest.mark.parametrize("profile", FORMATS)
def test_a_second_export_gives_the_same_files_and_takes_nothing_twice(w, profile):
    target(w.entity, profile)
    issue(w, 60)
    first, again = export(w, profile), export(w, profile)
    assert (first.pk, files(first)) == (again.pk, files(again))

"""Xero's sales invoice import: rows of one number are one invoice; it works out totals and tax from quantity, price and rate.

Figures of the importer: 500 invoices a file, dates as its organisation writes them, tax rates by the name that they have there.
"""

from collections.abc import Mapping
from decimal import Decimal

from billing import money
from billing.formats import cells, needs
from billing.formats.form import Form, Need, Said, Settings

INVOICES = 500
_NOTHING = "NULL"


def _columns(settings: Settings) -> dict[str, str]:
    order = FORM.order(settings)
    address = ["POAddressLine1", "POAddressLine2", "POAddressLine3", "POAddressLine4"]
    address += ["POCity", "PORegion", "POPostalCode", "POCountry"]
    return {
        "*ContactName": "finance_name",
        "EmailAddress": _NOTHING,
        **dict.fromkeys(address, _NOTHING),
        "*InvoiceNumber": "number",
        "Reference": cells.text("concat_ws(' ', credit_of, purchase_order, ticket)"),
        "*InvoiceDate": cells.day("invoice_date", order),
        "*DueDate": cells.day("due_date", order),
        "InventoryItemCode": "item",
        "*Description": cells.text("description"),
        "*Quantity": "quantity",
        "*UnitAmount": cells.amount("price"),
        "Discount": _NOTHING,
        "*AccountCode": "account",
        "*TaxType": "tax_name",
        "TrackingName1": _NOTHING,
        "TrackingOption1": _NOTHING,
        "TrackingName2": _NOTHING,
        "TrackingOption2": _NOTHING,
        "Currency": "currency",
        "BrandingTheme": _NOTHING,
    }


def _said(row: Mapping[str, str]) -> Said:
    net = money.rounded(Decimal(row["*Quantity"]) * Decimal(row["*UnitAmount"]))
    return Said(row["*InvoiceNumber"], None, net, None)


def _needs(settings: Settings) -> list[Need]:
    names = needs.formulas("finance_name", "account", "item", "tax_name")
    return [needs.NAME, needs.ACCOUNT, needs.TAX, *names]


FORM = Form(
    title="Xero",
    columns=_columns,
    said=_said,
    needs=_needs,
    of_its_day=frozenset({"*ContactName"}),
    dates=("DMY", "MDY"),
    invoices=INVOICES,
)

"""Rows for Business Central, which imports no CSV of invoices: the columns carry the names of its API's sales invoices and lines.

Numbers have up to 20 characters. A line is of the item that the settings name, or else of its account.
"""

from collections.abc import Mapping
from decimal import Decimal

from billing import money
from billing.formats import cells, needs
from billing.formats.form import Form, Need, Said, Settings

NUMBER = 20


def _columns(settings: Settings) -> dict[str, str]:
    return {
        "number": "number",
        "externalDocumentNumber": "coalesce(credit_of, purchase_order, approval)",
        "customerNumber": "account_reference",
        "invoiceDate": cells.day("invoice_date", "YMD"),
        "postingDate": cells.day("invoice_date", "YMD"),
        "dueDate": cells.day("due_date", "YMD"),
        "currencyCode": "currency",
        "lineType": "CASE WHEN item = '' THEN 'Account' ELSE 'Item' END",
        "lineObjectNumber": "coalesce(nullif(item, ''), account)",
        "description": cells.text("description"),
        "quantity": "quantity",
        "unitPrice": cells.amount("price"),
        "taxCode": "coalesce(tax_name, tax_code)",
    }


def _said(row: Mapping[str, str]) -> Said:
    net = money.rounded(Decimal(row["quantity"]) * Decimal(row["unitPrice"]))
    return Said(row["number"], None, net, None)


def _needs(settings: Settings) -> list[Need]:
    limits = [needs.number_within(NUMBER), needs.reference_within(NUMBER)]
    account = [] if settings.item_name else [needs.ACCOUNT]
    names = needs.formulas("account_reference", "account", "item", "coalesce(tax_name, tax_code)")
    return [needs.REFERENCE, *account, *limits, *names]


FORM = Form(
    title="Business Central",
    columns=_columns,
    said=_said,
    needs=_needs,
    of_its_day=frozenset({"customerNumber"}),
)

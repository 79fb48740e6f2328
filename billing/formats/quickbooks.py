"""QuickBooks Online's invoice import: no negative amount and no credit note, so these stand in a file of their own.

Figures of the importer: 100 invoices and 1,000 rows a file with the heading, invoice numbers of 21 characters, descriptions
of 4,000. Without the tax columns the file is that of the United States; a company there with sales tax cannot import at all.
"""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from billing.formats import cells, needs
from billing.formats.form import Form, Need, Said, Settings

INVOICES, ROWS, NUMBER, DESCRIPTION = 100, 999, 21, 4000


def _columns(settings: Settings) -> dict[str, str]:
    order = FORM.order(settings)
    common = {
        "*InvoiceNo": "number",
        "*Customer": "finance_name",
        "*InvoiceDate": cells.day("invoice_date", order),
        "*DueDate": cells.day("due_date", order),
        "Terms": "NULL",
        "Location": "NULL",
        "Memo": cells.text("concat_ws(' ', credit_of, ticket, engagement)"),
        "Item(Product/Service)": "item",
        "ItemDescription": cells.text("description", DESCRIPTION),
        "ItemQuantity": "quantity",
        "ItemRate": cells.amount("price"),
        "*ItemAmount": cells.amount("net"),
    }
    if not settings.tax_columns:
        return common | {"Service Date": "NULL"}
    return common | {
        "Item Tax Amount": cells.amount("tax"),
        "*Item Tax Code": "tax_name",
        "Currency": "currency",
    }


def _said(row: Mapping[str, str]) -> Said:
    tax = row.get("Item Tax Amount")
    return Said(row["*InvoiceNo"], None, Decimal(row["*ItemAmount"]), None if tax is None else Decimal(tax))


def _needs(settings: Settings) -> list[Need]:
    taxed = [needs.TAX] if settings.tax_columns else [needs.UNTAXED, needs.CURRENCY]
    limits = [needs.number_within(NUMBER), needs.rows_within(ROWS)]
    names = needs.formulas("finance_name", "item", "tax_name")
    return [needs.NAME, *taxed, needs.NEGATIVE, *limits, *names]


FORM = Form(
    title="QuickBooks Online",
    warning=_(
        "A company of the United States with sales tax switched on cannot use this import: enter its invoices by hand."
    ),
    columns=_columns,
    said=_said,
    needs=_needs,
    of_its_day=frozenset({"*Customer"}),
    dates=("MDY", "DMY"),
    invoices=INVOICES,
    rows=ROWS,
    credits_apart=True,
)

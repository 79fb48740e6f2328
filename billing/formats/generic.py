"""The generic CSV: every fact of a line under a plain name, ISO dates, hours as quantity.

A credit note is an invoice of its own with its own number; its lines are negative in minutes, quantity and amounts, at
the positive unit price, and `credit_of` names what they correct, so that a sum over the file is what is owed.
"""

from collections.abc import Mapping
from decimal import Decimal

from billing.formats import cells, needs
from billing.formats.form import Form, Said, Settings


def _columns(settings: Settings) -> dict[str, str]:
    return {
        "invoice_number": "number",
        "customer_name": "finance_name",
        "customer_ref": "account_reference",
        "invoice_date": cells.day("invoice_date", "YMD"),
        "due_date": cells.day("due_date", "YMD"),
        "currency": "currency",
        "line_number": "position",
        "description": cells.text("description"),
        "line_kind": "kind",
        "billed_minutes": "minutes",
        "quantity": "quantity",
        "unit_price": cells.amount("price"),
        "net_amount": cells.amount("net"),
        "tax_code": cells.text("tax_code"),
        "tax_rate": cells.plain("tax_rate"),
        "tax_amount": cells.amount("tax"),
        "gross_amount": cells.amount("net + tax"),
        "account_code": cells.text("account"),
        "ticket_refs": "ticket",
        "engagement_reference": "engagement",
        "approval_reference": "approval",
        "credit_of": "credit_of",
    }


def _said(row: Mapping[str, str]) -> Said:
    return Said(
        row["invoice_number"],
        int(row["billed_minutes"]),
        Decimal(row["net_amount"]),
        Decimal(row["tax_amount"]),
    )


FORM = Form(
    title="Generic",
    columns=_columns,
    said=_said,
    needs=lambda settings: [needs.NAME, *needs.formulas("finance_name", "account_reference")],
    of_its_day=frozenset({"customer_name", "customer_ref"}),
)

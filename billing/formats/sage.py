"""Sage 50 Accounts' import of audit-trail transactions: one transaction a row, credits as a type of their own and positive.

Figures of the importer: account references of 8 characters without spaces, a reference of 30, details of 60, tax codes T0 to T99.
"""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from billing.formats import cells, needs
from billing.formats.form import Form, Need, Said, Settings

ACCOUNT, REFERENCE, DETAILS = 8, 30, 60


def _columns(settings: Settings) -> dict[str, str]:
    return {
        "Type": "CASE WHEN credit THEN 'SC' ELSE 'SI' END",
        "Account Reference": "account_reference",
        "Nominal A/C Ref": "account",
        "Department Code": "NULL",
        "Date": cells.day("invoice_date", "DMY"),
        "Reference": "number",
        "Details": cells.text("brief", DETAILS),
        "Net Amount": cells.amount("abs(net)"),
        "Tax Code": "tax_name",
        "Tax Amount": cells.amount("abs(tax)"),
        "Exchange Rate": "NULL",
        "Extra Reference": "credit_of",
        "User Name": "NULL",
        "Project Refn": "NULL",
        "Cost Code Refn": "NULL",
    }


def _said(row: Mapping[str, str]) -> Said:
    sign = -1 if row["Type"] == "SC" else 1
    return Said(row["Reference"], None, sign * Decimal(row["Net Amount"]), sign * Decimal(row["Tax Amount"]))


def _needs(settings: Settings) -> list[Need]:
    codes = needs.tax_like("^T[0-9]{1,2}$", _("Sage 50 knows the tax codes T0 to T99, and not these"))
    limits = [needs.reference_within(ACCOUNT, spaces=False), needs.number_within(REFERENCE)]
    names = needs.formulas("account_reference", "account")
    return [needs.REFERENCE, needs.ACCOUNT, needs.TAX, codes, needs.NEGATIVE, needs.CURRENCY, *limits, *names]


FORM = Form(
    title="Sage 50",
    columns=_columns,
    said=_said,
    needs=_needs,
    of_its_day=frozenset({"Account Reference"}),
    dates=("DMY",),
)

"""Sage Accounting's quick entry of sales: invoices and credit notes as types of their own, both positive.

Figures of the importer: files of 0.5 MB, a customer reference of 10 characters, a name of 50, a reference of 25, a ledger account
of 8 digits. A company without VAT has a template without its columns.
"""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from billing.formats import cells, needs
from billing.formats.form import Form, Need, Said, Settings

SIZE, CUSTOMER, NAME, REFERENCE = 480_000, 10, 50, 25


def _columns(settings: Settings) -> dict[str, str]:
    order = FORM.order(settings)
    columns = {
        "Type": "CASE WHEN credit THEN 'Cr Note' ELSE 'Invoice' END",
        "Customer Reference": "account_reference",
        "Date": cells.day("invoice_date", order, between="-"),
        "Customer Name": "finance_name",
        "Reference": "number",
        "Ledger Account": "account",
        "Details": cells.text("description"),
        "Net": cells.amount("abs(net)"),
        "VAT Rate": "tax_name",
        "VAT": cells.amount("abs(tax)"),
        "Total": cells.amount("abs(net + tax)"),
        "Analysis Type 1": "NULL",
        "Analysis Type 2": "NULL",
        "Analysis Type 3": "NULL",
    }
    if not settings.tax_columns:
        del columns["VAT Rate"], columns["VAT"]
    return columns


def _said(row: Mapping[str, str]) -> Said:
    sign = -1 if row["Type"] == "Cr Note" else 1
    net, total = sign * Decimal(row["Net"]), sign * Decimal(row["Total"])
    return Said(row["Reference"], None, net, total - net)


def _needs(settings: Settings) -> list[Need]:
    digits = needs.account_like("^[0-9]{1,8}$", _("Ledger accounts have up to 8 digits, and these do not"))
    limits = [needs.reference_within(CUSTOMER), needs.name_within(NAME), needs.number_within(REFERENCE)]
    taxed = needs.TAX if settings.tax_columns else needs.UNTAXED
    names = needs.formulas("finance_name", "account_reference", "tax_name")
    found = [needs.NAME, needs.REFERENCE, needs.ACCOUNT, digits, taxed, needs.NEGATIVE, needs.CURRENCY]
    return [*found, *limits, *names]


FORM = Form(
    title="Sage Accounting",
    columns=_columns,
    said=_said,
    needs=_needs,
    of_its_day=frozenset({"Customer Reference", "Customer Name"}),
    dates=("DMY", "MDY"),
    size=SIZE,
)

"""What formats need of a customer, an invoice and the settings before anything is written, each with what to do about it."""

from django.utils.translation import gettext_lazy as _

from billing.formats.cells import begins_a_formula
from billing.formats.form import Need

NAME = Need("btrim(finance_name) = ''", "customer", _("These customers have no name for finance"))
REFERENCE = Need(
    "btrim(account_reference) = ''",
    "customer",
    _("These customers have no account reference: write it on the customer"),
)
ACCOUNT = Need(
    "btrim(account) = ''",
    "number",
    _("The lines of these invoices have no account code: write one into the settings of the format"),
)
# Our code is what the settings have to name; a line without a code is told as (none).
TAX = Need(
    "coalesce(tax_name, '') = ''",
    "CASE WHEN tax_code = '' THEN '(none)' ELSE tax_code END",
    _("The settings of the format do not say what the finance program calls these tax codes"),
)
UNTAXED = Need(
    "tax <> 0",
    "number",
    _(
        "These invoices carry tax, and the file would not: turn the tax columns on in the settings of the format"
    ),
)
NEGATIVE = Need(
    "NOT credit AND net < 0",
    "number",
    _("These invoices have negative amounts, which the program does not take: enter them by hand"),
)
# Of a format without a column for it: the program would read the amounts as those of its own books.
CURRENCY = Need(
    "currency <> books",
    "number || ', ' || currency",
    _(
        "These invoices are not in the currency of the company, which the file cannot say: export this month in a format that names the currency"
    ),
)
_FORMULAS = _("Finance programs would read these names as formulas")


def formulas(*names: str) -> list[Need]:
    """A name that finance matches cannot get a quote before it, so one that begins a formula is refused."""
    return [Need(begins_a_formula(f"coalesce({name}, '')"), name, _FORMULAS) for name in names]


def number_within(width: int) -> Need:
    do = _("These invoice numbers are longer than the %d characters that the program takes") % width
    return Need(f"length(number) > {width}", "number", do)


def name_within(width: int) -> Need:
    do = _("These customers' names for finance are longer than the %d characters that the program takes")
    return Need(f"length(finance_name) > {width}", "customer", do % width)


def reference_within(width: int, spaces: bool = True) -> Need:
    too_long = f"length(account_reference) > {width}"
    if spaces:
        do = _("These customers' account references are longer than the %d characters that the program takes")
        return Need(too_long, "customer", do % width)
    do = _(
        "These customers' account references have spaces, or more than the %d characters that the program takes"
    )
    return Need(rf"{too_long} OR account_reference ~ '\s'", "customer", do % width)


def account_like(pattern: str, do: str) -> Need:
    return Need(f"account <> '' AND account !~ '{pattern}'", "account", do)


def tax_like(pattern: str, do: str) -> Need:
    return Need(f"tax_name <> '' AND tax_name !~ '{pattern}'", "tax_name", do)


def rows_within(rows: int) -> Need:
    do = _(
        "These invoices have more than the %d lines that the program takes in one file: enter them by hand"
    )
    return Need(f"position > {rows}", "number", do % rows)

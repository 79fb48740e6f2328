"""The generic CSV: every fact of a line under a plain name, ISO dates, hours as quantity.

A credit note is an invoice of its own with its own number; its lines are negative in minutes, quantity and amounts, at
the positive unit price, and `credit_of` names what they correct, so that a sum over the file is what is owed.
"""

from collections.abc import Iterable
from decimal import Decimal

from billing import money
from billing.formats import cells
from billing.models import InvoiceLine

HEADER = [
    "invoice_number",
    "customer_name",
    "customer_ref",
    "invoice_date",
    "due_date",
    "currency",
    "line_number",
    "description",
    "line_kind",
    "billed_minutes",
    "quantity",
    "unit_price",
    "net_amount",
    "tax_code",
    "tax_rate",
    "tax_amount",
    "gross_amount",
    "account_code",
    "ticket_refs",
    "engagement_reference",
    "approval_reference",
    "credit_of",
]
NET, GROSS = HEADER.index("net_amount"), HEADER.index("gross_amount")
OF_ITS_DAY = {
    HEADER.index("customer_name"),
    HEADER.index("customer_ref"),
}  # all else is of lines that never change


def write(lines: Iterable[InvoiceLine]) -> bytes:
    return cells.document(HEADER, (_row(line) for line in lines))


def _row(line: InvoiceLine) -> list[str]:
    invoice, engagement = line.invoice, line.approval.engagement
    quantity, price, description = _priced(line)
    return [
        invoice.reference,
        invoice.bill_to.finance_name,
        invoice.bill_to.account_reference,
        cells.day(invoice.invoice_date),
        cells.day(invoice.due_date),
        invoice.currency,
        f"{line.position}",
        cells.text(description),
        line.kind,
        f"{line.minutes}",
        quantity,
        cells.amount(price),
        cells.amount(line.net),
        cells.text(line.tax_code),
        cells.plain(line.tax_rate),
        cells.amount(line.tax),
        cells.amount(line.net + line.tax),
        cells.text(line.account_code),
        engagement.ticket.number,
        engagement.reference,
        line.approval.reference,
        invoice.credits.reference if invoice.credits else "",
    ]


def _priced(line: InvoiceLine) -> tuple[str, Decimal, str]:
    """Hours and rate where an importer multiplies them to the line's amount; else 1 and the amount, minutes in the text."""
    hours = cells.hours(line.minutes)
    if money.rounded(hours * line.rate) == line.net:
        return f"{hours}", line.rate, line.description
    one = Decimal(1).copy_sign(line.net)
    return f"{one:.4f}", abs(line.net), f"{line.description} ({line.minutes} min)"

"""An invoice or credit note as it leaves: what is asked for and why, and as an annex every piece of work that it rests on."""

from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from billing import signers
from billing.models import Added, Delivery, Invoice, InvoiceLine, TimeEntry
from billing.money import Money
from support import pdf

RESTS_ON = (
    "billed__entry__person",
    "credits__billed__entry__person",
    "delivered__delivery",
    "credits__delivered__delivery",
    "topped_up",
    "credits__topped_up",
    "approval__offer__signatures",
)


def render(invoice: Invoice) -> bytes:
    """As PDF, in the language and zone of whoever pays. Raises pdf.NotPossible."""
    payer = invoice.bill_to
    with translation.override(payer.locale), timezone.override(ZoneInfo(payer.time_zone)):
        return pdf.render("billing/invoice_paper.html", _context(invoice, payer.time_zone))


def _context(invoice: Invoice, zone: str) -> dict:
    lines = invoice.lines.select_related("approval__offer", "credits").prefetch_related(*RESTS_ON)
    lines = list(lines.order_by("position"))
    return {
        "dated": invoice.issued_at,
        "invoice": invoice,
        "credited": invoice.credits,
        "zone": zone,
        "lines": [_line(line, invoice.currency) for line in lines],
        "works": [
            (line, line.approval.offer, _signers(line), _entries(line), _delivered(line), _topped_up(line))
            for line in lines
        ],
        "net": _money(invoice.net, invoice),
        "tax": _money(invoice.tax, invoice),
        "total": _money(invoice.total, invoice),
    }


def _money(amount, invoice: Invoice) -> str:
    return str(Money(amount, invoice.currency))


def _line(line: InvoiceLine, currency: str) -> dict:
    return {
        "position": line.position,
        "what": line.description,
        "minutes": line.counted or "",
        "rate": str(Money(line.rate, currency)),
        "unit": _unit(line),
        "net": str(Money(line.net, currency)),
        "tax_rate": f"{line.tax_rate.normalize():f}",
        "tax_code": line.tax_code,
        "tax": str(Money(line.tax, currency)),
    }


def _unit(line: InvoiceLine) -> str:
    """What the price is for; nothing for a whole."""
    if line.surcharge == Added.VISIT:
        return _("a visit")
    return _("an hour") if line.counted else ""


def _signers(line: InvoiceLine) -> str:
    return signers.names(line.approval.offer.signatures.all())


def _delivered(line: InvoiceLine) -> Delivery | None:
    return next((each.delivery for each in (line.credits or line).delivered.all()), None)


def _topped_up(line: InvoiceLine) -> tuple[str, str] | None:
    """Of what was left to a minimum: the minimum, and what time and surcharges came to."""
    offer = line.approval.offer
    for row in (line.credits or line).topped_up.all():
        return str(Money(offer.minimum_charge, offer.currency)), str(Money(row.charged, offer.currency))
    return None


def _entries(line: InvoiceLine) -> list[TimeEntry]:
    """The work on a line; on a credit note, the work that it frees."""
    billed = (line.credits or line).billed.all()
    return sorted((each.entry for each in billed), key=lambda entry: (entry.started_at, entry.pk))

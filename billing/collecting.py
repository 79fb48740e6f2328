"""How issued invoices stand: what is to be paid, since when it is overdue, and what finance notes on them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import DecimalField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.models import Invoice, InvoiceNote
from billing.money import Money
from billing.rules import verb
from support.actors import Actor
from support.naming import is_said
from support.refusal import Refused

What = InvoiceNote.What


@verb
def note(
    invoice: Invoice,
    what: str,
    *,
    paid_on: date | None = None,
    reference: str = "",
    reason: str = "",
    by: Actor,
    at: datetime,
) -> InvoiceNote:
    """Note that it is paid (the day, and the payment's reference), or disputed, written off or open again with a reason.

    Refused where that does not follow from how it stands, or when somebody noted something at the same moment.
    """
    if what == What.PAID and paid_on is None:
        raise Refused(_("Say on which day it was paid."), "paid_on")
    if what != What.PAID and not is_said(reason):
        raise Refused(_("Write down why."), "reason")
    if not reference.isprintable():
        raise Refused(_("Write the reference with letters and figures alone."), "reference")
    paid = {"paid_on": paid_on, "reference": reference.strip()} if what == What.PAID else {}
    made = InvoiceNote(invoice=invoice, what=what, reason=reason.strip(), **paid)
    made.actor = by
    made.save(force_insert=True)
    made.refresh_from_db()
    return made


@dataclass(frozen=True, slots=True)
class Standing:
    """Of an issued invoice that `with_standing` has read; `due` is what is still to be paid."""

    what: str
    due: Money
    late: int  # days since the due date, none before it

    @property
    def words(self) -> str:
        """ "paid", "12 days overdue", "credited in full", "open"."""
        if self.what == What.PAID:
            return _("paid")
        if self.what == What.WRITTEN_OFF:
            return _("written off")
        if not self.due.amount:
            return _("credited in full")
        if self.what == What.DISPUTED:
            return _("disputed")
        if self.late:
            return ngettext("1 day overdue", "%(n)d days overdue", self.late) % {"n": self.late}
        return _("open")

    @property
    def is_open(self) -> bool:
        """Somebody still has to pay it, or to settle the dispute."""
        return self.what not in (What.PAID, What.WRITTEN_OFF) and self.due.amount > 0


def with_standing(invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """Each with `noted`, what its newest note says, and `credited`, the total of its credit notes (negative)."""
    newest = InvoiceNote.objects.filter(invoice=OuterRef("pk")).order_by("-turn").values("what")[:1]
    notes = Invoice.objects.issued().filter(credits=OuterRef("pk")).order_by().values("credits")
    sums = notes.annotate(sum=Sum("total")).values("sum")
    zero = Value(Decimal(0), DecimalField(max_digits=12, decimal_places=2))
    return invoices.annotate(
        noted=Coalesce(Subquery(newest), Value("")), credited=Coalesce(Subquery(sums), zero)
    )


def said(invoice: Invoice, at: datetime) -> Standing | None:
    """How one of `with_standing` stands, by the seller's calendar; nothing for a credit note, which nobody pays."""
    if invoice.credits_id is not None:
        return None
    today = at.astimezone(ZoneInfo(invoice.legal_entity.time_zone)).date()
    settled = invoice.noted in (What.PAID, What.WRITTEN_OFF)
    due = Money(Decimal(0) if settled else invoice.total + invoice.credited, invoice.currency)
    return Standing(invoice.noted, due, max((today - invoice.due_date).days, 0) if due.amount > 0 else 0)


def may_follow(invoice: Invoice) -> tuple[What, ...]:
    """What may be noted on it now; nothing on a credit note or a draft."""
    if invoice.number is None or invoice.credits_id is not None:
        return ()
    newest = invoice.notes.order_by("-turn").values_list("what", flat=True).first()
    return InvoiceNote.NEXT[newest or ""]

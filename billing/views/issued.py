"""An issued invoice: its lines, how it stands, what finance notes on it, and its credit note."""

from collections.abc import Collection

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import collecting, delivery, invoice_mail, invoicing
from billing.forms.invoices import CreditForm, NoteForm, PaidForm
from billing.models import Invoice, InvoiceLine, InvoiceNote
from billing.money import Money
from billing.views.verbs import carried_out
from support import pdf
from support.models import Mail
from support.once import once

PAID = InvoiceNote.What.PAID


@require_safe
def invoice_page(request, reference):
    return _page(request, _found(reference))


@require_POST
@once
def invoice_credit(request, reference):
    invoice, made = _found(reference), []
    form = _credit_form(invoice, invoicing.not_credited(invoice), request.POST)
    if carried_out(
        request, form, lambda said, by, at: made.append(invoicing.credit(invoice, **said, by=by, at=at))
    ):
        return redirect("billing:invoice-page", made[0].reference)
    return _page(request, invoice, credit=form)


@require_POST
@once
def invoice_paid(request, reference):
    invoice, form = _found(reference), PaidForm(request.POST)
    if carried_out(request, form, lambda said, by, at: collecting.note(invoice, PAID, **said, by=by, at=at)):
        messages.success(request, _("Noted as paid."))
        return redirect("billing:invoice-page", reference)
    return _page(request, invoice, paid=form)


@require_POST
@once
def invoice_note(request, reference):
    """Disputed, written off or open again, with a reason."""
    invoice = _found(reference)
    form = NoteForm(request.POST, may=_other(collecting.may_follow(invoice)))
    if carried_out(request, form, lambda said, by, at: collecting.note(invoice, **said, by=by, at=at)):
        messages.success(request, _("Noted."))
        return redirect("billing:invoice-page", reference)
    return _page(request, invoice, note=form)


def _found(reference: str) -> Invoice:
    """An issued invoice by its number as it is said: INV-2026-000001."""
    invoices = collecting.with_standing(Invoice.objects.called(reference))
    return get_object_or_404(invoices.select_related("legal_entity", "bill_to", "credits", "paper"))


def _other(may) -> list[InvoiceNote.What]:
    return [what for what in may if what != PAID]


def _page(request, invoice, **bound):
    """With the forms that may be sent now; one that was refused is shown as it was sent, with 422."""
    may = collecting.may_follow(invoice)
    rows = invoicing.lines_of(invoice).prefetch_related("billed__entry__person")
    context = {
        "invoice": invoice,
        "standing": collecting.said(invoice, timezone.now()),
        "lines": [(line, _money(line.net, invoice), _money(line.rate, invoice)) for line in rows],
        "net": _money(invoice.net, invoice),
        "tax": _money(invoice.tax, invoice),
        "total": _money(invoice.total, invoice),
        **_delivery(invoice),
        "credited_by": list(invoice.credit_notes.issued()),
        "notes": invoice.notes.order_by("turn"),
        "credit": _credit_form(invoice, [line for line in rows if not line.is_credited]),
        "paid": PaidForm(auto_id="paid_%s") if PAID in may else None,
        "note": NoteForm(may=_other(may), auto_id="note_%s") if may else None,
        **bound,
    }
    return render(request, "billing/invoice_page.html", context, status=422 if bound else 200)


def _credit_form(invoice: Invoice, left: Collection[InvoiceLine], *data) -> CreditForm | None:
    """As it was sent; to be shown there is none on a credit note, and where every line has been credited."""
    if not data and (invoice.credits_id or not left):
        return None
    return CreditForm(*data, lines=left, besides=any(line.kind in invoicing.BESIDE_TIME for line in left))


def _delivery(invoice: Invoice) -> dict:
    """Its file and its mails, as they fared."""
    now, sendings = timezone.now(), list(invoice.sendings.select_related("mail"))
    reached = invoice_mail.addresses(invoice.bill_to)
    return {
        "mails": [(sending, delivery.told(sending.mail, now)) for sending in sendings],
        "waiting": any(sending.mail.state == Mail.State.QUEUED for sending in sendings),
        "lacks": "" if reached else invoice_mail.lacks_a_contact(invoice.bill_to),
        "no_pdf": pdf.lacking(),
    }


def _money(amount, invoice) -> str:
    return str(Money(amount, invoice.currency))

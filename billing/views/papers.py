"""Invoices as PDF: taken away by finance and by the payer's own billing contacts, and sent by mail again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import invoice_mail
from billing.models import Invoice
from billing.money import Money
from support import pdf
from support.actors import Actor
from support.downloads import as_download
from support.models import Contact
from support.once import once
from support.refusal import Refused

SHOWN = 200  # the newest


@require_safe
def invoice_pdf(request, reference):
    return _download(get_object_or_404(Invoice.objects.called(reference).select_related("paper__file")))


@require_POST
@once
def invoice_send(request, reference):
    invoice = get_object_or_404(Invoice.objects.called(reference).select_related("bill_to", "credits"))
    mail = invoice_mail.send_again(invoice, by=Actor.of(request.user), at=timezone.now())
    messages.success(request, _("On its way to %(to)s.") % {"to": ", ".join(mail.to)})
    return redirect("billing:invoice-page", invoice.reference)


@require_safe
def own_invoice_list(request):
    """What a billing contact's company was asked to pay, the newest first."""
    invoices = Invoice.objects.visible_to(request.user).issued().select_related("credits", "paper")
    newest = invoices.order_by("-issued_at", "-pk")[:SHOWN]
    is_billing = Contact.objects.filter(user=request.user, active=True, billing=True).exists()
    context = {
        "invoices": [(each, Money(each.total, each.currency)) for each in newest],
        "is_billing": is_billing,
    }
    return render(request, "billing/own_invoice_list.html", context)


@require_safe
def own_invoice_pdf(request, reference):
    seen = Invoice.objects.visible_to(request.user).called(reference)
    return _download(get_object_or_404(seen.select_related("paper__file")))


def _download(invoice) -> HttpResponse:
    """The bytes that were sent, not made anew: a page that is only read makes nothing."""
    paper = getattr(invoice, "paper", None)
    if paper is None:
        raise Refused(pdf.lacking() or _("This PDF is being made: come again in a minute."))
    response = HttpResponse(paper.content(), content_type="application/pdf")
    return as_download(response, paper.file.name)

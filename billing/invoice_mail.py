"""Invoices by mail: to the billing contacts of whoever pays, once as they are issued, and whenever finance sends one again."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from billing.models import Invoice, Sending
from billing.money import Money
from billing.rules import verb
from support.actors import Actor
from support.mail import outbox
from support.models import Contact, Customer, Mail
from support.refusal import Refused


def send_issued(invoice: Invoice, *, by: Actor, at: datetime) -> Mail | None:
    """In the transaction that issues it; None where nobody is there to get it. The paper is made as the mail leaves."""
    to = addresses(invoice.bill_to)
    return _send(invoice, to, by=by, at=at) if to else None


@verb
def send_again(invoice: Invoice, *, by: Actor, at: datetime) -> Mail:
    """One more mail, to who the billing contacts are now. Refused while one is still on its way."""
    to = addresses(invoice.bill_to)
    if not to:
        raise Refused(lacks_a_contact(invoice.bill_to))
    if invoice.number is None:
        raise Refused(_("A draft is not sent: issue it first."))
    if invoice.sendings.filter(mail__state=Mail.State.QUEUED).exists():
        raise Refused(_("It is on its way already."))
    return _send(invoice, to, by=by, at=at)


def addresses(customer: Customer) -> list[str]:
    people = Contact.objects.filter(customer=customer, billing=True, active=True)
    return sorted(set(people.values_list("email", flat=True)))


def lacks_a_contact(customer: Customer) -> str:
    return _("%(name)s has no billing contact: mark one, or no invoice reaches it by mail.") % {
        "name": customer.name
    }


def out_of_reach(customers: Iterable[Customer]) -> list[Customer]:
    """Those of them who have no billing contact, by name."""
    people = Contact.objects.filter(customer=OuterRef("pk"), billing=True, active=True)
    wanted = {customer.pk for customer in customers}
    return list(Customer.objects.filter(~Exists(people), pk__in=wanted).order_by("name")) if wanted else []


def newest(invoices: Iterable[Invoice]) -> dict[int, Mail]:
    """The last mail of each invoice that has one, by the invoice's number in the database."""
    sendings = Sending.objects.filter(invoice__in=invoices).select_related("mail").order_by("pk")
    return {sending.invoice_id: sending.mail for sending in sendings}


def _send(invoice: Invoice, to: list[str], *, by: Actor, at: datetime) -> Mail:
    """Two at once take the same key, hence the same mail, and one of them is refused by its rule."""
    time = invoice.sendings.count() + 1
    seller, payer = invoice.seller["name"], invoice.bill_to
    with translation.override(payer.locale):
        words = (
            _("Credit note %(number)s from %(seller)s")
            if invoice.credits_id
            else _("Invoice %(number)s from %(seller)s")
        )
        subject = words % {"number": invoice.reference, "seller": seller}
        text = render_to_string("billing/mail_invoice.txt", _context(invoice))
    mail = outbox.queue(
        f"invoice:{invoice.pk}:{time}", to=to, subject=subject, text=text, at=at, customer=payer
    )
    sending = Sending(invoice=invoice, mail=mail)
    sending.actor = by
    sending.save(force_insert=True)
    return mail


def _context(invoice: Invoice) -> dict:
    return {
        "invoice": invoice,
        "total": str(Money(invoice.total, invoice.currency)),
        "link": settings.BASE_URL + reverse("billing:own-invoice-list"),
    }

"""Papers: the PDF of an approval and of an invoice, made outside the transaction that decided or issued, once, and kept as a file."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from billing import approval_paper, invoice_paper
from billing.models import Approval, Invoice, Paper
from billing.rules import ask
from support import pdf
from support.actors import Actor
from support.models import Customer, File, Mail, Visibility

log = logging.getLogger("countersign.papers")
AT_ONCE = 100  # of each kind, a minute


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose paper it is, as the field of Paper says it, and how its file is called and kept."""

    kind: str
    subject: Approval | Invoice
    name: str
    customer: Customer
    visibility: str


def of_approval(approval: Approval, at: datetime) -> Paper:
    """The copy of what was approved; made if it is not there yet. Raises pdf.NotPossible."""
    customer = approval.engagement.customer
    wanted = Wanted("approval", approval, f"approval-{approval.reference}.pdf", customer, Visibility.CUSTOMER)
    return _kept(wanted, approval_paper.render, at)


def of_invoice(invoice: Invoice, at: datetime) -> Paper:
    """The invoice as it leaves; made if it is not there yet. Raises pdf.NotPossible."""
    name = f"{invoice.reference}.pdf"
    wanted = Wanted(
        "invoice", invoice, name, invoice.bill_to, Visibility.INTERNAL
    )  # not for all of the customer's people
    return _kept(wanted, invoice_paper.render, at)


def invoice_for(mail: Mail, at: datetime) -> list[File]:
    """What an invoice's mail takes along: without it the mail waits, and says why."""
    invoice = Invoice.objects.select_related("bill_to", "credits").get(pk=mail.key.split(":")[1])
    return [of_invoice(invoice, at).file]


def copy_for(mail: Mail, at: datetime) -> list[File]:
    """What a receipt takes along. Where no PDF can be made it leaves with the offer's own bytes alone."""
    offer = int(mail.key.split(":")[1])
    try:
        return [of_approval(Approval.objects.get(offer=offer), at).file]
    except pdf.NotPossible as why:
        log.warning("The receipt of offer %s leaves without its copy. %s", offer, why)
        return []


def make_lacking(at: datetime) -> int:
    """Make what no mail has asked for yet: older ones, and those from before this machine could. One that fails stops no other."""
    if pdf.lacking():
        return 0
    invoices = Invoice.objects.issued().filter(paper=None).select_related("bill_to", "credits")
    waiting: list[tuple[Callable, Approval | Invoice]] = [
        *((of_approval, one) for one in Approval.objects.filter(paper=None).order_by("pk")[:AT_ONCE]),
        *((of_invoice, one) for one in invoices.order_by("pk")[:AT_ONCE]),
    ]
    failed = None
    for make, subject in waiting:
        try:
            make(subject, at)
        except Exception as error:
            log.exception("No paper could be made of %s.", subject)
            failed = error
    if failed:
        raise failed
    return len(waiting)


def _kept(wanted: Wanted, render: Callable[..., bytes], at: datetime) -> Paper:
    """Made before anything is held, since a long one takes seconds; of two who made it at once the first one's stays."""
    return _found(wanted) or _keep(wanted, render(wanted.subject), at)


def _found(wanted: Wanted) -> Paper | None:
    return Paper.objects.filter(**{wanted.kind: wanted.subject}).select_related("file").first()


@transaction.atomic
def _keep(wanted: Wanted, content: bytes, at: datetime) -> Paper:
    ask("SELECT 1 FROM pg_advisory_xact_lock(hashtext(%s))", f"paper of {wanted.kind} {wanted.subject.pk}")
    if paper := _found(wanted):
        return paper
    upload = SimpleUploadedFile(wanted.name, content, "application/pdf")
    file = File.objects.take(
        upload,
        customer=wanted.customer,
        visibility=wanted.visibility,
        by=Actor.system("papers"),
        at=at,
    )
    paper = Paper(**{wanted.kind: wanted.subject}, file=file, sha256=hashlib.sha256(content).digest())
    paper.save(force_insert=True)
    return paper

"""Papers: the PDF of an approval and of an invoice, made outside the transaction that decided or issued, once, and kept as a file."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from billing import approval_paper
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
    made, failed = 0, None
    for approval in Approval.objects.filter(paper=None).order_by("pk")[:AT_ONCE]:
        try:
            of_approval(approval, at)
            made += 1
        except Exception as error:
            log.exception("No paper could be made of %s.", approval)
            failed = error
    if failed:
        raise failed
    return made


@transaction.atomic
def _kept(wanted: Wanted, render, at: datetime) -> Paper:
    """Two who want it at once make one: the second waits, and takes the first one's."""
    named = {wanted.kind: wanted.subject}
    ask("SELECT 1 FROM pg_advisory_xact_lock(hashtext(%s))", f"paper of {wanted.kind} {wanted.subject.pk}")
    if paper := Paper.objects.filter(**named).select_related("file").first():
        return paper
    content = render(wanted.subject)
    upload = SimpleUploadedFile(wanted.name, content, "application/pdf")
    by = Actor.system("papers")
    file = File.objects.take(upload, customer=wanted.customer, visibility=wanted.visibility, by=by, at=at)
    paper = Paper(**named, file=file, sha256=hashlib.sha256(content).digest())
    paper.save(force_insert=True)
    return paper

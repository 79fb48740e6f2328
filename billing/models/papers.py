"""Papers: the PDF of an approval and of an issued invoice, kept as it was made; and when one was let go by mail."""

import hashlib

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from billing.models.approvals import Approval
from billing.models.invoices import Invoice
from billing.models.now import NOW
from support.models import ActorFields, File, Mail
from support.refusal import Refused

OF_ONE = Q(approval=None, invoice__isnull=False) | Q(approval__isnull=False, invoice=None)


class Paper(models.Model):
    """One for each approval or issued invoice, made once: what was sent is what is downloaded, byte for byte."""

    approval = models.OneToOneField(Approval, models.PROTECT, null=True, related_name="paper")
    invoice = models.OneToOneField(Invoice, models.PROTECT, null=True, related_name="paper")
    file = models.OneToOneField(File, models.PROTECT, related_name="+")
    sha256 = models.BinaryField(max_length=32)
    made_at = models.DateTimeField(db_default=NOW)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [models.CheckConstraint(condition=OF_ONE, name="paper_of_one_thing")]

    def __str__(self):
        return str(self.invoice or self.approval)

    def content(self) -> bytes:
        """Its bytes; Refused where the storage gives back others than were made."""
        with self.file.open() as stored:
            content = stored.read()
        if hashlib.sha256(content).digest() != bytes(self.sha256):
            raise Refused(
                _("This file is not what was stored: do not use it, and tell whoever runs this server.")
            )
        return content


class Sending(ActorFields):
    """Who let a paper leave: whoever issued the invoice, and whoever sent it, or the copy of an approval, again."""

    approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="sendings")
    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="sendings")
    mail = models.ForeignKey(Mail, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(db_default=NOW)

    class Meta:
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=OF_ONE, name="sending_of_one_thing"),
            models.UniqueConstraint(
                fields=["mail"], condition=Q(invoice__isnull=False), name="invoice_mailed_once"
            ),
        ]

    def __str__(self):
        return f"{self.invoice or self.approval}, {self.sent_at:%Y-%m-%d %H:%M}"

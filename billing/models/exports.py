"""What was exported to finance: files byte for byte, and the invoices in them. Only ever added."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.invoices import Invoice
from billing.models.now import NOW
from support.models import ActorFields, LegalEntity


class ExportBatch(ActorFields):
    """One file. It downloads the same for ever."""

    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="exports")
    profile = models.CharField(_("format"), max_length=20)
    month = models.DateField(help_text=_("In which the work was done: its first day."))
    content = models.BinaryField()
    sha256 = models.BinaryField(max_length=32)
    rows = models.PositiveIntegerField(help_text=_("Invoice lines in it."))
    net = models.DecimalField(max_digits=14, decimal_places=2, help_text=_("Sum of its lines."))
    gross = models.DecimalField(max_digits=14, decimal_places=2)
    invoices = models.ManyToManyField(Invoice, through="ExportedInvoice", related_name="batches")
    exported_at = models.DateTimeField(db_default=NOW)

    class Meta:
        verbose_name_plural = "export batches"
        ordering = ["-exported_at", "-id"]

    def __str__(self):
        return f"{self.profile} {self.month:%Y-%m} #{self.pk}"


class ExportedInvoice(models.Model):
    batch = models.ForeignKey(ExportBatch, models.PROTECT, related_name="exported")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="exported")
    profile = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "profile"], name="invoice_in_one_batch_per_format")
        ]

    def __str__(self):
        return f"{self.invoice_id} in {self.batch_id}"

"""What was exported to finance: files byte for byte, and the invoices in them. Only ever added."""

from collections.abc import Iterator

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.invoices import Invoice
from billing.models.now import NOW
from support.models import ActorFields, LegalEntity
from support.models.our_time import days_in_our_time, instants_in_our_time
from support.models.tracked import CurrentTransaction, Xid8


class ExportBatchQuerySet(models.QuerySet):
    def live(self):
        return self.filter(void=None)


class ExportBatch(ActorFields):
    """The files of one export. It is written in one transaction, and downloads the same for ever."""

    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="exports")
    profile = models.CharField(_("format"), max_length=20)
    month = models.DateField(help_text=_("In which the work was done: its first day."))
    settings = models.JSONField(default=dict, help_text=_("Of the finance program, as they were."))
    rows = models.PositiveIntegerField(help_text=_("Invoice lines in it."))
    net = models.DecimalField(max_digits=14, decimal_places=2, help_text=_("Sum of its lines."))
    gross = models.DecimalField(max_digits=14, decimal_places=2)
    invoices = models.ManyToManyField(Invoice, through="ExportedInvoice", related_name="batches")
    exported_at = models.DateTimeField(db_default=NOW)
    made_in = Xid8(db_default=CurrentTransaction(), editable=False)

    objects = ExportBatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "export batches"
        ordering = ["-exported_at", "-id"]
        constraints = [
            instants_in_our_time("exported_in_our_time", "exported_at"),
            days_in_our_time("batch_in_our_time", "month"),
        ]

    def __str__(self):
        return f"{self.profile} {self.month:%Y-%m} #{self.pk}"


class ExportVoid(ActorFields):
    """Finance takes a batch back: its files stay, and its invoices are to be exported again."""

    batch = models.OneToOneField(ExportBatch, models.PROTECT, related_name="void")
    reason = models.TextField()
    voided_at = models.DateTimeField(db_default=NOW)

    class Meta:
        ordering = ["-voided_at", "-id"]
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="voided_with_a_reason")]

    def __str__(self):
        return f"{self.batch} voided"


class ExportedInvoice(models.Model):
    """An invoice in a batch. Its next turn in the same format comes when this batch is voided."""

    batch = models.ForeignKey(ExportBatch, models.PROTECT, related_name="exported")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="exported")
    profile = models.CharField(max_length=20)
    turn = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "profile", "turn"], name="invoice_in_one_batch_per_format"
            )
        ]

    def __str__(self):
        return f"{self.invoice_id} in {self.batch_id}"


class ExportFile(models.Model):
    """One file of a batch. Credit notes stand in one of their own where the importer takes none."""

    batch = models.ForeignKey(ExportBatch, models.PROTECT, related_name="files")
    number = models.PositiveIntegerField()
    credits = models.BooleanField(default=False)
    rows = models.PositiveIntegerField(help_text=_("Invoice lines in it."))
    size = models.PositiveBigIntegerField(help_text=_("Bytes."))
    sha256 = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="file_once_in_its_batch")]

    def __str__(self):
        return f"{self.batch}, file {self.number}"

    @property
    def suffix(self) -> str:
        """What stands before the .csv of its name: nothing, "-2", "-3-credits"."""
        return self.suffix_as(self.number)

    def suffix_as(self, number: int) -> str:
        """The same where it is file `number` of several batches."""
        return (f"-{number}" if number > 1 else "") + ("-credits" if self.credits else "")

    def content(self) -> Iterator[bytes]:
        """Its bytes, piece by piece: a file of any size passes through little memory."""
        pieces = ExportPiece.objects.filter(file=self)
        for number in range(1, pieces.count() + 1):
            yield bytes(pieces.values_list("content", flat=True).get(number=number))


class ExportPiece(models.Model):
    file = models.ForeignKey(ExportFile, models.PROTECT, related_name="pieces")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="piece_once_in_its_file")]

    def __str__(self):
        return f"{self.file_id}, piece {self.number}"

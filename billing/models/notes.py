"""What finance notes on an issued invoice: disputed, paid, written off, open again. No ledger: the money is counted elsewhere."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.invoices import Invoice
from billing.models.now import NOW
from support.models import ActorFields
from support.models.our_time import days_in_our_time


class InvoiceNote(ActorFields):
    """Only ever added; the newest one says how the invoice stands, and without one it is open."""

    class What(models.TextChoices):
        PAID = "paid", _("Paid")
        DISPUTED = "disputed", _("Disputed")
        WRITTEN_OFF = "written_off", _("Written off")
        REOPENED = "reopened", _("Open again")

    # What may be noted next, by what the newest note says; "" before the first.
    NEXT = {
        "": (What.PAID, What.DISPUTED, What.WRITTEN_OFF),
        What.DISPUTED: (What.REOPENED, What.PAID, What.WRITTEN_OFF),
        What.REOPENED: (What.PAID, What.DISPUTED, What.WRITTEN_OFF),
        What.PAID: (What.REOPENED,),
        What.WRITTEN_OFF: (What.REOPENED,),
    }

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="notes")
    turn = models.PositiveIntegerField(default=0, editable=False, help_text=_("The first one is 1."))
    what = models.CharField(max_length=12, choices=What)
    paid_on = models.DateField(null=True, blank=True, help_text=_("As the bank statement says."))
    reference = models.CharField(max_length=60, blank=True, help_text=_("Of the payment."))
    reason = models.TextField(blank=True)
    noted_at = models.DateTimeField(db_default=NOW)

    class Meta:
        ordering = ["invoice", "turn"]
        constraints = [
            days_in_our_time("paid_in_our_time", "paid_on"),
            models.UniqueConstraint(fields=["invoice", "turn"], name="one_note_at_a_time"),
            models.CheckConstraint(
                condition=Q(what="paid", paid_on__isnull=False)
                | (~Q(what="paid") & Q(paid_on=None, reference="")),
                name="paid_on_a_day",
            ),
            models.CheckConstraint(condition=Q(what="paid") | ~Q(reason=""), name="noted_with_a_reason"),
        ]

    def __str__(self):
        return f"{self.invoice} {self.get_what_display()}"

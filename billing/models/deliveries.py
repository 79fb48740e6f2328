"""What was delivered for a fixed price, and on which invoice it stands."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.approvals import Approval
from billing.models.invoices import InvoiceLine
from billing.models.now import NOW
from support.models import ActorFields


class Delivery(ActorFields):
    """Somebody of the desk says that the deliverables of a fixed price were handed over: once, under an approval in force."""

    approval = models.OneToOneField(Approval, models.PROTECT, related_name="delivery")
    text = models.TextField(help_text=_("What was handed over, and to whom."))
    delivered_at = models.DateTimeField(db_default=NOW)

    class Meta:
        verbose_name_plural = "deliveries"
        ordering = ["-delivered_at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="deliveries_say_something")]

    def __str__(self):
        return f"{self.approval} delivered"

    @property
    def forgone(self) -> bool:
        """Credited for good: it is not billed again."""
        return self.billed.filter(credited_by__for_good=True).exists()


class BilledDelivery(models.Model):
    """A delivery on a line. Live until the line of a credit note frees it."""

    line = models.ForeignKey(InvoiceLine, models.PROTECT, related_name="delivered")
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="billed")
    credited_by = models.ForeignKey(InvoiceLine, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "billed deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["delivery"], condition=Q(credited_by=None), name="delivery_on_one_live_line"
            )
        ]

    def __str__(self):
        return f"{self.delivery_id} on {self.line_id}"

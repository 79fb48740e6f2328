"""What was asked for because an engagement came to less than its minimum, and on which invoice it stands."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.engagements import Engagement
from billing.models.invoices import InvoiceLine


class BilledMinimum(models.Model):
    """An engagement topped up on a line. Live until the line of a credit note frees it."""

    line = models.ForeignKey(InvoiceLine, models.PROTECT, related_name="topped_up")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="topped_up")
    charged = models.DecimalField(
        max_digits=12, decimal_places=2, help_text=_("What its lines of time and surcharges come to.")
    )
    credited_by = models.ForeignKey(InvoiceLine, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "billed minimums"
        constraints = [
            models.UniqueConstraint(
                fields=["engagement"], condition=Q(credited_by=None), name="minimum_on_one_live_line"
            )
        ]

    def __str__(self):
        return f"{self.engagement_id} on {self.line_id}"

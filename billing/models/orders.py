"""Purchase orders: what a customer's own buying department calls the work, named on the invoices that it pays."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.engagements import Engagement
from support.models import Contract, Tracked
from support.models.customers import not_a_formula
from support.models.our_time import days_in_our_time
from support.naming import is_said


class PurchaseOrder(Tracked):
    """Of a contract, or of one engagement alone. An invoice line copies its number, so a later change alters nothing old."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="purchase_orders")
    engagement = models.ForeignKey(
        Engagement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="purchase_orders",
        help_text=_("For this one alone; it comes before the contract's."),
    )
    number = models.CharField(
        max_length=35, validators=[not_a_formula], help_text=_("As it stands on the customer's order.")
    )
    amount = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Without tax, in the contract's currency. More than that is warned of, not refused."),
    )
    valid_from = models.DateField(null=True, blank=True, help_text=_("For work from this day on."))
    valid_until = models.DateField(null=True, blank=True, help_text=_("The last day."))
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["contract", "number"]
        constraints = [
            days_in_our_time("order_in_our_time", "valid_from", "valid_until"),
            models.UniqueConstraint(fields=["contract", "number"], name="order_number_once"),
            models.CheckConstraint(condition=~Q(number=""), name="orders_have_a_number"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_from__lte=F("valid_until")),
                name="orders_begin_before_they_end",
            ),
        ]

    def __str__(self):
        return self.number

    def clean(self):
        if self.number and not is_said(self.number):
            raise ValidationError({"number": _("Write the number with letters and figures.")})
        if self.engagement_id and self.contract_id and self.engagement.contract_id != self.contract_id:
            raise ValidationError({"engagement": _("This engagement is of another contract.")})

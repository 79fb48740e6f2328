"""What an hour costs: rate cards, and which one a contract is billed by."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from support.models import Contract, Tracked
from support.models.customers import CurrencyField, not_a_formula, of_cents

INCREMENTS = (1, 3, 6, 15, 30, 60)


class RateCard(Tracked):
    """An hourly rate and how time is rounded. Offers copy it, so a later change alters nothing old."""

    name = models.CharField(max_length=120, unique=True)
    currency = CurrencyField()
    hourly_rate = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        default=Decimal("250.00"),
        validators=[MinValueValidator(Decimal("0.01"))],
        help_text=_("Per hour; the engagement document says 250.00."),
    )
    increment = models.PositiveSmallIntegerField(
        _("increment in minutes"),
        default=15,
        choices=[(minutes, str(minutes)) for minutes in INCREMENTS],
        help_text=_("Each entry is rounded up to it."),
    )
    minimum = models.PositiveSmallIntegerField(
        _("minimum in minutes"), default=0, help_text=_("Billed at least, per piece of work.")
    )
    minimum_charge = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        db_default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Charged at least for an engagement, once any of it was worked. 0: none."),
    )
    statement_above = models.PositiveIntegerField(
        _("statement of work above"),
        null=True,
        blank=True,
        help_text=_(
            "Minutes, estimated or offered with what is approved already, above which the work has to be written out."
            " Empty: never."
        ),
    )
    terms = models.TextField(blank=True, help_text=_("Other terms, printed in offers."))
    account_code = models.CharField(
        max_length=20,
        blank=True,
        validators=[not_a_formula],
        help_text=_("The finance system's account for this income."),
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(hourly_rate__gt=0), name="rate_is_more_than_nothing"),
            models.CheckConstraint(condition=Q(increment__in=INCREMENTS), name="increment_is_a_known_one"),
            models.CheckConstraint(
                condition=Q(minimum_charge__gte=0), name="minimum_charge_is_nothing_or_more"
            ),
            of_cents("card_currency_has_cents"),
        ]

    def __str__(self):
        return f"{self.name}: {self.hourly_rate} {self.currency} an hour"


class ContractRate(Tracked):
    """What a contract's engagements are offered and billed under: rate card, tax, days to pay."""

    contract = models.OneToOneField(Contract, models.PROTECT, related_name="rate")
    card = models.ForeignKey(RateCard, models.PROTECT, related_name="contracts")
    tax_code = models.CharField(max_length=40, blank=True, validators=[not_a_formula])
    tax_rate = models.DecimalField(
        max_digits=6,
        decimal_places=3,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("Per cent."),
    )
    payment_days = models.PositiveSmallIntegerField(
        default=30, help_text=_("From an invoice's date to the day it is due.")
    )

    order_needed = models.BooleanField(
        _("purchase order needed"),
        default=False,
        help_text=_("Each line of its invoices names one; time without one waits for it."),
    )

    class Meta:
        ordering = ["contract"]
        constraints = [
            models.CheckConstraint(condition=Q(tax_rate__gte=0, tax_rate__lte=100), name="tax_is_per_cent")
        ]

    def __str__(self):
        return f"{self.contract}: {self.card}"

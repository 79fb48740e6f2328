"""What a rate card adds to an hour out of hours or on site. Offers copy it, so a later change alters nothing old."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.rates import RateCard
from support.models import CalendarVersion, Tracked


class Surcharge(Tracked):
    class What(models.TextChoices):
        OUT_OF_HOURS = "out_of_hours", _("Out of hours")
        ON_SITE = "on_site", _("On site")

    class How(models.TextChoices):
        PER_CENT = "per_cent", _("Per cent of the hourly rate")
        HOUR = "hour", _("Amount an hour")
        VISIT = "visit", _("Amount a visit")

    card = models.ForeignKey(RateCard, models.PROTECT, related_name="surcharges")
    what = models.CharField(max_length=12, choices=What)
    how = models.CharField(max_length=8, choices=How)
    amount = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01"))],
        help_text=_("Per cent, or money in the card’s currency."),
    )
    calendar = models.ForeignKey(
        CalendarVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_(
            "Out of hours is what it has closed. An offer pins its newest version, or the contract’s own."
        ),
    )

    class Meta:
        ordering = ["card", "what"]
        constraints = [
            models.UniqueConstraint(fields=["card", "what"], name="one_surcharge_of_each_kind"),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="surcharge_is_more_than_nothing",
                violation_error_message=_("A surcharge is more than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(what="out_of_hours", calendar__isnull=False) | Q(what="on_site", calendar=None),
                name="out_of_hours_by_a_calendar",
                violation_error_message=_(
                    "Out of hours needs the calendar that says what is in hours; on site needs none."
                ),
            ),
            models.CheckConstraint(
                condition=Q(what="on_site") | ~Q(how="visit"),
                name="only_visits_are_on_site",
                violation_error_message=_("Only work on site is charged by the visit."),
            ),
        ]

    def __str__(self):
        return f"{self.get_what_display()}: {self.amount} {self.get_how_display()}"

"""Months of the books: made by their first entry, closed by finance, reopened only by a manager with a reason."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.now import NOW
from support.models import ActorFields, LegalEntity
from support.models.our_time import LATEST, days_in_our_time


class Month(models.Model):
    """In the legal entity's zone. Written by the guards alone; `MonthMove` closes and reopens it."""

    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="months")
    month = models.DateField(help_text=_("Its first day."))
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["legal_entity", "month"], name="one_month"),
            days_in_our_time("month_in_our_time", "month", last=LATEST.date()),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m}"


class MonthMove(ActorFields):
    """Somebody closed or reopened a month."""

    class What(models.TextChoices):
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Reopened")

    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="month_moves")
    month = models.DateField(help_text=_("Its first day."))
    what = models.CharField(max_length=8, choices=What)
    reason = models.TextField(blank=True)
    moved_at = models.DateTimeField(db_default=NOW)

    class Meta:
        ordering = ["-moved_at", "-id"]
        constraints = [
            days_in_our_time("month_move_in_our_time", "month", last=LATEST.date()),
            models.CheckConstraint(
                condition=~Q(what="reopened") | ~Q(reason=""), name="reopened_with_a_reason"
            ),
        ]
        permissions = [
            ("close_month", "Can close a month"),
            ("reopen_month", "Can reopen a closed month"),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.what}"

"""Replays that somebody asked for on the page: how far one is, and what it found. Cancelled, nothing is left of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from support.models.customers import Customer
from support.models.definitions import ServiceVersion
from support.models.our_time import days_in_our_time, instants_in_our_time
from support.models.people import User


class ReplayRun(models.Model):
    """A definition tried on the tickets of some months. It reads them and writes this row alone."""

    service = models.ForeignKey(ServiceVersion, models.PROTECT, related_name="+")
    first_on = models.DateField(help_text=_("The first day of the first month."))
    last_on = models.DateField(help_text=_("The first day of the last month."))
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    total = models.PositiveIntegerField(null=True, help_text=_("Tickets; known once it has begun."))
    done = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            instants_in_our_time("replay_asked_in_our_time", "asked_at", "ended_at"),
            days_in_our_time("replay_in_our_time", "first_on", "last_on"),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="replay_has_its_months_in_order"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(result__isnull=False) | ~Q(error=""),
                name="replay_ends_with_something",
            ),
        ]

    def __str__(self):
        return f"{self.service} {self.first_on:%Y-%m} to {self.last_on:%Y-%m}"

    @property
    def share(self) -> int:
        """Of its tickets that are done, in whole percent."""
        return 100 * self.done // self.total if self.total else 0

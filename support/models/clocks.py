"""Stored clocks: the fold's last result, one row per instance, so that lists and jobs find what is due."""

from django.db import models
from django.db.models import Q

from support.models.our_time import instants_in_our_time

OPEN = ("running", "paused")


class ClockQuerySet(models.QuerySet):
    def ticking(self):
        return self.filter(state="running")

    def breached(self, at):
        """Due, and not stopped: whatever was noticed."""
        return self.filter(state__in=OPEN, due_at__lte=at)


class Clock(models.Model):
    """Written only by `support.timeline`; folding the events again gives the same rows."""

    ticket = models.ForeignKey("support.Ticket", models.PROTECT, related_name="clocks")
    key = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()
    subject_kind = models.CharField(max_length=12)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=16)
    cycle = models.PositiveIntegerField()
    owed_by = models.CharField(max_length=8)
    state = models.CharField(max_length=10)
    verdict = models.CharField(max_length=10)
    attributed_to = models.CharField(max_length=20, blank=True)
    priority = models.CharField(max_length=20, blank=True)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    detail = models.JSONField(help_text="Target, base, calendar and the segments that made the deadline.")

    objects = ClockQuerySet.as_manager()

    class Meta:
        ordering = ["ticket", "position"]
        constraints = [
            instants_in_our_time("clock_in_our_time", "started_at", "due_at", "stopped_at"),
            models.UniqueConstraint(fields=["ticket", "key"], name="clock_once_per_ticket"),
        ]
        indexes = [models.Index("due_at", name="clock_due", condition=Q(state="running"))]

    def __str__(self):
        return f"{self.ticket_id} {self.key}"

    @property
    def open(self) -> bool:
        return self.state in OPEN

"""Alarms: armed as rows with their instant and the action that is due then; fired once, and kept."""

from django.db import models
from django.db.models import F, Q

from support.models.our_time import instants_in_our_time
from support.models.tickets import Ticket


class AlarmQuerySet(models.QuerySet):
    def armed(self):
        return self.filter(fired_at=None)


class Alarm(models.Model):
    """Written with the ticket's clocks, which move it while it is armed. `action` begins with the app that acts."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="alarms")
    key = models.CharField(
        max_length=80,
        help_text="The clock, or the subject whose management is told and the event that began the cycle.",
    )
    threshold = models.CharField(max_length=12, help_text="A share of the clock’s time, or management.")
    app = models.CharField(max_length=20)
    action = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True, blank=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            instants_in_our_time("alarm_in_our_time", "due_at"),
            models.UniqueConstraint(fields=["ticket", "key", "threshold", "action"], name="alarm_once"),
            models.CheckConstraint(
                condition=Q(fired_at=None) | Q(fired_at__gte=F("due_at")), name="alarms_are_never_early"
            ),
        ]
        indexes = [models.Index("app", "due_at", name="alarm_to_fire", condition=Q(fired_at=None))]

    def __str__(self):
        return f"{self.ticket_id} {self.key} {self.threshold}"

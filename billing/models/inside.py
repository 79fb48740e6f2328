"""Time worked under the contract: recorded on the ticket, never billed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.now import NOW
from support.models import ActorFields, Ticket, User
from support.models.our_time import instants_in_our_time


class TicketTimeQuerySet(models.QuerySet):
    def live(self):
        return self.filter(cancelled_at=None)


class TicketTime(ActorFields):
    """One piece of it. A mistake is cancelled with a reason, and entered anew; nothing else of it ever changes."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="time")
    person = models.ForeignKey(User, models.PROTECT, related_name="ticket_time")
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField()
    text = models.CharField(max_length=300)
    recorded_at = models.DateTimeField(db_default=NOW)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text=_("Why it is cancelled."))

    objects = TicketTimeQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "ticket time"
        ordering = ["-started_at", "-id"]
        constraints = [
            instants_in_our_time("work_in_our_time", "started_at", "stopped_at", "cancelled_at"),
            models.CheckConstraint(condition=Q(started_at__lt=F("stopped_at")), name="work_runs_forward"),
            models.CheckConstraint(condition=~Q(text=""), name="work_says_what_was_done"),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by="", reason="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancelled_by="") & ~Q(reason="")),
                name="cancelled_with_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.started_at:%Y-%m-%d %H:%M}, {self.minutes} min"

    @property
    def minutes(self) -> int:
        """Begun minutes count."""
        return -int((self.started_at - self.stopped_at).total_seconds() // 60)

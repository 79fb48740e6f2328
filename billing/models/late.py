"""Late work that is not booked after all: taken off the list with a reason, and kept."""

from django.db import models
from django.db.models import Q

from billing.models.now import NOW
from billing.models.time import LateWork
from support.models import ActorFields


class LateDismissal(ActorFields):
    """Finance or a support manager took late work off the list: it is on no time sheet, and bills nothing."""

    late = models.OneToOneField(LateWork, models.PROTECT, related_name="dismissal")
    reason = models.TextField()
    dismissed_at = models.DateTimeField(db_default=NOW)

    class Meta:
        ordering = ["-dismissed_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="late_work_dismissed_with_a_reason")
        ]

    def __str__(self):
        return f"{self.late}: {self.reason}"

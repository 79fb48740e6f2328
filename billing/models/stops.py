"""A timer that was stopped for somebody else: by whom, and why."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.approvals import Approval
from billing.models.engagements import Engagement
from billing.models.now import NOW
from support.models import ActorFields, User


class StoppedTimer(ActorFields):
    """Of a person who is away or disabled. The time stays his own; approval and instants are the guard's."""

    person = models.ForeignKey(User, models.PROTECT, related_name="stopped_timers")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="stopped_timers")
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="stopped_timers")
    piece = models.UUIDField(unique=True, help_text=_("The piece of work that came of it."))
    reason = models.CharField(max_length=300)
    started_at = models.DateTimeField(db_default=NOW)
    stopped_at = models.DateTimeField(db_default=NOW)

    class Meta:
        ordering = ["-stopped_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="stopped_for_somebody_with_a_reason"),
        ]

    def __str__(self):
        return f"{self.person}, {self.stopped_at:%Y-%m-%d %H:%M}: {self.reason}"

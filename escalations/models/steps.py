"""What happens to an escalation after it was raised: the desk takes it, and ends it."""

from django.db import models
from django.db.models import Q

from support.models import ActorFields

NOW = models.Func(function="countersign_now", output_field=models.DateTimeField())


class EscalationAcknowledgement(ActorFields):
    """Who of the desk took an escalation, and when."""

    escalation = models.OneToOneField(
        "escalations.Escalation", models.PROTECT, related_name="acknowledgement"
    )
    at = models.DateTimeField(db_default=NOW, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(actor_kind="contact"), name="the_desk_acknowledges")
        ]

    def __str__(self):
        return f"{self.escalation_id}: {self.actor_name}"


class EscalationClosing(ActorFields):
    """The end of an escalation, with the reason; what was raised stays."""

    escalation = models.OneToOneField("escalations.Escalation", models.PROTECT, related_name="closing")
    reason = models.TextField()
    at = models.DateTimeField(db_default=NOW, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(actor_kind="contact"), name="the_desk_closes"),
            models.CheckConstraint(condition=~Q(reason=""), name="closing_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.escalation_id}: {self.reason[:60]}"

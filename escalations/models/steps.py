"""What happens to an escalation after it was raised: the desk accepts or declines it, takes it, acts, and ends it."""

from django.db import models
from django.db.models import Q

from support.models import ActorFields

NOW = models.Func(function="countersign_now", output_field=models.DateTimeField())


class Step(ActorFields):
    """What is done to an escalation is done once, by the desk, at the database's instant."""

    at = models.DateTimeField(db_default=NOW, editable=False)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.escalation_id}: {self.actor_name}"


class EscalationAcceptance(Step):
    """Its ground holds, somebody of the desk says."""

    escalation = models.OneToOneField("escalations.Escalation", models.PROTECT, related_name="acceptance")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(actor_kind="contact"), name="the_desk_accepts")]


class EscalationDecline(Step):
    """Not accepted, with an entry of the service's list; its text is copied by the database. The level was not raised."""

    escalation = models.OneToOneField("escalations.Escalation", models.PROTECT, related_name="refusal")
    item = models.CharField(max_length=60)
    item_text = models.CharField(max_length=300, editable=False)
    words = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(actor_kind="contact"), name="the_desk_declines")]


class EscalationAcknowledgement(Step):
    """Who of the desk took an escalation, and when."""

    escalation = models.OneToOneField(
        "escalations.Escalation", models.PROTECT, related_name="acknowledgement"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(actor_kind="contact"), name="the_desk_acknowledges")
        ]


class EscalationAct(Step):
    """What the level did about it; as often as it does something. Only the desk reads the words."""

    escalation = models.ForeignKey("escalations.Escalation", models.PROTECT, related_name="acts")
    words = models.TextField()

    class Meta:
        ordering = ["escalation", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(actor_kind="contact"), name="the_desk_acts"),
            models.CheckConstraint(condition=~Q(words=""), name="an_act_says_what"),
        ]


class EscalationStepDown(Step):
    """De-escalated: the ticket stands on the level below again, whose time counts anew from here."""

    escalation = models.OneToOneField("escalations.Escalation", models.PROTECT, related_name="descent")
    reason = models.TextField()
    not_before = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(actor_kind="contact"), name="the_desk_steps_down"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_step_down_has_a_reason"),
        ]


class EscalationClosing(Step):
    """The end of an escalation, with the reason; what was raised stays."""

    escalation = models.OneToOneField("escalations.Escalation", models.PROTECT, related_name="closing")
    reason = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(actor_kind="contact"), name="the_desk_closes"),
            models.CheckConstraint(condition=~Q(reason=""), name="closing_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.escalation_id}: {self.reason[:60]}"

"""What happens on the way that out-of-scope work takes: an estimate, a purchase order, a manager's yes or no."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.now import NOW
from billing.models.scope import ScopeDecision
from support.models import ActorFields, Wait


class WayStep(ActorFields):
    """Only ever added, each once for its decision. A manager's answer is a manager's: the guard asks."""

    class Step(models.TextChoices):
        ESTIMATE = "estimate", _("Estimate of professional services")
        ORDER = "order", _("Purchase order")
        ALLOWED = "allowed", _("Allowed by a manager")
        REFUSED = "refused", _("Not allowed by a manager")

    decision = models.ForeignKey(ScopeDecision, models.PROTECT, related_name="steps")
    step = models.CharField(max_length=8, choices=Step)
    minutes = models.PositiveIntegerField(null=True, help_text=_("Of an estimate."))
    wait = models.ForeignKey(
        Wait,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Of an estimate: in which the purchase order is awaited."),
    )
    owed = models.CharField(
        max_length=200, blank=True, help_text=_("What the customer owed when that wait began.")
    )
    reference = models.CharField(max_length=100, blank=True, help_text=_("A purchase order's number."))
    reason = models.TextField(blank=True)
    taken_at = models.DateTimeField(db_default=NOW)

    class Meta:
        ordering = ["decision", "id"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "step"], name="way_step_once"),
            models.CheckConstraint(
                condition=Q(step="estimate", minutes__isnull=False, minutes__gt=0)
                | (~Q(step="estimate") & Q(minutes=None)),
                name="an_estimate_has_its_minutes",
            ),
            models.CheckConstraint(
                condition=~Q(step="order") | ~Q(reference=""), name="an_order_has_its_number"
            ),
            models.CheckConstraint(
                condition=~Q(step__in=["allowed", "refused"]) | ~Q(reason=""),
                name="a_managers_answer_has_its_reason",
            ),
        ]

    def __str__(self):
        return f"{self.decision}: {self.get_step_display()}"

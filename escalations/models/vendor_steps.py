"""What happened on a case with a vendor, and each time that the desk escalated with him: only ever added."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from escalations.models.steps import NOW
from escalations.models.vendor_cases import How, VendorCase
from support.models import ActorFields
from support.models.our_time import instants_in_our_time


class VendorStep(ActorFields):
    """`claimed_at` is when it happened as somebody told it, and `how` he did (of another contact nothing is claimed); `at` is
    when it was written down here."""

    class Kind(models.TextChoices):
        ANSWERED = "answered", _("First answer")
        SEVERITY = "severity", _("Another severity")
        ASKED = "asked", _("Question to the customer")
        DISPATCHED = "dispatched", _("Somebody on site")
        NOTED = "noted", _("Word")
        CONTACT = "contact", _("Another contact")
        CLOSED = "closed", _("Closed")

    case = models.ForeignKey(VendorCase, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind)
    severity = models.CharField(max_length=20, blank=True, help_text=_("From then on."))
    text = models.TextField(blank=True)
    claimed_at = models.DateTimeField()
    how = models.CharField(max_length=6, choices=How, blank=True)
    at = models.DateTimeField(db_default=NOW, editable=False)

    class Meta:
        ordering = ["case", "id"]
        constraints = [
            instants_in_our_time("vendor_step_in_our_time", "claimed_at"),
            models.CheckConstraint(condition=~Q(actor_kind="contact"), name="the_desk_notes_vendor_steps"),
            models.CheckConstraint(
                condition=Q(how__in=How.values) | Q(kind="contact", how=""),
                name="vendor_step_says_how_it_is_known",
            ),
            models.CheckConstraint(
                condition=Q(claimed_at__lte=F("at")), name="vendor_step_is_not_of_tomorrow"
            ),
            models.CheckConstraint(
                condition=Q(kind="severity") & ~Q(severity="") | ~Q(kind="severity") & Q(severity=""),
                name="only_another_severity_names_one",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["asked", "noted", "closed", "severity"]) | ~Q(text=""),
                name="vendor_step_says_what",
            ),
        ]

    def __str__(self):
        return f"{self.case_id}: {self.get_kind_display()}"


class VendorEscalation(ActorFields):
    """Pressed with the vendor because of one target that he missed, named by its clock's key; selectively, so with a reason."""

    case = models.ForeignKey(VendorCase, models.PROTECT, related_name="escalations")
    clock = models.CharField(max_length=80, help_text=_("The key of the vendor’s clock that was missed."))
    kind = models.CharField(max_length=16, editable=False, help_text=_("Which target that was."))
    severity = models.CharField(max_length=20, editable=False, blank=True)
    reason = models.TextField()
    at = models.DateTimeField(db_default=NOW, editable=False)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason__regex=r"^\s*$"), name="vendor_escalation_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(actor_kind="contact"), name="the_desk_escalates_with_vendors"
            ),
        ]
        indexes = [models.Index("at", name="vendor_escalation_by_month")]

    def __str__(self):
        return f"{self.case_id}: {self.reason[:60]}"

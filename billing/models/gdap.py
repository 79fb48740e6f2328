"""GDAP as it was read or confirmed: append-only readings; the last one before work starts decides."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.now import NOW
from support.models import ActorFields, Customer, File
from support.models.our_time import instants_in_our_time


class GdapReading(ActorFields):
    """What we knew of a customer's relationship at one instant: read from Microsoft, or confirmed by hand with evidence."""

    class Status(models.TextChoices):
        """Microsoft Graph, delegatedAdminRelationship, property status."""

        CREATED = "created", _("Created")
        APPROVAL_PENDING = "approvalPending", _("Waiting for the customer")
        APPROVED = "approved", _("Approved")
        ACTIVATING = "activating", _("Being activated")
        ACTIVE = "active", _("Active")
        EXPIRING = "expiring", _("Expiring")
        EXPIRED = "expired", _("Expired")
        TERMINATION_REQUESTED = "terminationRequested", _("Termination requested")
        TERMINATING = "terminating", _("Being terminated")
        TERMINATED = "terminated", _("Terminated")

    class Source(models.TextChoices):
        HAND = "hand", _("Confirmed by hand")
        GRAPH = "graph", _("Read from Microsoft")
        CSV = "csv", _("From a file")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="gdap_readings")
    status = models.CharField(
        max_length=60, help_text=_("As Microsoft names it; a new name is kept as it is.")
    )
    ends_at = models.DateTimeField(null=True, blank=True)
    assigned = models.BooleanField(_("active access assignment"), default=False)
    roles = models.JSONField(default=list, blank=True, help_text=_("Role template ids."))
    source = models.CharField(max_length=12, choices=Source, default=Source.HAND)
    seen_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("When it was looked at, where that was before it was written down."),
    )
    reason = models.TextField(blank=True)
    evidence = models.ForeignKey(File, models.PROTECT, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField(db_default=NOW)

    class Meta:
        verbose_name = "GDAP reading"
        ordering = ["-read_at", "-id"]
        indexes = [models.Index("customer", models.F("read_at").desc(), name="gdap_of_customer")]
        constraints = [
            instants_in_our_time("gdap_reading_in_our_time", "ends_at", "seen_at"),
            models.CheckConstraint(
                condition=~Q(source="hand") | (~Q(reason="") & Q(evidence__isnull=False)),
                name="gdap_by_hand_has_reason_and_evidence",
            ),
        ]

    def __str__(self):
        return f"{self.customer}: {self.status}"

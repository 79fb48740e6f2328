"""GDAP relationships as Microsoft, a file or a person last told of them, and what managers asked Microsoft to do with them."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.gdap_roles import GLOBAL_ADMINISTRATOR
from billing.models.gdap import GdapReading
from billing.models.now import NOW
from support.models import ActorFields, Customer, Tracked
from support.models.our_time import instants_in_our_time

LAPSES_AFTER = timedelta(days=90)  # Partner Center's GDAP questions: an invitation that nobody approved
INVITATION = (
    "https://admin.microsoft.com/AdminPortal/Home#/partners/invitation/granularAdminRelationships/{id}"
)


class GdapRelationship(Tracked):
    """One delegatedAdminRelationship. Whether work may start is asked of readings, never of this row."""

    relationship_id = models.CharField(max_length=100, unique=True)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="gdap_relationships"
    )
    tenant_id = models.UUIDField(_("the customer's tenant"), null=True, blank=True, db_index=True)
    display_name = models.CharField(max_length=200, blank=True)
    status = models.CharField(
        max_length=60, help_text=_("As Microsoft names it; a new name is kept as it is.")
    )
    duration = models.CharField(max_length=40, blank=True, help_text=_("As Microsoft writes it: P730D."))
    auto_extend = models.BooleanField(default=False)
    pending_since = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    roles = models.JSONField(default=list, blank=True, help_text=_("Role template ids."))
    assigned = models.BooleanField(_("active access assignment"), default=False)
    assigned_roles = models.JSONField(
        default=list, blank=True, help_text=_("Those that an active access assignment gives.")
    )
    has_global_admin = models.BooleanField(_("has Global Administrator"), default=False)
    etag = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=12, choices=GdapReading.Source)
    raw = models.JSONField(default=dict, blank=True)
    listed = models.BooleanField(default=True, help_text=_("Whether Microsoft’s list still had it."))
    synced_at = models.DateTimeField(_("as of"))

    untracked = ("synced_at",)

    class Meta:
        verbose_name = "GDAP relationship"
        ordering = ["display_name", "id"]
        constraints = [
            instants_in_our_time("gdap_in_our_time", "ends_at", "pending_since", "synced_at"),
            models.CheckConstraint(
                condition=Q(has_global_admin=True, roles__contains=[GLOBAL_ADMINISTRATOR])
                | Q(Q(has_global_admin=False) & ~Q(roles__contains=[GLOBAL_ADMINISTRATOR])),
                name="global_admin_is_among_the_roles",
            ),
        ]

    def __str__(self):
        return self.display_name or self.relationship_id

    @property
    def status_words(self) -> str:
        return dict(GdapReading.Status.choices).get(self.status, self.status)

    @property
    def invitation(self) -> str:
        """Where the customer's Global Administrator says yes."""
        return INVITATION.format(id=self.relationship_id)

    @property
    def lapses_at(self) -> datetime | None:
        """When an invitation that nobody approves is over; Microsoft has no status of its own for that."""
        return self.pending_since + LAPSES_AFTER if self.pending_since else None

    @property
    def usable_roles(self) -> set[str]:
        """What an assignment gives of what the customer has granted."""
        return set(self.roles) & set(self.assigned_roles)

    def gives_access(self, at: datetime) -> bool:
        """Whether somebody of ours can use it now: active, assigned, not past its end."""
        return (
            self.listed
            and self.status == GdapReading.Status.ACTIVE
            and self.assigned
            and self.ends_at is not None
            and self.ends_at > at
        )

    def days_left(self, at: datetime) -> int | None:
        """Whole days until an active one ends, rounded up; Microsoft has no such figure."""
        if self.status != GdapReading.Status.ACTIVE or self.ends_at is None:
            return None
        return max(0, -((at - self.ends_at) // timedelta(days=1)))


class GdapAct(ActorFields):
    """What a manager had Microsoft do with a relationship, and why. Rows are only added."""

    class Kind(models.TextChoices):
        CREATE = "create", _("Created")
        LOCK = "lock", _("Sent to the customer for approval")
        END = "end", _("Asked to be ended")
        DELETE = "delete", _("Draft deleted")
        EXTEND = "extend", _("Auto-extend switched")

    relationship_id = models.CharField(max_length=100, db_index=True)
    kind = models.CharField(max_length=8, choices=Kind)
    reason = models.TextField()
    asked = models.JSONField(default=dict, blank=True)
    acted_at = models.DateTimeField(db_default=NOW)

    class Meta:
        verbose_name = "GDAP act"
        ordering = ["-acted_at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="gdap_act_has_a_reason")]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.relationship_id}"

"""Outages: what is down, under which contracts, since when. How one stands follows from its steps and its last notice."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from escalations.models.steps import NOW
from support.models import ActorFields, Contact, Contract, Customer, Product, ServiceVersion, Ticket
from support.models.our_time import EARLIEST, LATEST


class OutageState(models.TextChoices):
    OPEN = "open", _("Open")
    RESOLVED = "resolved", _("Resolved, to be validated")
    VALIDATED = "validated", _("Validated, to be told")
    CLOSED = "closed", _("Closed")


class OutageQuerySet(models.QuerySet):
    def not_closed(self):
        return self.exclude(state=OutageState.CLOSED)

    def told_to(self, user):
        """Those in whose audience this person is: nominated for outages, by a customer affected or granted to him."""
        nominated = Contact.objects.filter(user=user, active=True, nominated_for_outages=True)
        if not nominated.exists():
            return self.none()
        customers = Customer.objects.visible_to(user).filter(active=True)
        return self.filter(contracts__contract__holder__in=customers).distinct()


class Outage(ActorFields):
    """State and end as they now are; the database sets them from steps and notices, nobody else does."""

    number = models.CharField(max_length=14, unique=True, editable=False)
    service = models.ForeignKey(
        ServiceVersion,
        models.PROTECT,
        related_name="+",
        help_text=_("Says how often its audience is told."),
    )
    priority = models.CharField(max_length=20)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", help_text=_("Empty: all of it.")
    )
    title = models.CharField(max_length=200)
    began_at = models.DateTimeField(help_text=_("As far as it is known."))
    declared_at = models.DateTimeField(db_default=NOW, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    state = models.CharField(max_length=10, choices=OutageState, default=OutageState.OPEN)

    objects = OutageQuerySet.as_manager()

    class Meta:
        ordering = ["-declared_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title__regex=r"^\s*$"), name="outage_has_a_title"),
            models.CheckConstraint(
                condition=~Q(title__regex=r"[\x01-\x1f\x7f]"), name="an_outages_title_is_one_line"
            ),
            models.CheckConstraint(
                condition=Q(began_at__gte=EARLIEST, began_at__lt=LATEST), name="outage_began_in_our_time"
            ),
            models.CheckConstraint(
                condition=Q(began_at__lte=F("declared_at")), name="outage_is_not_of_tomorrow"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None)
                | (~Q(state="open") & Q(ended_at__gte=F("began_at"))),
                name="a_resolved_outage_has_ended",
            ),
        ]
        indexes = [models.Index("declared_at", name="outage_not_closed", condition=~Q(state="closed"))]

    def __str__(self):
        return f"{self.number} {self.title}"

    def get_absolute_url(self):
        return reverse("escalations:outage-page", args=[self.number])

    @property
    def closed(self) -> bool:
        return self.state == OutageState.CLOSED


class OutageContract(ActorFields):
    """A contract that an outage hits. Its holder's contacts who are nominated for outages are its audience."""

    outage = models.ForeignKey(Outage, models.PROTECT, related_name="contracts")
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="outages")
    at = models.DateTimeField(db_default=NOW, editable=False)

    class Meta:
        ordering = ["outage", "contract__holder__name", "id"]
        constraints = [models.UniqueConstraint(fields=["outage", "contract"], name="contract_hit_once")]

    def __str__(self):
        return f"{self.outage_id}: {self.contract_id}"


class OutageTicket(ActorFields):
    """A ticket that the outage is behind: each notice is an update on it."""

    outage = models.ForeignKey(Outage, models.PROTECT, related_name="tickets")
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="outages")
    at = models.DateTimeField(db_default=NOW, editable=False)

    class Meta:
        ordering = ["outage", "id"]
        constraints = [models.UniqueConstraint(fields=["outage", "ticket"], name="ticket_linked_once")]

    def __str__(self):
        return f"{self.outage_id}: {self.ticket_id}"


class OutageStep(ActorFields):
    """What happened on an outage beside its notices: only ever added."""

    class Kind(models.TextChoices):
        BRIDGE = "bridge", _("Bridge call")
        RESOLVED = "resolved", _("Resolved")
        UNRESOLVED = "unresolved", _("Not resolved after all")
        VALIDATED = "validated", _("Resolution validated")

    outage = models.ForeignKey(Outage, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text=_("When it was over, as it is known."))
    phone = models.CharField(max_length=60, blank=True)
    code = models.CharField(_("participant code"), max_length=40, blank=True)
    at = models.DateTimeField(db_default=NOW, editable=False)

    class Meta:
        ordering = ["outage", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="bridge") & ~Q(phone="") & ~Q(code=""))
                | (~Q(kind="bridge") & Q(phone="", code="")),
                name="a_bridge_has_number_and_code",
            ),
            models.CheckConstraint(
                condition=Q(kind="resolved", ended_at__isnull=False)
                | (~Q(kind="resolved") & Q(ended_at=None)),
                name="a_resolution_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(kind="bridge") | ~Q(text__regex=r"^\s*$"), name="outage_step_says_what"
            ),
        ]

    def __str__(self):
        return f"{self.outage_id}: {self.get_kind_display()}"

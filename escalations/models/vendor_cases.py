"""Cases with a vendor: one row for each that was opened on a ticket. How it stands follows from its steps."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from escalations.models.steps import NOW
from support.clocks.terms import Owes
from support.clocks.verdicts import Attribution
from support.models import ActorFields, Clock, ServiceVersion, Ticket, Wait
from support.models.our_time import instants_in_our_time


class Party(models.TextChoices):
    MICROSOFT = "microsoft", _("Microsoft")
    DISTRIBUTOR = "distributor", _("The distributor")


class How(models.TextChoices):
    """Where a claimed time was read or heard."""

    PHONE = "phone", _("Told by phone")
    PORTAL = "portal", _("Read in the vendor’s portal")
    MAIL = "mail", _("Written in a mail")


class CaseState(models.TextChoices):
    OPEN = "open", _("Waiting for an answer")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


def missed_clocks(at):
    """What vendors owed and missed: late, or still not stopped. Not by another severity's target."""
    late = Q(verdict="missed") | Q(verdict="pending", state="running", due_at__lt=at)
    his = Clock.objects.filter(late, subject_kind="case", owed_by=Owes.VENDOR)
    return his.exclude(attributed_to=Attribution.RECLASSIFICATION)


NUMBER = r"^[A-Za-z0-9_.:+/=#-]+(@[0-9]+)?$"  # what the facts of an event may hold


class VendorCaseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those on tickets that this person may see."""
        return self.filter(ticket__in=Ticket.objects.visible_to(user).values("id"))

    def unclosed(self):
        return self.exclude(state=CaseState.CLOSED)

    def missed(self, at):
        """Where the vendor has missed a target of his own."""
        clocks = missed_clocks(at).filter(ticket=OuterRef("ticket"), subject_id=OuterRef("pk"))
        return self.filter(Exists(clocks))

    def slipping(self, at):
        """Where he has, `missed_since` when, the case is not closed, and neither is its ticket done."""
        his = missed_clocks(at).filter(ticket=OuterRef("ticket"), subject_id=OuterRef("pk"))
        first = his.order_by("due_at").values("due_at")[:1]
        open_now = self.unclosed().missed(at).filter(ticket__in=Ticket.objects.undone())
        return open_now.annotate(missed_since=Coalesce(Subquery(first), "recorded_at"))


class VendorCase(ActorFields):
    """Number, severity and state as they now are; the database sets severity and state from the steps, nobody else does."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="vendor_cases")
    position = models.PositiveIntegerField(editable=False, help_text=_("Counts from 1 per ticket."))
    party = models.CharField(max_length=12, choices=Party)
    number = models.CharField(max_length=60, help_text=_("As the vendor says it."))
    service = models.ForeignKey(
        ServiceVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("What its clocks run under; empty where nothing says what the vendor owes."),
    )
    severity = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=8, choices=CaseState, default=CaseState.OPEN)
    contact_name = models.CharField(max_length=200, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField(help_text=_("As it was claimed; no clock reads it."))
    opened_how = models.CharField(max_length=6, choices=How)
    recorded_at = models.DateTimeField(db_default=NOW, editable=False)
    wait = models.ForeignKey(
        Wait,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="vendor_cases",
        help_text=_("The ticket’s wait for this vendor."),
    )

    objects = VendorCaseQuerySet.as_manager()

    class Meta:
        ordering = ["ticket", "position"]
        constraints = [
            instants_in_our_time("vendor_case_in_our_time", "opened_at"),
            models.UniqueConstraint(fields=["ticket", "position"], name="vendor_case_once_in_its_place"),
            models.UniqueConstraint("ticket", "party", Lower("number"), name="vendor_case_recorded_once"),
            models.CheckConstraint(condition=~Q(number=""), name="vendor_case_has_a_number"),
            models.CheckConstraint(
                condition=~Q(number__regex=r"[\x01-\x1f\x7f]"), name="a_case_number_is_one_line"
            ),
            models.CheckConstraint(condition=Q(number__regex=NUMBER), name="a_case_number_is_a_code"),
            models.CheckConstraint(condition=~Q(actor_kind="contact"), name="the_desk_opens_vendor_cases"),
            models.CheckConstraint(
                condition=Q(party__in=Party.values), name="vendor_case_with_a_known_party"
            ),
            models.CheckConstraint(
                condition=Q(opened_how__in=How.values), name="vendor_case_says_how_it_is_known"
            ),
            models.CheckConstraint(
                condition=Q(opened_at__lte=F("recorded_at")), name="vendor_case_is_not_of_tomorrow"
            ),
            models.CheckConstraint(
                condition=Q(service=None, severity="") | (Q(service__isnull=False) & ~Q(severity="")),
                name="vendor_case_has_the_severity_of_its_definition",
            ),
        ]
        indexes = [models.Index("ticket", name="vendor_case_unclosed", condition=~Q(state=CaseState.CLOSED))]

    def __str__(self):
        return f"{self.get_party_display()}, {self.number}"

    def get_absolute_url(self):
        return reverse("escalations:vendor-page", args=[self.ticket.number, self.position])

    @property
    def subject(self) -> tuple[str, int]:
        """What its events and clocks are about."""
        return "case", self.pk

    @property
    def closed(self) -> bool:
        return self.state == CaseState.CLOSED

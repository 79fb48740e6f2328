"""Extended Support Engagements: work outside the contract, which starts with the customer's written yes or not at all."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.scope import ScopeDecision
from support.actors import Actor
from support.models import Contract, ServiceVersion, Ticket
from support.models.our_time import instants_in_our_time
from support.models.tracked import Tracked
from support.refusal import Refused


class EngagementReference(models.Func):
    """ENG- and at least four digits from a sequence; gaps are allowed."""

    template = "('ENG-' || lpad(nextval('billing_engagement_reference')::text, 4, '0'))"
    arity = 0
    output_field = models.CharField()


class EngagementState(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    OFFERED = "offered", _("Waiting for a yes")
    APPROVED = "approved", _("Approved in writing")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DONE = "done", _("Done")


REQUESTED, OFFERED, APPROVED, DECLINED, WITHDRAWN, DONE = EngagementState
MOVES = {
    REQUESTED: {OFFERED, WITHDRAWN, DONE},
    OFFERED: {OFFERED, REQUESTED, APPROVED, DECLINED, WITHDRAWN, DONE},
    APPROVED: {APPROVED, OFFERED, REQUESTED, DONE, WITHDRAWN},
    DECLINED: {OFFERED, REQUESTED, WITHDRAWN, DONE},
    WITHDRAWN: set(),
    DONE: set(),
}
UNDONE = (REQUESTED, OFFERED, APPROVED, DECLINED)


class EngagementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those on tickets that this person may see."""
        return self.filter(ticket__in=Ticket.objects.visible_to(user).values("id"))

    def undone(self):
        return self.filter(state__in=UNDONE)


class Engagement(Tracked):
    """What is to be done outside the contract. What it may cost stands in its offers."""

    reference = models.CharField(max_length=12, unique=True, db_default=EngagementReference(), editable=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="engagements")
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="engagements")
    decision = models.ForeignKey(ScopeDecision, models.PROTECT, related_name="engagements")
    service = models.ForeignKey(ServiceVersion, models.PROTECT, related_name="engagements")
    kind = models.CharField(max_length=20, help_text=_("As the service names it: issue, macd, project."))
    priority = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    included = models.TextField(help_text=_("One line each."))
    excluded = models.TextField(_("not included"), blank=True, help_text=_("One line each."))
    deliverables = models.TextField(help_text=_("One line each."))
    estimate = models.PositiveIntegerField(_("estimate in minutes"))
    gdap_roles = models.JSONField(
        default=list, blank=True, help_text=_("Microsoft role template ids that the work needs; empty: none.")
    )
    expected_delay = models.CharField(
        max_length=200, blank=True, help_text=_("What is waited for before work can start, such as GDAP.")
    )
    state = models.CharField(max_length=10, choices=EngagementState, default=REQUESTED)
    requested_at = models.DateTimeField()

    objects = EngagementQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-id"]
        indexes = [models.Index("ticket", name="engagement_of_ticket")]
        constraints = [
            instants_in_our_time("engagement_in_our_time", "requested_at"),
            models.CheckConstraint(condition=models.Q(estimate__gt=0), name="engagement_has_an_estimate"),
        ]

    def __str__(self):
        return f"{self.reference} {self.title}"

    @property
    def customer(self):
        return self.ticket.customer

    @property
    def undone(self) -> bool:
        return self.state in UNDONE

    @property
    def subject(self) -> tuple[str, int]:
        """What its events and clocks are about."""
        return "engagement", self.pk

    def lock(self) -> None:
        """Hold the ticket and then the engagement, as they now are: every verb of billing begins so."""
        ticket = self.ticket
        ticket.lock()
        self.refresh_from_db(from_queryset=Engagement.objects.select_for_update(no_key=True))
        self.ticket = ticket

    def move(self, to: EngagementState, *, by: Actor, at: datetime) -> None:
        """Called by the verbs of the domain modules, which hold it and have told what happened."""
        if to == self.state:
            return
        if to not in MOVES[EngagementState(self.state)]:
            raise Refused(
                _("%(reference)s is %(state)s; it cannot become %(to)s.")
                % {
                    "reference": self.reference,
                    "state": self.get_state_display().lower(),
                    "to": EngagementState(to).label.lower(),
                }
            )
        self.state = to
        self.by(by, at).save(update_fields=["state"])

"""Scope decisions: whether a ticket's work is inside the contract, by which item, decided by whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.now import NOW
from support.models import ActorFields, Contract, Customer, ServiceVersion, Ticket
from support.models.our_time import instants_in_our_time

ENGAGEMENT = "engagement"  # the outcome of work that is offered; the others stand in the service's definition


class ScopeDecision(ActorFields):
    """Only ever added; the newest one counts."""

    class Scope(models.TextChoices):
        IN = "in", _("In scope")
        OUT = "out", _("Out of scope")

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="scope_decisions")
    scope = models.CharField(max_length=3, choices=Scope)
    service = models.ForeignKey(
        ServiceVersion, models.PROTECT, null=True, related_name="+", help_text=_("Whose list was read.")
    )
    item = models.CharField(
        max_length=60, blank=True, help_text=_("The service's list item that it falls under.")
    )
    outcome = models.CharField(
        max_length=40,
        blank=True,
        help_text=_("The way that is taken: an engagement, or an outcome of the service."),
    )
    csp = models.CharField(
        _("CSP type"),
        max_length=8,
        blank=True,
        choices=Contract.Csp,
        help_text=_("The contract's, as it was."),
    )
    reason = models.TextField()
    override = models.BooleanField(
        default=False, help_text=_("A manager decided against the list, case by case.")
    )
    agreed_with = models.CharField(max_length=200, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    consulted = models.CharField(
        max_length=200, blank=True, help_text=_("Head of support, where the service asks for it.")
    )
    accredited_partner = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text=_("Where the way is for an accredited partner: whose accreditation held, and until when."),
    )
    accredited_until = models.DateField(null=True, editable=False)
    decided_at = models.DateTimeField(db_default=NOW)

    class Meta:
        ordering = ["-decided_at", "-id"]
        constraints = [
            instants_in_our_time("scope_in_our_time", "agreed_at"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="scope_decision_has_a_reason"),
            models.CheckConstraint(
                condition=~models.Q(scope="in") | ~models.Q(outcome=ENGAGEMENT),
                name="work_in_scope_is_no_engagement",
            ),
        ]
        permissions = [("override_scopedecision", "Can decide against a service's list, case by case")]

    def __str__(self):
        return f"{self.ticket.number}: {self.get_scope_display()}"

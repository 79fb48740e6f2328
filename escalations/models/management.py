"""Tickets at management: opened by an alarm, by engineering side by side, or by the severity itself; taken, updated, closed."""

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from escalations.models.levels import LevelMove
from escalations.models.steps import NOW
from support.models import ActorFields, Alarm, Ticket, User
from support.roles import Role


class Cause(models.TextChoices):
    ALARM = "alarm", _("No workaround and no fix in time")
    ENGINEERING = "engineering", _("At engineering, side by side")
    SEVERITY = "severity", _("Told at once of this severity")


class ManagementQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closing=None)

    def first_of_each_ticket(self):
        """The oldest open one of each ticket, by which a list names it."""
        older = self.model.objects.open().filter(ticket=OuterRef("ticket"), id__lt=OuterRef("id"))
        return self.open().filter(~Exists(older))

    def with_driver(self):
        """Each with `driver_name`, of who drives its ticket now; None where nobody does."""
        driving = ManagementTaking.objects.of_the_ticket()
        return self.annotate(driver_name=Subquery(driving.values("driver__name")[:1]))

    def undriven(self):
        """On tickets that nobody drives who is there: since they are at management this time nobody has said so, or he left."""
        return self.filter(~Exists(ManagementTaking.objects.of_the_ticket()))


def drivers() -> models.QuerySet[User]:
    """Who may drive a ticket at management: active support managers."""
    managers = Q(groups__name=Role.MANAGER) | Q(is_superuser=True)
    return User.objects.filter(managers, is_active=True).distinct()


class ManagementTakingQuerySet(models.QuerySet):
    def of_the_ticket(self):
        """For subqueries: the last on what is open of the row's ticket, while its driver is there and a manager. What was
        closed has no driver any more, and who left drives nothing."""
        open_ones = self.filter(escalation__closing=None)
        later = open_ones.filter(escalation__ticket=OuterRef("escalation__ticket"), id__gt=OuterRef("id"))
        last = open_ones.filter(~Exists(later), escalation__ticket=OuterRef("ticket"))
        return last.holding()

    def holding(self):
        """Those whose driver is still there, and a manager."""
        return self.filter(Exists(drivers().filter(pk=OuterRef("driver"))))


class ManagementEscalation(models.Model):
    """Written by jobs and by the move to engineering; what opened it opens it once."""

    # No constraint on the ticket: it would lock its row in the sweep, which holds alarms, while a verb that holds the
    # ticket waits for those alarms. The guard copies the ticket from what opened it, and no ticket is ever deleted.
    ticket = models.ForeignKey(Ticket, models.DO_NOTHING, related_name="management", db_constraint=False)
    cause = models.CharField(max_length=12, choices=Cause)
    alarm = models.OneToOneField(Alarm, models.PROTECT, null=True, related_name="management")
    move = models.OneToOneField(LevelMove, models.PROTECT, null=True, related_name="management")
    opened_at = models.DateTimeField(db_default=NOW, editable=False)

    objects = ManagementQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cause="alarm", alarm__isnull=False, move=None)
                | Q(cause="engineering", alarm=None, move__isnull=False)
                | Q(cause="severity", alarm=None, move=None),
                name="management_says_what_opened_it",
            ),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(cause="severity"), name="severity_is_told_once"
            ),
        ]

    def __str__(self):
        return f"{self.ticket_id}: {self.get_cause_display()}"


class ManagementStep(ActorFields):
    at = models.DateTimeField(db_default=NOW, editable=False)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.escalation_id}: {self.actor_name}"


class ManagementTaking(ManagementStep):
    """Who drives it from here on; the last one counts."""

    escalation = models.ForeignKey(ManagementEscalation, models.PROTECT, related_name="takings")
    driver = models.ForeignKey(User, models.PROTECT, related_name="driven")

    objects = ManagementTakingQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(actor_kind="staff"), name="staff_take_it")]


class ManagementUpdate(ManagementStep):
    """What management did or decided; only the desk reads it."""

    escalation = models.ForeignKey(ManagementEscalation, models.PROTECT, related_name="updates")
    words = models.TextField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(actor_kind="staff"), name="staff_update_it"),
            models.CheckConstraint(condition=~Q(words=""), name="an_update_says_what"),
        ]


class ManagementClosing(ManagementStep):
    escalation = models.OneToOneField(ManagementEscalation, models.PROTECT, related_name="closing")
    reason = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(actor_kind="staff"), name="staff_close_it"),
            models.CheckConstraint(condition=~Q(reason=""), name="management_closes_with_a_reason"),
        ]

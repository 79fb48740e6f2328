"""Support levels of a ticket: each move up or down as a row, the sheet that went with it, and what engineering reviews."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from escalations.models.steps import NOW
from support.models import ActorFields, File, Ticket
from support.models.tickets import UNDONE


class Impact(models.IntegerChoices):
    STOPPED = 1, _("Business stands still")
    SERIOUS = 2, _("Many are hindered, or money is lost")
    LIMITED = 3, _("Some are hindered")
    LITTLE = 4, _("Little or none")


class FaultReport(ActorFields):
    """One version of a ticket's sheet. `missing` are the required items without an answer; the database says which."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="fault_reports")
    number = models.PositiveIntegerField(editable=False)
    answers = models.JSONField(default=dict)
    missing = models.JSONField(default=list, editable=False)
    file = models.ForeignKey(File, models.PROTECT, related_name="fault_reports")
    at = models.DateTimeField(db_default=NOW, editable=False)

    class Meta:
        ordering = ["ticket", "number"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "number"], name="sheet_once_in_its_place"),
            models.CheckConstraint(condition=~Q(actor_kind="contact"), name="the_desk_keeps_the_sheet"),
        ]

    def __str__(self):
        return f"{self.ticket_id}, sheet {self.number}"


class LevelMoveQuerySet(models.QuerySet):
    def last(self, ticket: Ticket):
        return self.filter(ticket=ticket).order_by("-position").first()

    def standing(self):
        """The last move of each ticket: it says on which level the ticket is."""
        later = self.model.objects.filter(ticket=OuterRef("ticket"), position__gt=OuterRef("position"))
        return self.filter(~Exists(later))

    def at_engineering(self):
        """Where tickets that are not done stand now, when that is engineering."""
        return self.standing().filter(engineering=True, ticket__state__in=UNDONE)


class LevelMove(ActorFields):
    """A ticket goes from one support level to another. Its owner stays: he talks to the customer."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="level_moves")
    position = models.PositiveIntegerField(editable=False)
    old = models.PositiveSmallIntegerField(editable=False)
    new = models.PositiveSmallIntegerField()
    engineering = models.BooleanField(
        default=False, editable=False, help_text=_("Whether the new level is engineering; the database says.")
    )
    sheet = models.ForeignKey(FaultReport, models.PROTECT, null=True, blank=True, related_name="moves")
    missed = models.CharField(
        max_length=80, blank=True, help_text=_("The clock whose miss moved it by itself.")
    )
    impact = models.PositiveSmallIntegerField(
        choices=Impact, null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    reason = models.TextField()
    at = models.DateTimeField(db_default=NOW, editable=False)

    objects = LevelMoveQuerySet.as_manager()

    class Meta:
        ordering = ["ticket", "position"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "position"], name="level_once_in_its_place"),
            models.UniqueConstraint(
                fields=["ticket", "missed"], condition=~Q(missed=""), name="a_miss_moves_once"
            ),
            models.CheckConstraint(condition=~Q(actor_kind="contact"), name="the_desk_moves_levels"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_level_moves_with_a_reason"),
            models.CheckConstraint(
                condition=Q(impact=None) | Q(impact__range=(1, 4)), name="impact_is_known"
            ),
            models.CheckConstraint(
                condition=Q(engineering=False) | Q(impact__isnull=False),
                name="engineering_knows_the_impact",
            ),
        ]

    def __str__(self):
        return f"{self.ticket_id}: level {self.old} to {self.new}"


class EngineeringReview(ActorFields):
    """What the weekly review found; its impact replaces the one before."""

    move = models.ForeignKey(LevelMove, models.PROTECT, related_name="reviews")
    impact = models.PositiveSmallIntegerField(choices=Impact)
    words = models.TextField()
    at = models.DateTimeField(db_default=NOW, editable=False)

    class Meta:
        ordering = ["move", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(actor_kind="staff"), name="staff_review"),
            models.CheckConstraint(condition=~Q(words=""), name="a_review_says_what"),
            models.CheckConstraint(condition=Q(impact__range=(1, 4)), name="reviewed_impact_is_known"),
        ]

    def __str__(self):
        return f"{self.move_id}: {self.get_impact_display()}"

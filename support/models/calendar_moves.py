"""What moved open tickets to a newer version of their calendar: who asked, when and why. Only ever added."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from support.models.definitions import CalendarVersion
from support.models.our_time import instants_in_our_time
from support.models.tracked import ActorFields


class CalendarMove(ActorFields):
    """What was asked for; each ticket that it moved has an event that names it."""

    calendar = models.ForeignKey(
        CalendarVersion,
        models.PROTECT,
        related_name="moves",
        help_text=_("The version that applies from then on."),
    )
    older = models.JSONField(help_text=_("The versions that it replaces."))
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    tickets = models.PositiveIntegerField(help_text=_("Tickets that counted under these versions then."))
    contracts = models.PositiveIntegerField(help_text=_("Contracts that pin the new version since."))

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("calendar move")
        constraints = [
            instants_in_our_time("calendar_move_in_our_time", "at"),
            models.CheckConstraint(condition=~Q(reason=""), name="calendar_move_has_a_reason"),
        ]

    def __str__(self):
        return f"{', '.join(self.older)} → {self.calendar}"

    @property
    def source(self) -> str:
        """What its events name as their source: one a ticket and subject, by a constraint."""
        return f"calendar-move-{self.pk}"

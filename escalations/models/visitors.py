"""Who came to the site: each visitor that was announced is let in with what he showed, or turned away with the reason."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from escalations.models.onsite import Document, OnsiteStep


class OnsiteVisitor(models.Model):
    """Of one arrival, in the order of the request, whose name the database copies. No number of a document is kept."""

    step = models.ForeignKey(OnsiteStep, models.PROTECT, related_name="visitors")
    position = models.PositiveSmallIntegerField(help_text=_("Of the names in the request, from 1."))
    name = models.TextField(editable=False)
    document = models.CharField(
        max_length=13, choices=Document, blank=True, help_text=_("What was shown; of whoever was let in.")
    )
    by_whom = models.CharField(max_length=200, help_text=_("Who checked it, or turned him away."))
    turned_away = models.CharField(
        max_length=300, blank=True, help_text=_("Why he was not let in; empty of whoever was.")
    )

    class Meta:
        ordering = ["step", "position"]
        constraints = [
            models.UniqueConstraint(fields=["step", "position"], name="visitor_once_in_an_arrival"),
            models.CheckConstraint(
                condition=Q(document__in=Document.values, turned_away="")
                | Q(document="") & ~Q(turned_away__regex=r"^\s*$"),
                name="visitor_shows_a_document_or_is_turned_away",
            ),
            models.CheckConstraint(
                condition=~Q(by_whom__regex=r"^\s*$"), name="visitor_is_checked_by_somebody"
            ),
        ]

    def __str__(self):
        return f"{self.step_id}: {self.name}"

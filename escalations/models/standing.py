"""Which escalations of a ticket still count: those on which it stands, level above level."""

from django.db import models
from django.db.models import Exists, OuterRef

from support.models import Ticket
from support.models.tickets import UNDONE

STEPS = ("acceptance", "refusal", "acknowledgement", "descent", "closing")


class EscalationQuerySet(models.QuerySet):
    def of(self, ticket: Ticket):
        """In the order in which they were raised, with how each was taken and ended."""
        return self.filter(ticket=ticket).select_related("contact", *STEPS).order_by("position")

    def live(self):
        """Neither declined nor stepped down from, on ladders that were not closed since."""
        closed = self.model.objects.filter(
            ticket=OuterRef("ticket"), closing__isnull=False, position__gte=OuterRef("position")
        )
        return self.filter(~Exists(closed), refusal=None, descent=None)

    def standing(self):
        """The one of each ticket on which it stands: the last that is live."""
        above = self.model.objects.live().filter(ticket=OuterRef("ticket"), position__gt=OuterRef("position"))
        return self.live().filter(~Exists(above))

    def unacknowledged(self):
        """On tickets that are not done, those that no one of their level has taken, the longest first."""
        waiting = self.standing().filter(acknowledgement=None, ticket__state__in=UNDONE)
        return waiting.order_by("raised_at", "id")


def live_of(raised: list) -> list:
    """The live ones among all escalations of one ticket, in their order."""
    closed = max((row.position for row in raised if hasattr(row, "closing")), default=0)
    return [
        row
        for row in raised
        if row.position > closed and not hasattr(row, "refusal") and not hasattr(row, "descent")
    ]

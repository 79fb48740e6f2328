"""What a ticket has of all that goes up, in one query: the panels of its page ask further only for what is there."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Subquery

from escalations.models import Escalation, LevelMove, ManagementEscalation, VendorCase
from support.models import Ticket


@dataclass(frozen=True, slots=True)
class Gist:
    """Whether it was ever escalated, has cases with vendors, is at management; and its support level, from 1."""

    raised: bool
    cases: bool
    management: bool
    level: int


def gist_of(ticket: Ticket) -> Gist:
    of_it = {"ticket": OuterRef("pk")}
    moves = LevelMove.objects.filter(**of_it).order_by("-position")
    asked = Ticket.objects.filter(pk=ticket.pk).values_list(
        Exists(Escalation.objects.filter(**of_it)),
        Exists(VendorCase.objects.filter(**of_it)),
        Exists(ManagementEscalation.objects.open().filter(**of_it)),
        Subquery(moves.values("new")[:1]),
    )
    raised, cases, management, level = asked.get()
    return Gist(raised, cases, management, level or 1)

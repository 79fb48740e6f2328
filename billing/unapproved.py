"""Time that no approval covers, and why: the cap was reached, the approval had ended, it was said, or there was none."""

from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from billing.models import Approval, TimeEntry
from support.models import LegalEntity


class Why(TextChoices):
    """What was so as the work began, in the order in which pages list it."""

    OVER = "over", _("Over the cap, not billed")
    ENDED = "ended", _("After the approval had ended, not billed")
    SAID = "said", _("Entered as not billable")
    NONE = "none", _("Without an approval, not billed")


def unapproved(entity: LegalEntity) -> QuerySet[TimeEntry]:
    """Live entries without an approval, each with `why`, one of Why.

    Room is what was left as the entry was recorded: what was freed later, or used up later, says nothing about it.
    """
    began = OuterRef("started_at")
    decided = Approval.objects.filter(engagement=OuterRef("engagement"), decided_at__lte=began)
    gone = Q(balance__ended_at__isnull=False, balance__ended_at__lte=began) | Q(
        balance__work_until__lte=began
    )
    in_force = decided.filter(~gone)
    by_hour = in_force.filter(balance__cap__gt=0).annotate(booked=_booked())
    under = Exists(_same_piece())
    used_up, with_room = Q(booked__gte=F("balance__cap")), Q(booked__lt=F("balance__cap"))
    over = Exists(by_hour.filter(under, used_up)) | (
        Exists(by_hour) & ~Exists(by_hour.filter(with_room)) & ~Exists(decided.filter(under))
    )
    ended = Exists(decided.filter(gone, under)) | ~Exists(in_force)
    why = Case(
        When(over, then=Value(Why.OVER)),
        When(~Exists(decided), then=Value(Why.NONE)),
        When(ended, then=Value(Why.ENDED)),
        default=Value(Why.SAID),
    )
    rows = TimeEntry.objects.live().filter(approval=None, raw_minutes__gt=0)
    return rows.filter(engagement__contract__legal_entity=entity).annotate(why=why)


def _same_piece() -> QuerySet[TimeEntry]:
    """The part of the same piece of work that this approval covers: the rest was meant for it too."""
    entry = OuterRef(OuterRef("piece")), OuterRef(OuterRef("person")), OuterRef(OuterRef("started_at"))
    piece, person, began = entry
    rows = TimeEntry.objects.live().filter(approval=OuterRef("pk"))
    return rows.filter(piece=piece, person=person, stopped_at__lte=began)


def _booked() -> Coalesce:
    """Billed minutes of an approval as the outer entry was recorded: entries are numbered in that order."""
    before = TimeEntry.objects.filter(approval=OuterRef("pk"), pk__lt=OuterRef(OuterRef("pk")))
    stood = before.filter(Q(superseded_by=None) | Q(superseded_by__gt=OuterRef(OuterRef("pk"))))
    summed = stood.order_by().values("approval").annotate(sum=Sum("billed_minutes")).values("sum")
    return Coalesce(Subquery(summed), 0, output_field=IntegerField())

"""What a correction of time begins with: the piece of work as it stands, and whether one can be made at all."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, DateField, Exists, Func, OuterRef, QuerySet, When
from django.utils.translation import gettext as _

from billing.models import BilledEntry, Month, TimeEntry
from support.refusal import Refused


@dataclass(frozen=True, slots=True)
class Piece:
    """All parts of one piece of work; `approved` where any of it is."""

    started_at: datetime
    stopped_at: datetime
    text: str
    on_site: bool
    approved: bool


def piece_of(entry: TimeEntry) -> Piece:
    """The whole that this entry is a part of. Refused where it was corrected already or cancelled."""
    parts = list(TimeEntry.objects.live().filter(piece=entry.piece).order_by("started_at", "pk"))
    if entry.pk not in [part.pk for part in parts]:
        raise Refused(_("This entry has been corrected already."))
    if not entry.raw_minutes:
        raise Refused(_("This entry was cancelled: enter the time anew."))
    return Piece(
        started_at=parts[0].started_at,
        stopped_at=parts[-1].stopped_at,
        text=entry.text,
        on_site=any(part.on_site for part in parts),
        approved=any(part.approval_id for part in parts),
    )


def with_may_be_corrected(entries: QuerySet[TimeEntry]) -> QuerySet[TimeEntry]:
    """Each with `may_be_corrected`: its piece is on no issued invoice and in no closed month. The verb asks again."""
    same = TimeEntry.objects.live().filter(piece=OuterRef("piece"))
    invoiced = BilledEntry.objects.filter(
        entry=OuterRef("pk"), credited_by=None, line__invoice__number__isnull=False
    )
    seller = OuterRef("engagement__contract__legal_entity")
    began = Func(seller, OuterRef("started_at"), function="month_of", output_field=DateField())
    closed = Month.objects.filter(legal_entity=seller, month=began, closed_at__isnull=False)
    stands = Exists(same.filter(Exists(invoiced))) | Exists(same.filter(Exists(closed)))
    return entries.annotate(may_be_corrected=Case(When(~stands, raw_minutes__gt=0, then=True), default=False))

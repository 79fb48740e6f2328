"""The list of a manager: time on engagements that is odd, and very long time under a contract, the newest first."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import CharField, QuerySet, Value

from billing import weeks
from billing.models import TicketTime, TimeEntry

INSIDE = "inside"


def keys(now: datetime) -> QuerySet:
    """Which row of which kind: (kind, pk, when it began), to be cut into pages."""
    entries = _keys(weeks.to_review(now), "entry")
    return entries.union(_keys(weeks.long_inside(now), INSIDE), all=True).order_by(
        "-started_at", "kind", "-pk"
    )


def rows(
    page: Iterable[tuple[str, int, datetime]], now: datetime
) -> list[tuple[TimeEntry | TicketTime, str]]:
    """The rows of a page, each with why it is looked at: as weeks.why, or "inside"."""
    page = list(page)
    of = {kind: [pk for each, pk, _at in page if each == kind] for kind in ("entry", INSIDE)}
    entries = weeks.to_review(now).in_bulk(of["entry"]) if of["entry"] else {}
    inside = weeks.long_inside(now).in_bulk(of[INSIDE]) if of[INSIDE] else {}
    found = [((inside if kind == INSIDE else entries).get(pk), kind) for kind, pk, _at in page]
    return [(row, INSIDE if kind == INSIDE else weeks.why(row)) for row, kind in found if row]


def _keys(found: QuerySet, kind: str) -> QuerySet:
    return found.order_by().annotate(kind=Value(kind, CharField())).values_list("kind", "pk", "started_at")

"""What the pages of outages show, worked out before a template sees it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from escalations import notice_mail, outages
from escalations.models import DueNotice, Notice, NoticeRecipient, Outage, OutageContract, OutageStep
from support import saying


@dataclass(frozen=True, slots=True)
class Listed:
    outage: Outage
    priority: str
    began: str
    due: str
    late: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A notice that is owed, was sent or was skipped. `state` is due, late, sent or skipped."""

    position: int
    kind: str
    due: str
    at: str
    state: str
    words: str
    notice: Notice | None = None
    expected: str = ""


SOON = timedelta(hours=2)
OVERDUE, ABOUT_TO = "overdue", "soon"
NOTICE = {OVERDUE: _lazy("Overdue"), ABOUT_TO: _lazy("Due within 2 hours")}


def owing(outages: QuerySet[Outage], which: str, at: datetime) -> QuerySet[Outage]:
    """Those whose audience is owed a notice that is overdue, or due soon; the first due first."""
    owed = _first_due(outages.not_closed())
    late = owed.filter(due_at__lte=at)
    rows = late if which == OVERDUE else owed.filter(due_at__gt=at, due_at__lte=at + SOON)
    return rows.order_by("due_at", "id")


def found(
    outages: QuerySet[Outage], at: datetime, *, state: str, text: str, notice: str = ""
) -> QuerySet[Outage]:
    """Those that are not closed come first, the one that owes a notice soonest at their head."""
    if notice in NOTICE:
        outages = Outage.objects.filter(pk__in=owing(outages, notice, at).order_by().values("pk"))
    outages = outages.filter(state=state) if state else outages
    if text:
        hit = Exists(
            OutageContract.objects.filter(outage=OuterRef("pk"), contract__holder__name__icontains=text)
        )
        outages = outages.filter(Q(number__icontains=text) | Q(title__icontains=text) | hit)
    return (
        _first_due(outages)
        .annotate(hits=Count("contracts"), done=Q(state="closed"))
        .select_related("product")
        .order_by("done", F("due_at").asc(nulls_last=True), "-declared_at", "-id")
    )


def _first_due(outages: QuerySet[Outage]) -> QuerySet[Outage]:
    """With `due_at`, when the notice that is owed next is due."""
    unanswered = DueNotice.objects.filter(outage=OuterRef("pk"), notice=None).order_by().values("outage")
    return outages.annotate(due_at=Subquery(unanswered.annotate(first=Min("due_at")).values("first")))


def listed(outage: Outage, at: datetime) -> Listed:
    due_at = None if outage.closed else outage.due_at
    return Listed(
        outage,
        notice_mail.priority_of(outage),
        saying.here(outage.began_at, at),
        saying.here(due_at, at) if due_at else "",
        bool(due_at and due_at <= at),
    )


def entries(outage: Outage, at: datetime) -> Iterator[Entry]:
    """The notice that is owed first, then what was sent and skipped, the newest first; two queries."""
    rows = list(outage.notices.select_related("due").order_by("-position"))
    owed = outages.owed(outage)
    if owed:
        late = owed.due_at <= at
        words = _("%(span)s late") if late else _("in %(span)s")
        span = saying.duration(abs((owed.due_at - at).total_seconds()) / 60)
        yield Entry(
            len(rows) + 1,
            next_kind(outage).label,
            saying.here(owed.due_at, at),
            "",
            "late" if late else "due",
            words % {"span": span},
        )
    for row in rows:
        yield _entry(row, at)


def next_kind(outage: Outage) -> Notice.Kind:
    """What the next notice would be."""
    if outage.state == "validated":
        return Notice.Kind.RESOLUTION
    sent = outage.notices.filter(what=Notice.What.SENT).exists()
    return Notice.Kind.UPDATE if sent else Notice.Kind.FIRST


def _entry(row: Notice, at: datetime) -> Entry:
    late = row.late
    after = (row.at - row.due.due_at).total_seconds() / 60 if late else 0
    return Entry(
        row.position,
        row.get_kind_display(),
        saying.here(row.due.due_at, at) if row.due else "",
        saying.here(row.at, at),
        "late" if late else row.what,
        _("%(span)s late") % {"span": saying.duration(after)} if late else row.get_what_display(),
        row,
        saying.here(row.expected_at, at) if row.expected_at else "",
    )


def offered(outage: Outage, owed: DueNotice | None, at: datetime) -> set[str]:
    """The verbs that its page offers, as it stands; a notice is skipped once the desk is warned of it."""
    turn = {"open": {"resolve"}, "resolved": {"validate", "unresolve"}}.get(outage.state, set())
    if outage.state == "validated":
        return {"bridge", "link", *(["close"] if outages.is_of_nobody(outage) else [])}
    skips = owed is not None and owed.warn_at <= at
    return {"bridge", "link", *turn, *(["skip"] if skips else [])}


def facts_of(outage: Outage, at: datetime) -> dict:
    """Notices, steps, contracts and tickets; eight queries, however many there are."""
    rows = list(entries(outage, at))
    delivered = delivery([row.notice.pk for row in rows if row.notice])
    steps = [(step, saying.here(step.at, at)) for step in outage.steps.order_by("-id")]
    tickets = outage.tickets.select_related("ticket__customer").order_by("id")
    return {
        "priority": notice_mail.priority_of(outage),
        "entries": [(row, delivered.get(row.notice.pk) if row.notice else None) for row in rows],
        "steps": steps,
        "bridge": next((step for step, _at in steps if step.kind == OutageStep.Kind.BRIDGE), None),
        "contracts": outage.contracts.select_related("contract__holder").order_by(
            "contract__holder__name", "id"
        ),
        "tickets": [each.ticket for each in tickets],
        "began": saying.here(outage.began_at, at),
        "declared": saying.here(outage.declared_at, at),
        "ended": saying.here(outage.ended_at, at) if outage.ended_at else "",
    }


def receivers(notice: Notice) -> QuerySet[NoticeRecipient]:
    rows = NoticeRecipient.objects.filter(notice=notice).select_related("contact__customer", "mail")
    return rows.order_by("contact__customer__name", "contact__name", "id")


def delivery(notices: list[int]) -> dict[int, dict[str, int]]:
    """Of each notice, how many mails are in which state."""
    counted: dict[int, dict[str, int]] = {}
    rows = NoticeRecipient.objects.filter(notice__in=notices).values_list("notice", "mail__state")
    for notice, state, n in rows.annotate(n=Count("id")).order_by():
        counted.setdefault(notice, {})[state] = n
    return counted


@dataclass(frozen=True, slots=True)
class Told:
    """What its audience reads on the status page: one notice that was sent."""

    kind: str
    at: str
    details: str
    impact: str
    expected: str


def told(outage: Outage, at: datetime, zone: tzinfo) -> list[Told]:
    """What was sent, the newest first; nothing of what was skipped, and nothing of the desk's."""
    sent = outage.notices.filter(what=Notice.What.SENT).order_by("-position")
    return [
        Told(
            row.get_kind_display(),
            saying.instant(row.at, zone, since=at),
            row.details,
            row.impact,
            saying.instant(row.expected_at, zone, since=at) if row.expected_at else "",
        )
        for row in sent
    ]

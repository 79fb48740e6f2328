"""A person's week of time, day by day, and what a manager looks at again."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from billing.models import BilledEntry, LateWork, StoppedTimer, TicketTime, TimeEntry, Timer
from support import saying
from support.models import User

LONG = 10 * 60  # minutes of one entry that somebody looks at again
LONG_SPAN = timedelta(minutes=LONG)
LOOKED_BACK = timedelta(days=92)


class _Sums:
    """Of `entries` on engagements and `inside` the contract, in words. Unapproved is what was worked without room under
    an approval: it bills nothing."""

    entries: Iterable[TimeEntry]
    inside: Iterable[TicketTime]

    @property
    def worked(self) -> str:
        under = sum(entry.minutes for entry in self.inside)
        return saying.duration(sum(entry.raw_minutes for entry in self.entries) + under)

    @property
    def under_contract(self) -> str:
        return saying.duration(sum(entry.minutes for entry in self.inside))

    @property
    def billed(self) -> str:
        return saying.duration(sum(entry.billed_minutes for entry in self.entries))

    @property
    def unapproved(self) -> str:
        return saying.duration(sum(entry.raw_minutes for entry in self.entries if entry.approval_id is None))


@dataclass
class Day(_Sums):
    """One date of the week in the reader's zone; an entry stands on the day on which it began."""

    on: date
    entries: list[TimeEntry] = field(default_factory=list)
    inside: list[TicketTime] = field(default_factory=list)


@dataclass(frozen=True)
class Week(_Sums):
    person: User
    monday: date
    days: list[Day]
    timer: Timer | None
    late: list[LateWork]

    @property
    def entries(self) -> list[TimeEntry]:
        return [entry for day in self.days for entry in day.entries]

    @property
    def inside(self) -> list[TicketTime]:
        return [entry for day in self.days for entry in day.inside]

    @property
    def before(self) -> date:
        return self.monday - timedelta(days=7)

    @property
    def after(self) -> date:
        return self.monday + timedelta(days=7)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week(person: User, monday: date, zone: ZoneInfo) -> Week:
    """Live entries that began from this Monday to the Sunday after it, in this zone."""
    begins, ends = (datetime.combine(day, time(), zone) for day in (monday, monday + timedelta(days=7)))
    rows = _told(TimeEntry.objects.live().filter(person=person, started_at__gte=begins, started_at__lt=ends))
    days = [Day(monday + timedelta(days=n)) for n in range(7)]
    for entry in rows.order_by("started_at", "pk"):
        days[(entry.started_at.astimezone(zone).date() - monday).days].entries.append(entry)
    inside = TicketTime.objects.live().filter(person=person, started_at__gte=begins, started_at__lt=ends)
    for each in inside.select_related("ticket__customer").order_by("started_at", "pk"):
        days[(each.started_at.astimezone(zone).date() - monday).days].inside.append(each)
    timer = Timer.objects.filter(person=person).select_related("approval__engagement").first()
    late = LateWork.objects.waiting().filter(person=person).select_related("engagement")
    return Week(person, monday, days, timer, list(late))


def to_review(now: datetime) -> QuerySet[TimeEntry]:
    """Time of the last three months that a manager looks at again: nobody approved it, somebody else stopped its
    timer, it stands in another's place, or it is long.

    What is on an issued invoice has been looked at.
    """
    issued = BilledEntry.objects.filter(
        entry=OuterRef("pk"), credited_by=None, line__invoice__issued_at__isnull=False
    )
    odd = Q(approval=None, raw_minutes__gt=0) | ~Q(correction="") | Q(raw_minutes__gte=LONG)
    odd |= Exists(StoppedTimer.objects.filter(piece=OuterRef("piece")))
    recent = TimeEntry.objects.live().filter(odd, started_at__gte=now - LOOKED_BACK)
    rows = _told(recent.filter(~Exists(issued))).with_who_stopped()
    return rows.order_by("-started_at", "-pk")


def long_inside(now: datetime) -> QuerySet[TicketTime]:
    """Time under a contract of the last three months that is very long at a time."""
    recent = TicketTime.objects.live().filter(started_at__gte=now - LOOKED_BACK)
    rows = recent.filter(stopped_at__gte=F("started_at") + LONG_SPAN)
    return rows.select_related("person", "ticket__customer").order_by("-started_at", "-pk")


def why(entry: TimeEntry) -> str:
    """ "unapproved", "stopped" by somebody else, "corrected" or "long", the gravest first."""
    if entry.approval_id is None and entry.raw_minutes:
        return "unapproved"
    if entry.stopped_by:
        return "stopped"
    return "corrected" if entry.correction else "long"


def _told(rows: QuerySet[TimeEntry]) -> QuerySet[TimeEntry]:
    return rows.select_related("person", "engagement__ticket__customer")

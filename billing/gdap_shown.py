"""Relationships as the managers' pages show them, and the work that waits for one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from billing import gdap_readings, gdap_words
from billing.gdap_roles import named
from billing.models import Engagement, GdapAct, GdapReading, GdapRelationship
from billing.rules import ask
from support import saying

OVER = ["expired", "terminated"]
WAITING = 50  # engagements shown
KEPT_LOST = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Shown:
    """`grave` is "", warn or bad."""

    row: GdapRelationship
    status: str
    badge: str
    left: str
    grave: str
    as_of: str
    roles: list[str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An engagement that cannot start, and each reason why."""

    engagement: Engagement
    why: list[str]


def listed(every: bool) -> QuerySet[GdapRelationship]:
    """Those that are not over, the first to end first; all of them if asked for."""
    rows = GdapRelationship.objects.select_related("customer")
    if not every:
        rows = rows.exclude(Q(status__in=OVER) | Q(listed=False))
    return rows.order_by("ends_at", "display_name", "pk")


def shown(row: GdapRelationship, at: datetime) -> Shown:
    left, grave = gdap_words.time_left(row, at)
    return Shown(
        row=row,
        status=gdap_words.status_words(row.status if row.listed else "notListed"),
        badge="good" if row.gives_access(at) else "warn",
        left=left,
        grave=grave,
        as_of=saying.here(row.synced_at, at),
        roles=sorted(named(role) for role in row.roles),
    )


@dataclass(frozen=True, slots=True)
class SeenByHand:
    reading: GdapReading
    status: str
    badge: str
    ends: str
    as_of: str


def by_hand(at: datetime) -> list[SeenByHand]:
    """What people saw and confirmed: the newest of each customer where nothing was read since, the first to end first."""
    newest = gdap_readings.newest().filter(source=GdapReading.Source.HAND).exclude(status__in=OVER)
    newest = newest.exclude(ends_at__lte=at)
    fresh = at - gdap_words.GOOD_FOR
    rows = newest.select_related("customer").order_by("ends_at", "customer__name", "pk")[:WAITING]
    return [
        SeenByHand(
            reading=row,
            status=gdap_words.status_words(row.status),
            badge="good" if row.status == "active" and row.assigned and row.read_at > fresh else "warn",
            ends=saying.here(row.ends_at, at) if row.ends_at else "",
            as_of=saying.here(row.seen_at or row.read_at, at),
        )
        for row in rows
    ]


def waiting() -> list[Waiting]:
    """The open engagements that GDAP keeps from starting, as the gate itself says."""
    [now] = ask("SELECT countersign_now()")
    lets_start = Func(
        F("ticket__customer_id"),
        F("gdap_roles"),
        Value(now),
        function="gdap_active",
        output_field=BooleanField(),
    )
    engagements = (
        Engagement.objects.undone()
        .exclude(gdap_roles=[])
        .alias(lets_start=lets_start)
        .filter(lets_start=False)
        .select_related("ticket__customer")
        .order_by("requested_at", "pk")[:WAITING]
    )
    customers = {engagement.ticket.customer_id for engagement in engagements}
    newest = GdapReading.objects.filter(customer__in=customers).order_by("customer_id", "-read_at", "-id")
    last = {reading.customer_id: reading for reading in newest.distinct("customer_id")}
    return [
        Waiting(each, gdap_words.missing(last.get(each.ticket.customer_id), each.gdap_roles, now))
        for each in engagements
    ]


def lost(now: datetime) -> list[GdapAct]:
    """Drafts that were asked for within two days and of which nothing was written down, the newest first: none that was read since. By
    then a reading has shown what there is."""
    acts = list(GdapAct.objects.filter(kind=GdapAct.Kind.CREATE, acted_at__gt=now - KEPT_LOST))
    names = {f"{act.asked.get('name')}" for act in acts}
    listed = GdapRelationship.objects.filter(display_name__in=names, listed=True)
    read = set(listed.values_list("display_name", flat=True))
    return [act for act in acts if "customer" in act.asked and act.asked.get("name") not in read]

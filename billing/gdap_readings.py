"""From what was told of relationships to rows, and from a customer's rows to the one reading that the gate asks."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery

from billing import gdap
from billing.gdap_roles import GLOBAL_ADMINISTRATOR
from billing.graph.reading import Told
from billing.models import Engagement, GdapReading, GdapRelationship
from billing.rules import verb
from support.actors import Actor
from support.models import Customer

# The gate wants a reading of the last 24 hours: what has not changed is written again before that.
AGAIN_WHERE_NEEDED = timedelta(hours=6)
AGAIN_WHERE_ACTIVE = timedelta(hours=20)
NOT_LISTED = "notListed"  # our own word: Microsoft's list had it, and has it no more
# The nearest to work first; a name that is new comes before those that are over.
NEAREST = ["active", "activating", "approved", "approvalPending", "created"]
OVER = ["expiring", "terminationRequested", "terminating", "terminated", "expired"]


@dataclass(frozen=True, slots=True)
class Stand:
    """What a customer's relationships give together, as a reading says it."""

    status: str
    assigned: bool
    roles: list[str]
    ends_at: datetime | None


NOTHING = Stand(NOT_LISTED, False, [], None)


def of_customer(customer: Customer, rows: Iterable[GdapRelationship], at: datetime) -> Stand:
    """The roles that somebody of ours can use now, until the first of them ends; else the relationship nearest to that.

    Of the tenant that the customer has by now: the rows may be of another.
    """
    customer.refresh_from_db(fields=["tenant_id"])
    rows = [row for row in rows if row.tenant_id == customer.tenant_id]
    if not rows:
        return NOTHING
    if usable := [row for row in rows if row.gives_access(at)]:
        roles = sorted({role for row in usable for role in row.usable_roles})
        return Stand("active", True, roles, min(row.ends_at for row in usable))
    best = min(rows, key=lambda row: (not row.listed, _rank(row.status), row.pk))
    status = best.status if best.listed else NOT_LISTED
    return Stand(status, best.assigned, sorted(best.roles), best.ends_at)


def _rank(status: str) -> int:
    if status in OVER:
        return len(NEAREST) + 1 + OVER.index(status)
    return NEAREST.index(status) if status in NEAREST else len(NEAREST)


@verb
def keep(told: Told, *, source: str, by: Actor, at: datetime) -> tuple[GdapRelationship, set[int]]:
    """The row as it was told, and the customers that it is or was of. What somebody told later than `at` stays."""
    gdap.hold()
    row = GdapRelationship.objects.filter(relationship_id=told.relationship_id).first()
    if row is not None and row.synced_at > at:
        return row, set()
    row, made = row or GdapRelationship(relationship_id=told.relationship_id), row is None
    was = row.customer_id
    if _say(row, told, source) or made:
        row.pending_since = _pending_since(row, told, at)
        row.synced_at = at
        row.by(by, at).save()
    else:
        GdapRelationship.objects.filter(pk=row.pk).update(synced_at=at)
    return row, {pk for pk in (was, row.customer_id) if pk}


@verb
def unlist(relationship_id: str, *, by: Actor, at: datetime) -> GdapRelationship | None:
    """It is not in Microsoft's list any more, as that was `at`; None where somebody was told of it since."""
    gdap.hold()
    row = GdapRelationship.objects.filter(
        relationship_id=relationship_id, listed=True, synced_at__lte=at
    ).first()
    if row is not None:
        row.listed = False
        row.by(by, at).save()
    return row


def _say(row: GdapRelationship, told: Told, source: str) -> bool:
    """Write what was told into the row; whether that changed anything."""
    said = {**asdict(told), "roles": list(told.roles), "assigned_roles": list(told.assigned_roles)}
    del said["changed_at"]
    said |= {"source": source, "listed": True, "has_global_admin": GLOBAL_ADMINISTRATOR in told.roles}
    tenant = told.tenant_id
    said["customer_id"] = (
        Customer.objects.filter(tenant_id=tenant).values_list("pk", flat=True).first() if tenant else None
    )
    changed = {name: value for name, value in said.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _pending_since(row: GdapRelationship, told: Told, at: datetime) -> datetime | None:
    if told.status != "approvalPending":
        return None
    return row.pending_since or min(told.changed_at or at, at)


@verb
def read(
    customer: Customer,
    stand: Stand,
    *,
    source: str,
    reason: str = "",
    always: bool = False,
    by: Actor,
    at: datetime,
) -> GdapReading | None:
    """A reading for the gate, as it was `at`: where something changed, or the last one grows old. None otherwise.

    `always` where somebody looked himself, to keep the gate open; still none where the last one is of a later look.
    """
    gdap.hold()
    last = customer.gdap_readings.first()
    if last is not None and (last.seen_at or last.read_at) > at:
        return None
    changed = last is None or stand != Stand(last.status, last.assigned, last.roles, last.ends_at)
    if not changed and not always and at - last.read_at < _again(customer, stand):
        return None
    reading = GdapReading(customer=customer, source=source, reason=reason, seen_at=at, **asdict(stand))
    reading.actor = by
    reading.save(force_insert=True)
    gdap.tell_engagements(reading, since=None if changed else last.read_at, by=by, at=at)
    return reading


def _again(customer: Customer, stand: Stand) -> timedelta:
    if Engagement.objects.undone().filter(ticket__customer=customer).exclude(gdap_roles=[]).exists():
        return AGAIN_WHERE_NEEDED
    return AGAIN_WHERE_ACTIVE if stand.status == "active" else timedelta.max


def newest() -> QuerySet[GdapReading]:
    """The reading that counts of each customer who has one."""
    last = GdapReading.objects.filter(customer=OuterRef("customer")).order_by("-read_at", "-id")
    return GdapReading.objects.filter(pk=Subquery(last.values("pk")[:1]))

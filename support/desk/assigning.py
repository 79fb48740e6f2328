"""Many tickets to one owner, and how much everybody of the desk has."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from support import saying
from support.actors import Actor
from support.clocks.terms import Owes
from support.models import Clock, Ticket, User, UserKind
from support.models.tickets import UNDONE
from support.refusal import Refused, refusing

MOST = 200  # tickets at a time


def assign(
    tickets: Iterable[Ticket], owner: User | None, *, by: Actor, at: datetime
) -> tuple[int, list[str]]:
    """Each through its own verb: how many have another owner now, and a sentence for each that was refused."""
    changed, refused = 0, []
    for ticket in tickets:
        try:
            with refusing({}), transaction.atomic():
                changed += _hand(ticket, owner, by, at)
        except Refused as why:
            refused.append(f"{ticket.number}: {why.sentence}")
    return changed, refused


def _hand(ticket: Ticket, owner: User | None, by: Actor, at: datetime) -> bool:
    ticket.lock()
    if not ticket.undone:
        raise Refused(_("This ticket is done: it keeps its owner."))
    before = ticket.owner_id
    ticket.hand_to(owner, by=by, at=max(at, ticket.changed_at))
    return ticket.owner_id != before


@dataclass(frozen=True, slots=True)
class Load:
    """What one person has: `person` is None for what nobody owns."""

    person: User | None
    open: int
    late: int
    waiting: int
    next_due: str


def workload(now: datetime) -> list[Load]:
    """Everybody of the desk with open tickets or without any, the most breached first; then what nobody owns. Three queries."""
    late = Q(next_due_at__lte=now)
    counted = (
        Ticket.objects.undone()
        .order_by()
        .values("owner")
        .annotate(
            open=Count("pk"),
            late=Count("pk", filter=late),
            waiting=Count("pk", filter=Q(state="waiting")),
        )
    )
    of = {row["owner"]: row for row in counted}
    ahead = Clock.objects.ticking().filter(ticket__in=Ticket.objects.undone(), due_at__gt=now)
    ahead = ahead.filter(owed_by=Owes.PROVIDER).order_by().values("ticket__owner").annotate(due=Min("due_at"))
    due = dict(ahead.values_list("ticket__owner", "due"))
    owns = Q(owned_tickets__state__in=UNDONE)
    people = User.objects.filter(Q(is_active=True) | owns, kind=UserKind.STAFF).distinct()
    loads = [_load(person, of.get(person.pk), due.get(person.pk), now) for person in people]
    loads.sort(key=lambda load: (-load.late, -load.open, load.person.name))
    return [*loads, *([_load(None, of[None], due.get(None), now)] if None in of else [])]


def _load(person: User | None, row: dict | None, due: datetime | None, now: datetime) -> Load:
    if row is None:
        return Load(person, 0, 0, 0, "")
    return Load(person, row["open"], row["late"], row["waiting"], saying.here(due, now) if due else "")

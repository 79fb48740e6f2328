"""The queue: saved views with their counts, and one page of tickets, the most urgent clock first."""

import json
from collections import defaultdict, namedtuple
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

from django.db import connection
from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext_lazy

from support import saying
from support.desk.shown import Shown, shown
from support.models import Clock, Outcome, SavedView, TicketState, User, Wait
from support.models.clocks import OPEN
from support.models.waits import REASONS
from support.prepared import Prepared, is_one_of
from support.wording import gettext as _
from support.wording import per_language

PAGE = 50
NUMBER = "SR-000000"  # stands for any
EVERYTHING = Q()
WAITS = {
    "customer": gettext_lazy("Waiting on customer"),
    "approval": gettext_lazy("approval"),
    "gdap": gettext_lazy("GDAP"),
    "vendor": gettext_lazy("vendor"),
}


def _awaiting(reason: str) -> Exists:
    return Exists(Wait.objects.filter(ticket=OuterRef("pk"), reason=reason, ended_at=None))


def view(key: str, user: User, now: datetime) -> Q:
    """Which open tickets a tab of everybody shows; all of them under a key that is none."""
    if key in WAITING:
        return Q(_awaiting(key.removeprefix("waiting-")))
    return _by_ticket(user, now).get(key, EVERYTHING)


def _by_ticket(user: User, now: datetime) -> dict[str, Q]:
    """Key → which open tickets, where the ticket itself tells."""
    return {
        "due": EVERYTHING,
        "late": Q(next_due_at__lte=now),
        "mine": Q(owner=user),
        "unassigned": Q(owner=None),
    }


WAITING = frozenset(f"waiting-{reason}" for reason in WAITS)
TITLES = {
    "due": gettext_lazy("Due next"),
    "late": gettext_lazy("Late"),
    "mine": gettext_lazy("Mine"),
    "unassigned": gettext_lazy("Unassigned"),
    **{f"waiting-{reason}": title for reason, title in WAITS.items()},
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One view with how many open tickets are in it; `count` is None where it shows closed ones, which nobody counts."""

    key: str
    title: str
    query: str
    count: int | None
    here: bool
    saved: int | None = None
    gap: bool = False

    @property
    def bad(self) -> bool:
        return self.key == "late" and bool(self.count)


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved view and the tickets in it; None where it shows closed ones."""

    row: SavedView
    tickets: QuerySet | None


def tabs(user: User, now: datetime, here: str, kept: Iterable[Kept] = (), query: str = "") -> list[Tab]:
    """Every view with its count, in one query: those of everybody, then one's own; `query` is the one on the page."""
    kept = list(kept)
    counted = {f"saved-{each.row.pk}": each.tickets for each in kept if each.tickets is not None}
    found = _counts(user, now, counted)
    own = [each.row for each in kept]
    mine = next((row for row in own if row.query == query), None)
    return [
        *(_shared(key, found.get(key, 0), mine is None and key == here) for key in TITLES),
        *(_own(row, found, counted, row is mine, row is own[0]) for row in own),
    ]


def _shared(key: str, count: int, here: bool) -> Tab:
    return Tab(key, str(TITLES[key]), f"view={key}", count, here, gap=key == "waiting-customer")


def _own(row: SavedView, found: Mapping[str, int], counted: Container[str], here: bool, gap: bool) -> Tab:
    key = f"saved-{row.pk}"
    return Tab(key, row.name, row.query, found.get(key, 0) if key in counted else None, here, row.pk, gap)


# Each is counted by itself, so that each reads an index alone. A ticket has one open wait for a reason at the most, and none
# when it is done: the database holds both.
COUNTS = """
SELECT 'due', count(*) FROM support_ticket WHERE state IN ('open', 'waiting')
UNION ALL SELECT 'late', count(*) FROM support_ticket WHERE state IN ('open', 'waiting') AND next_due_at <= %s
UNION ALL SELECT 'mine', count(*) FROM support_ticket WHERE state IN ('open', 'waiting') AND owner_id = %s
UNION ALL SELECT 'unassigned', count(*) FROM support_ticket WHERE state IN ('open', 'waiting') AND owner_id IS NULL
UNION ALL SELECT 'waiting-' || reason, count(*) FROM support_wait WHERE ended_at IS NULL AND reason = ANY (%s) GROUP BY reason
"""


def _counts(user: User, now: datetime, kept: Mapping[str, QuerySet]) -> dict[str, int]:
    """How many open tickets of the desk each view has, and for whom they wait."""
    statement, values = COUNTS, [now, user.pk, list(WAITS)]
    for key, tickets in kept.items():
        rows, more = tickets.order_by().values("pk").query.sql_with_params()
        statement += f"UNION ALL SELECT %s, count(*) FROM ({rows}) AS kept\n"  # noqa: S608 – what Django compiled
        values += [key, *more]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return dict(cursor.fetchall())


# What a line of the queue reads of its ticket, and of the clocks. Values: a page of models takes three times as long.
TICKET = ("pk", "number", "title", "state", "outcome", "covered", "priority", "rank", "next_due_at")
NAMES = ("owner", "owner__name", "customer__name", "service__name")
OURS_FIRST = Case(When(owed_by="provider", then=0), default=1)
CLOCK = ("ticket", "key", "kind", "owed_by", "state", "verdict", "due_at", "stopped_at", "detail")
OpenClock = namedtuple("OpenClock", CLOCK)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue, worked out for the template. `ticket` has the values of TICKET and NAMES."""

    ticket: NamedTuple
    address: str
    clock: Shown | None
    state: str
    waits: tuple[str, ...]
    since: str

    @property
    def css(self) -> str:
        return f"is-{self.clock.state}" if self.clock and self.clock.state in ("late", "soon") else ""

    @property
    def about(self) -> str:
        names = (self.ticket.number, self.ticket.customer__name, self.ticket.service__name)
        return " · ".join(name for name in names if name)

    @property
    def instead(self) -> str:
        """What stands in the place of a clock."""
        if self.ticket.outcome:
            return Outcome(self.ticket.outcome).label
        return _("No open clock") if self.ticket.covered else _("Not covered: no clocks")


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    after: str  # where the next page begins; empty on the last


def page(tickets: QuerySet, now: datetime, after: str = "") -> Page:
    """The next PAGE tickets after a place, by key: stable when tickets come and go, and as fast on the last page."""
    ordered = tickets.most_urgent_first().values_list(*TICKET, *NAMES, named=True)
    found = list(_beyond(ordered, after)[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    clocks, waits = _clocks(found), _open_waits(found)
    address = reverse("support:ticket-page", args=[NUMBER])  # once: a line puts its own number in
    rows = [_row(ticket, address, clocks.get(ticket.pk), waits[ticket.pk], now) for ticket in found]
    last = found[-1] if more else None
    return Page(rows, f"{last.next_due_at.isoformat() if last.next_due_at else ''}~{last.pk}" if last else "")


def _beyond(tickets: QuerySet, after: str) -> QuerySet:
    """Tickets after the place that `Page.after` names; a place that cannot be read is the beginning."""
    due, _tilde, pk = after.partition("~")
    if not pk.isdecimal() or not pk.isascii() or len(pk) > 18:
        return tickets
    if not due:
        return tickets.filter(next_due_at=None, pk__gt=pk)
    try:
        at = datetime.fromisoformat(due).astimezone(UTC)
    except (ValueError, OverflowError):
        return tickets
    return tickets.filter(Q(next_due_at__gt=at) | Q(next_due_at=at, pk__gt=pk) | Q(next_due_at=None))


def _clocks(tickets: list[NamedTuple]) -> dict[int, NamedTuple]:
    """Of each ticket the open clock that is due first, ours before the customer's, with the values of CLOCK."""
    found = _first_clocks().rows(tickets=[ticket.pk for ticket in tickets])
    return {ticket: OpenClock(ticket, *facts, json.loads(detail)) for ticket, *facts, detail in found}


@cache
def _first_clocks() -> Prepared:
    wanted = Clock.objects.filter(is_one_of("ticket", BigIntegerField(), "tickets"), state__in=OPEN)
    first = wanted.order_by("ticket", OURS_FIRST, F("due_at").asc(nulls_last=True), "position")
    return Prepared(first.distinct("ticket").values_list(*CLOCK))


def _open_waits(tickets: list[NamedTuple]) -> dict[int, list[tuple[str, datetime]]]:
    """Of each ticket what it waits for and since when, the longest first."""
    found = defaultdict(list)
    for ticket, reason, since in _waits().rows(tickets=[ticket.pk for ticket in tickets]):
        found[ticket].append((reason, since))
    return found


@cache
def _waits() -> Prepared:
    wanted = Wait.objects.filter(is_one_of("ticket", BigIntegerField(), "tickets"), ended_at=None)
    return Prepared(wanted.order_by("started_at").values_list("ticket", "reason", "started_at"))


def _row(ticket: NamedTuple, address: str, clock: "NamedTuple | None", waits: list, now: datetime) -> Row:
    reasons, since = dict(REASONS), ""
    if waits:
        since = _("since %(instant)s") % {"instant": saying.here(waits[0][1], now)}
    return Row(
        ticket,
        address=address.replace(NUMBER, ticket.number),
        clock=shown(clock, now) if clock else None,
        state=_state(ticket.state),
        waits=tuple(str(reasons[reason]) for reason, _since in waits),
        since=since,
    )


@per_language
def _state(state: str) -> str:
    return str(TicketState(state).label)

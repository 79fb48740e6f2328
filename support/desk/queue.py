"""The queue: saved views with their counts, and one page of tickets, the most urgent clock first."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from support import saying
from support.desk.shown import Shown, shown
from support.models import Clock, Customer, Message, Ticket, User, Wait
from support.models.waits import REASONS

PAGE = 50
WAITS = {
    "customer": gettext_lazy("Waiting on customer"),
    "approval": gettext_lazy("approval"),
    "gdap": gettext_lazy("GDAP"),
    "vendor": gettext_lazy("vendor"),
}


def _awaiting(reason: str) -> Exists:
    return Exists(Wait.objects.filter(ticket=OuterRef("pk"), reason=reason, ended_at=None))


def views(user: User, now: datetime) -> dict[str, Q]:
    """Key → which open tickets: what the tabs of the queue show."""
    return {
        "due": Q(),
        "late": Q(next_due_at__lte=now),
        "mine": Q(owner=user),
        "unassigned": Q(owner=None),
        **{f"waiting-{reason}": Q(_awaiting(reason)) for reason in WAITS},
    }


TITLES = {
    "due": gettext_lazy("Due next"),
    "late": gettext_lazy("Late"),
    "mine": gettext_lazy("Mine"),
    "unassigned": gettext_lazy("Unassigned"),
    **{f"waiting-{reason}": title for reason, title in WAITS.items()},
}


@dataclass(frozen=True, slots=True)
class Tab:
    key: str
    title: str
    count: int
    here: bool

    @property
    def bad(self) -> bool:
        return self.key == "late" and self.count > 0


def tabs(user: User, now: datetime, here: str) -> list[Tab]:
    """Every view with its count over the open tickets, in one query."""
    counts = {
        key: Count("pk", filter=which) if which else Count("pk") for key, which in views(user, now).items()
    }
    found = (
        Ticket.objects.visible_to(user)
        .undone()
        .aggregate(**{key.replace("-", "_"): count for key, count in counts.items()})
    )
    return [Tab(key, str(TITLES[key]), found[key.replace("-", "_")], key == here) for key in counts]


def search(tickets: QuerySet, words: str) -> QuerySet:
    """Tickets whose number, title, messages or customer hold the words."""
    query = SearchQuery(words, config="simple", search_type="websearch")
    said = Message.objects.filter(ticket=OuterRef("pk"), words=query)
    customers = Customer.objects.filter(name__icontains=words)
    number = (
        Q(number__iexact=words) | Q(number__endswith=words) if words.isdecimal() else Q(number__iexact=words)
    )
    return tickets.filter(number | Q(words=query) | Exists(said) | Q(customer__in=customers))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue, worked out for the template."""

    ticket: Ticket
    clock: Shown | None
    waits: list[str]
    since: str

    @property
    def css(self) -> str:
        return f"is-{self.clock.state}" if self.clock and self.clock.state in ("late", "soon") else ""


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    after: str  # where the next page begins; empty on the last


def page(tickets: QuerySet, now: datetime, after: str = "") -> Page:
    """The next PAGE tickets after a place, by key: stable when tickets come and go, and as fast on the last page."""
    ordered = tickets.most_urgent_first().select_related("customer", "service", "owner")
    found = list(_beyond(ordered, after)[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    clocks, waits = _clocks(found), _waits(found)
    rows = [_row(ticket, clocks.get(ticket.pk, []), waits.get(ticket.pk, []), now) for ticket in found]
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
        at = datetime.fromisoformat(due)
    except ValueError:
        return tickets
    return tickets.filter(Q(next_due_at__gt=at) | Q(next_due_at=at, pk__gt=pk) | Q(next_due_at=None))


def _clocks(tickets: list[Ticket]) -> dict[int, list[Clock]]:
    found: dict[int, list[Clock]] = {}
    for clock in Clock.objects.filter(ticket__in=tickets, state__in=["running", "paused"]):
        found.setdefault(clock.ticket_id, []).append(clock)
    return found


def _waits(tickets: list[Ticket]) -> dict[int, list[Wait]]:
    found: dict[int, list[Wait]] = {}
    for wait in Wait.objects.filter(ticket__in=[t for t in tickets if t.state == "waiting"], ended_at=None):
        found.setdefault(wait.ticket_id, []).append(wait)
    return found


def _row(ticket: Ticket, clocks: list[Clock], waits: list[Wait], now: datetime) -> Row:
    ours = [clock for clock in clocks if clock.owed_by == "provider"] or clocks
    first = min(ours, key=lambda clock: (clock.due_at is None, clock.due_at or now), default=None)
    reasons = dict(REASONS)
    since = (
        _("since %(instant)s") % {"instant": saying.here(min(w.started_at for w in waits), now)}
        if waits
        else ""
    )
    return Row(
        ticket, shown(first, now) if first else None, [str(reasons[wait.reason]) for wait in waits], since
    )

"""A policy tried on what really happened: stored timelines folded under another definition. Nothing is written."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from support import folding, versions
from support.catalogue.definition import Definition
from support.clocks.book import Book, reference
from support.clocks.calendar import HolidaysUnknown, NeverOpen
from support.clocks.events import Event, FoldError
from support.clocks.fold import fold
from support.clocks.instance import ClockInstance
from support.clocks.terms import Subject
from support.explaining import background, explain
from support.models import Clock, Customer, ServiceVersion, Ticket
from support.models import Event as StoredEvent

VERDICTS = {"met": "met", "missed": "missed", "pending": "running", "unjudged": "unjudged"}
JUDGED = ("met", "missed")
NONE = "none"
OTHER_RULES = ("service.moved", "calendar.moved", "clock.corrected")  # of the definition that is left behind
TICKETS = """
SELECT t.id FROM support_ticket t JOIN support_customer c ON c.id = t.customer_id
WHERE t.service_id IS NOT NULL AND date_trunc('month', t.opened_at AT TIME ZONE c.time_zone)::date BETWEEN %s AND %s
    AND t.customer_id = coalesce(%s, t.customer_id)
ORDER BY t.id
"""
Place = tuple[str, int]  # kind and cycle: which clock of a ticket is compared with which


@dataclass(frozen=True, slots=True)
class Policy:
    """The definition that is tried: its reference, the calendars it pins, its levels by rank, and the book that holds it."""

    service: str
    calendars: Mapping[str, str]
    levels: tuple[str, ...]
    book: Book

    def level(self, code: str, rank: int) -> str:
        """The same code where there is one, else the step of the same rank, the last one for what lies beyond."""
        if not code or code in self.levels:
            return code
        return self.levels[min(max(rank, 1), len(self.levels)) - 1]


@dataclass(frozen=True, slots=True)
class Flip:
    """A clock whose verdict changes; "none" where one of the two has no such clock. `then` is the clock that it becomes."""

    ticket: int
    number: str
    kind: str
    was: str
    becomes: str
    then: ClockInstance | None


@dataclass(slots=True)
class Replayed:
    """Counts by (kind, verdict); `left` are tickets that cannot be counted under the other definition, each with why."""

    tickets: int = 0
    now: Counter = field(default_factory=Counter)
    then: Counter = field(default_factory=Counter)
    flips: list[Flip] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def add(self, other: "Replayed") -> None:
        self.tickets += other.tickets
        self.now.update(other.now)
        self.then.update(other.then)
        self.flips += other.flips
        self.left += other.left


def policy_of(version: ServiceVersion) -> Policy:
    """A stored version, with the newest version of each calendar that it names."""
    pins = versions.calendar_pins(version, None)
    service = reference(version.code, version.version)
    return Policy(
        service, pins, _levels(versions.definition(version)), versions.book([service], pins.values())
    )


def tickets_of(first: date, last: date, customer: Customer | None = None) -> list[int]:
    """Covered tickets that were opened in these months, both included, each month in its customer's zone; in order."""
    with connection.cursor() as cursor:
        cursor.execute(TICKETS, [first, last, customer and customer.pk])
        return [pk for (pk,) in cursor.fetchall()]


def replay(tickets: list[int], policy: Policy) -> Replayed:
    """These tickets as they are judged now and as they would be; three queries, however many they are."""
    done = Replayed(tickets=len(tickets))
    numbers = dict(Ticket.objects.filter(pk__in=tickets).values_list("pk", "number"))
    known: dict[int, dict[Place, str]] = defaultdict(dict)
    stored = Clock.objects.filter(ticket__in=tickets, subject_kind=Subject.TICKET).order_by(
        "ticket", "position"
    )
    for ticket, kind, cycle, verdict in stored.values_list("ticket", "kind", "cycle", "verdict"):
        known[ticket][kind, cycle] = VERDICTS[verdict]
        done.now[kind, VERDICTS[verdict]] += 1
    ranks = _Ranks()
    for ticket, events in _timelines(tickets):
        try:
            clocks = _clocks(list(under(events, policy, ranks)), policy.book)
        except (FoldError, NeverOpen, HolidaysUnknown) as error:
            done.left.append(f"{numbers[ticket]}: {error}")
            continue
        done.then.update((clock.kind.value, VERDICTS[clock.verdict]) for clock in clocks)
        done.flips += _flips(ticket, numbers[ticket], known[ticket], clocks)
    return done


def under(events: Iterable[Event], policy: Policy, ranks: "_Ranks") -> Iterator[Event]:
    """The timeline as it would be, had the ticket been opened under this policy."""
    service = ""
    for event in events:
        facts = dict(event.facts)
        if (
            event.subject.kind is not Subject.TICKET
        ):  # under its own service; what waits on it stops the ticket's clocks
            yield event
            continue
        if event.kind in OTHER_RULES:
            continue
        if event.kind == "ticket.opened":
            service = facts.get("service", "")
            facts |= {"service": policy.service, "calendars": dict(policy.calendars)}
            facts["priority"] = policy.level(
                facts.get("priority", ""), ranks.of(service, facts.get("priority", ""))
            )
        elif event.kind.startswith("priority."):
            facts["level"] = policy.level(facts["level"], ranks.of(service, facts["level"]))
        yield replace(event, facts=facts)


class _Ranks:
    """The rank of a level in the service that a ticket ran under; each service is read once."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, int]] = {}

    def of(self, service: str, level: str) -> int:
        if service not in self._known:
            code, _at, version = service.rpartition("@")
            row = ServiceVersion.objects.filter(code=code, version=version or 0).first()
            steps = versions.definition(row).priorities if row else ()
            self._known[service] = {step.code: step.rank for step in steps}
        return self._known[service].get(level, 99)


def _timelines(tickets: list[int]) -> Iterator[tuple[int, list[Event]]]:
    rows = folding.rows_of(StoredEvent.objects.filter(ticket__in=tickets)).order_by("ticket", "seq")
    grouped: dict[int, list[Event]] = {}
    for row in rows.iterator(chunk_size=5000):
        grouped.setdefault(row.ticket_id, []).append(folding.pure(row))
    yield from grouped.items()


def _clocks(events: list[Event], book: Book) -> list[ClockInstance]:
    if others := [event for event in events if event.subject.kind is not Subject.TICKET]:
        book = book.joined(folding.book_for(others))
    return [
        clock for clock in fold(book, events, folding.END_OF_TIME) if clock.subject.kind is Subject.TICKET
    ]


def _flips(ticket: int, number: str, was: Mapping[Place, str], clocks: list[ClockInstance]) -> Iterator[Flip]:
    then = {(clock.kind.value, clock.cycle): clock for clock in clocks}
    for place in sorted({*was, *then}):
        clock = then.get(place)
        before, after = was.get(place, NONE), VERDICTS[clock.verdict] if clock else NONE
        if before != after and (before in JUDGED or after in JUDGED):
            yield Flip(ticket, number, place[0], before, after, clock)


def why(flips: Iterable[Flip], zone) -> list[str]:
    """The sentence for each flip, in the words of a ticket page; a few queries for all of them."""
    flips = list(flips)
    rows = [folding.row_of(Ticket(pk=flip.ticket), flip.then, 0) if flip.then else None for flip in flips]
    known = background([row for row in rows if row])
    return [
        explain(row, zone, known).sentence if row else _("Nothing of the kind is promised there.")
        for row in rows
    ]


def _levels(definition: Definition) -> tuple[str, ...]:
    return tuple(step.code for step in sorted(definition.priorities, key=lambda step: step.rank))

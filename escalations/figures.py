"""What happened in a customer's month, counted by the database: tickets, verdicts of clocks, the longest silence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from escalations.months import Month
from support.models import Clock, Customer

MONTHS = 6  # of the trend

# A ticket's priority and whether it was done are asked as of the month's end (or now), so that a later change alters no old review.
TICKETS = """
SELECT t.service_id, coalesce(level.code, ''),
    count(*) FILTER (WHERE t.opened_at >= %(start)s),
    count(*) FILTER (WHERE done.at >= %(start)s),
    count(*) FILTER (WHERE done.at IS NULL)
FROM support_ticket t
LEFT JOIN LATERAL (
    SELECT coalesce(nullif(e.facts ->> 'level', ''), e.facts ->> 'priority') AS code FROM support_event e
    WHERE e.ticket_id = t.id AND e.at < %(cut)s
        AND e.kind IN ('ticket.opened', 'priority.assessed', 'priority.agreed', 'service.moved')
        AND coalesce(nullif(e.facts ->> 'level', ''), e.facts ->> 'priority', '') <> ''
    ORDER BY e.seq DESC LIMIT 1
) level ON true
LEFT JOIN LATERAL (
    SELECT min(e.at) AS at FROM support_event e
    WHERE e.ticket_id = t.id AND e.at < %(cut)s
        AND (e.kind IN ('ticket.resolved', 'ticket.restored', 'ticket.archived', 'ticket.closed', 'ticket.declined')
            OR e.kind = 'ticket.merged' AND NOT coalesce((e.facts ->> 'survives')::boolean, false))
        AND e.seq > coalesce((SELECT max(r.seq) FROM support_event r
            WHERE r.ticket_id = t.id AND r.kind = 'ticket.reopened' AND r.at < %(cut)s), 0)
) done ON true
WHERE t.customer_id = %(customer)s AND t.opened_at < %(cut)s AND (t.done_at IS NULL OR t.done_at >= %(start)s)
GROUP BY 1, 2
"""

# A verdict belongs to the month in which it fell: met when it was stopped, missed at the due instant, whatever was noticed
# when; by a change of priority when that was made. A clock that another has replaced is counted by its successor.
RESULTS = """
WITH asked AS (
    SELECT * FROM unnest(%(customers)s::bigint[], %(contracts)s::bigint[], %(firsts)s::timestamptz[], %(starts)s::timestamptz[],
        %(cuts)s::timestamptz[]) WITH ORDINALITY AS a (customer, contract, first, start, cut, place)
), told AS (
    SELECT a.*, c.id, c.kind, c.owed_by, c.stopped_at, t.contract_id, t.deployment, c.detail ->> 'service' AS service,
        greatest(c.started_at, opening.at) AS began_at,
        CASE WHEN c.verdict = 'missed' AND c.attributed_to = 'reclassification' THEN 'reclassified'
            WHEN c.verdict = 'missed' OR c.verdict = 'pending' AND c.due_at <= %(at)s THEN 'missed'
            WHEN c.verdict = 'met' THEN 'met'
            WHEN c.state IN ('stopped', 'cancelled') THEN 'unjudged' END AS result,
        CASE WHEN c.verdict = 'missed' AND c.attributed_to = 'reclassification' THEN opening.at
            ELSE least(c.due_at, c.stopped_at) END AS fell_at
    FROM asked a
    JOIN support_ticket t ON t.customer_id = a.customer AND (a.contract IS NULL OR t.contract_id = a.contract)
    JOIN support_clock c ON c.ticket_id = t.id AND (c.stopped_at IS NULL OR c.stopped_at >= a.first)
    JOIN support_event opening ON opening.ticket_id = c.ticket_id AND opening.seq = (c.detail -> 'opened_by' ->> 0)::int
), fallen AS (
    SELECT id, contract_id, kind, owed_by, deployment, service, result, fell_at, place, start FROM told
    WHERE result IS NOT NULL AND fell_at >= first AND fell_at < cut
    UNION ALL
    SELECT id, contract_id, kind, owed_by, deployment, service, 'running', start, place, start FROM told
    WHERE began_at < cut AND (stopped_at IS NULL OR stopped_at >= cut)
        AND (result IS NULL OR fell_at IS NULL OR fell_at >= cut)
)
"""
COUNTED = """
SELECT m.day, kind, owed_by, service, deployment, result, count(*), contract_id
FROM fallen JOIN unnest(%(places)s::int[], %(days)s::date[], %(begins)s::timestamptz[], %(ends)s::timestamptz[]) AS m (place, day, begins, ends)
    ON m.place = fallen.place AND fell_at >= m.begins AND fell_at < m.ends
GROUP BY 1, 2, 3, 4, 5, 6, 8 ORDER BY 1, 2, 4, 8
"""
MISSED = "SELECT id FROM fallen WHERE result IN ('missed', 'reclassified') AND fell_at >= start"

# Answered in time is met; later is missed; given up before that time says nothing, after it the promise was broken.
ANSWERS = """
WITH asked AS (
    SELECT * FROM unnest(%(contracts)s::bigint[], %(channels)s::text[], %(withins)s::int[], %(starts)s::timestamptz[],
        %(cuts)s::timestamptz[]) AS a (contract, channel, within, start, cut)
), told AS (
    SELECT a.contract, a.channel, CASE WHEN r.answered_at <= r.offered_at + make_interval(secs => a.within) THEN 'met'
        WHEN coalesce(r.answered_at, r.abandoned_at) >= r.offered_at + make_interval(secs => a.within) THEN 'missed' END AS result
    FROM asked a
    JOIN support_callrecord r ON r.contract_id = a.contract AND r.channel = a.channel AND r.offered_at >= a.start AND r.offered_at < a.cut
    WHERE NOT EXISTS (SELECT FROM support_callstriking s WHERE s.record_id = r.id)
)
SELECT contract, channel, result, count(*) FROM told WHERE result IS NOT NULL GROUP BY 1, 2, 3
"""

SILENCE = """
SELECT t.number, c.priority, (c.detail -> 'target' ->> 'amount')::int, c.detail -> 'target' ->> 'base', c.started_at, least(coalesce(c.stopped_at, %(cut)s), %(cut)s) AS ended
FROM support_clock c JOIN support_ticket t ON t.id = c.ticket_id
WHERE t.customer_id = %(customer)s AND c.kind = 'update' AND c.started_at < %(cut)s
    AND (c.stopped_at IS NULL OR c.stopped_at >= %(start)s)
ORDER BY least(coalesce(c.stopped_at, %(cut)s), %(cut)s) - c.started_at DESC, c.id LIMIT 1
"""


def asked(of: Sequence["Asked"], at: datetime) -> dict:
    """The parameters of RESULTS and COUNTED."""
    months = [(place, month) for place, one in enumerate(of, 1) for month in one.months]
    return {
        "customers": [one.customer for one in of],
        "contracts": [one.contract for one in of],
        "firsts": [one.months[0].start for one in of],
        "starts": [one.months[-1].start for one in of],
        "cuts": [one.cut for one in of],
        "places": [place for place, _month in months],
        "days": [month.first_day for _place, month in months],
        "begins": [month.start for _place, month in months],
        "ends": [month.end for _place, month in months],
        "at": at,
    }


def rows(sql: str, facts: dict) -> Iterator[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, facts)
        yield from cursor.fetchall()


@dataclass(frozen=True, slots=True)
class TicketCount:
    """Tickets of one service (None: without) and priority: opened and closed in the month, open at its end."""

    service: int | None
    priority: str
    opened: int
    closed: int
    open: int


@dataclass(frozen=True, slots=True)
class Count:
    """So many clocks with this result: met, missed, reclassified, unjudged, or running at the month's end."""

    month: date
    kind: str
    owed_by: str
    service: str
    deployment: str
    result: str
    n: int
    contract: int | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """The longest time between two updates; one that goes on ends with the month, or now."""

    ticket: str
    priority: str
    amount: int
    base: str
    began_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose verdicts are counted, in which of his months, the last one until `cut`: all, or those under one contract."""

    customer: int
    contract: int | None
    months: tuple[Month, ...]
    cut: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """A customer's month, the last of `months`, as it is seen at an instant: what is due later has not been missed yet."""

    customer: Customer
    months: tuple[Month, ...]
    at: datetime

    @property
    def month(self) -> Month:
        return self.months[-1]

    @property
    def cut(self) -> datetime:
        """The month's end, or now while it goes on."""
        return min(self.month.end, self.at)

    def tickets(self) -> list[TicketCount]:
        return [TicketCount(*row) for row in rows(TICKETS, self._facts())]

    def results(self) -> list[Count]:
        """Of each of the months; running ones of the last one only."""
        return [Count(*row) for row in rows(RESULTS + COUNTED, self._asked())]

    def missed(self) -> list[Clock]:
        """Every clock whose miss fell into this month, in that order."""
        ids = [pk for (pk,) in rows(RESULTS + MISSED, self._asked())]
        found = Clock.objects.filter(pk__in=ids).select_related("ticket")
        return list(found.order_by("due_at", "ticket", "position"))

    def silence(self) -> Silence | None:
        return next((Silence(*row) for row in rows(SILENCE, self._facts())), None)

    def _facts(self) -> dict:
        return {"customer": self.customer.pk, "start": self.month.start, "cut": self.cut, "at": self.at}

    def _asked(self) -> dict:
        return asked([Asked(self.customer.pk, None, self.months, self.cut)], self.at)

"""Work outside the contract in a customer's month: what was offered, approved, used and invoiced, per engagement."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from billing.money import Money
from escalations.months import Month
from support.models import Customer

# An offer that a newer one replaced is offered no more; of an approval that another superseded, only what was used counts.
HOURS = """
WITH told AS (
    SELECT o.engagement_id AS engagement, o.cap AS offered, 0 AS approved, 0 AS used, 0 AS invoiced, 0.00 AS net, o.currency
    FROM billing_offer o LEFT JOIN billing_offerend e ON e.offer_id = o.id AND e.why = 'replaced' AND e.ended_at < %(end)s
    WHERE o.sent_at >= %(start)s AND o.sent_at < %(end)s AND e.id IS NULL
    UNION ALL
    SELECT a.engagement_id, 0, CASE WHEN e.id IS NULL THEN o.cap ELSE b.used END, 0, 0, 0, o.currency
    FROM billing_approval a JOIN billing_offer o ON o.id = a.offer_id JOIN billing_approvalbalance b ON b.approval_id = a.id
    LEFT JOIN billing_approvalend e ON e.approval_id = a.id AND e.why = 'superseded' AND e.ended_at < %(end)s
    WHERE a.decided_at >= %(start)s AND a.decided_at < %(end)s
    UNION ALL
    SELECT t.engagement_id, 0, 0, t.billed_minutes, 0, 0, o.currency
    FROM billing_timeentry t JOIN billing_offer o ON o.id = t.offer_id
    WHERE t.superseded_by_id IS NULL AND t.started_at >= %(start)s AND t.started_at < %(end)s
    UNION ALL
    SELECT a.engagement_id, 0, 0, 0, l.minutes, l.net, i.currency
    FROM billing_invoiceline l JOIN billing_invoice i ON i.id = l.invoice_id AND i.number IS NOT NULL AND i.month = %(month)s
    LEFT JOIN billing_invoiceline was ON was.id = l.credits_id
    JOIN billing_approval a ON a.id = coalesce(l.approval_id, was.approval_id)
)
SELECT g.reference, g.title, sum(offered), sum(approved), sum(used), sum(invoiced), sum(net), currency
FROM told JOIN billing_engagement g ON g.id = told.engagement JOIN support_ticket s ON s.id = g.ticket_id
WHERE s.customer_id = %(customer)s
GROUP BY g.id, currency ORDER BY g.reference, currency
"""


@dataclass(frozen=True, slots=True)
class Engaged:
    """One engagement's month, in billed minutes; `money` is what issued invoices of the month ask for it, before tax."""

    reference: str
    title: str
    offered: int
    approved: int
    used: int
    invoiced: int
    money: Money


@dataclass(frozen=True, slots=True)
class Hours:
    """All engagements that were offered, approved, worked on or invoiced in the month, and their sums in minutes."""

    engagements: tuple[Engaged, ...]

    @property
    def offered(self) -> int:
        return self._sum("offered")

    @property
    def approved(self) -> int:
        return self._sum("approved")

    @property
    def used(self) -> int:
        return self._sum("used")

    @property
    def invoiced(self) -> int:
        return self._sum("invoiced")

    @property
    def money(self) -> tuple[Money, ...]:
        """One sum for each currency: two are never added."""
        sums: dict[str, Money] = {}
        for row in self.engagements:
            nothing = Money(Decimal(0), row.money.currency)
            sums[row.money.currency] = sums.get(row.money.currency, nothing) + row.money
        return tuple(sums.values())

    def _sum(self, name: str) -> int:
        return sum(getattr(row, name) for row in self.engagements)


def hours_of(customer: Customer, month: Month) -> Hours:
    """An entry belongs to the month in which it starts, in the customer's zone; an invoice to its own month."""
    facts = {"customer": customer.pk, "start": month.start, "end": month.end, "month": month.first_day}
    with connection.cursor() as cursor:
        cursor.execute(HOURS, facts)
        return Hours(tuple(_engaged(cursor.fetchall())))


def _engaged(rows: Iterable[tuple]):
    for *words, net, currency in rows:
        reference, title, *minutes = words
        yield Engaged(reference, title, *map(int, minutes), Money(net, currency))

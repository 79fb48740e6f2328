"""What the checker says of minimums: signed, billed once, and what was left to them."""

from collections.abc import Iterator

from support.invariants import Check

UNSIGNED = """
    SELECT 'line', l.id FROM billing_invoiceline l JOIN billing_invoice i ON i.id = l.invoice_id LEFT JOIN billing_approval a ON a.id = l.approval_id
    WHERE l.kind = 'minimum' AND i.number IS NOT NULL AND EXISTS (SELECT FROM billing_billedminimum b WHERE b.line_id = l.id AND b.credited_by_id IS NULL)
        AND l.approval_id IS DISTINCT FROM minimum_due(a.engagement_id)
"""
TWICE = """
    SELECT 'engagement', engagement_id FROM billing_billedminimum WHERE credited_by_id IS NULL GROUP BY engagement_id HAVING count(*) > 1
    UNION ALL
    SELECT 'line', l.id FROM billing_invoiceline l JOIN billing_invoice i ON i.id = l.invoice_id LEFT JOIN billing_approval a ON a.id = l.approval_id
    WHERE l.kind = 'minimum' AND i.number IS NOT NULL
        AND (SELECT count(*) FROM billing_billedminimum b WHERE b.line_id = l.id AND b.engagement_id = a.engagement_id) <> 1
"""
OTHERWISE = """
    SELECT 'line', l.id FROM billing_invoiceline l JOIN billing_invoice i ON i.id = l.invoice_id LEFT JOIN billing_billedminimum b ON b.line_id = l.id
        LEFT JOIN billing_approval a ON a.id = l.approval_id LEFT JOIN billing_offer o ON o.id = a.offer_id
    WHERE l.kind = 'minimum' AND i.number IS NOT NULL AND (coalesce(l.net <= 0 OR l.net > o.amount, true)
        OR (l.minutes, l.surcharged, l.rate, l.net, l.tax_code, l.tax_rate, l.tax, l.account_code, i.currency) IS DISTINCT FROM (
            0, 0, l.net, o.minimum_charge - b.charged, o.tax_code, o.tax_rate, round(l.net * l.tax_rate / 100, 2), o.account_code, o.currency)
        OR (b.credited_by_id IS NULL AND (b.charged, 0) IS DISTINCT FROM (charged_for(a.engagement_id, l.invoice_id, NULL), lines_lacking(a.engagement_id, l.invoice_id, NULL)::int)))
"""
ELSEWHERE = """
    SELECT i.series || '-' || i.number, b.id FROM billing_billedminimum b JOIN billing_invoiceline l ON l.id = b.line_id JOIN billing_invoice i ON i.id = l.invoice_id
    WHERE i.number IS NOT NULL AND (seller_of(b.engagement_id), month_of(i.legal_entity_id, engagement_ended_at(b.engagement_id))) IS DISTINCT FROM (i.legal_entity_id, i.month)
"""


def checks() -> Iterator[Check]:
    yield Check(1, "no minimum that nobody has signed, or before the work is done", UNSIGNED)
    yield Check(11, "a minimum is topped up once", TWICE)
    yield Check(14, "a top-up is what is left to the minimum, after all of its time", OTHERWISE)
    yield Check(14, "a minimum is billed in the month in which the work was done", ELSEWHERE)

"""The lines of invoices as a format sees them: one row each, by one SELECT, in the order of the file."""

from psycopg.types.json import Jsonb

from billing.formats.form import Form, Settings


def reference(invoice: str) -> str:
    """INV-2026-000001, as Invoice.reference says it."""
    number = f"{invoice}.number::text"
    return f"{invoice}.series || '-' || lpad({number}, greatest(6, length({number})), '0')"


TO_EXPORT = """
    SELECT i.id FROM billing_invoice i
    WHERE i.number IS NOT NULL AND i.legal_entity_id = %(entity)s AND i.month = %(month)s AND i.issued_at <= %(until)s
        AND NOT EXISTS (SELECT FROM billing_exportedinvoice x LEFT JOIN billing_exportvoid v ON v.batch_id = x.batch_id
                        WHERE x.invoice_id = i.id AND x.profile = %(profile)s AND v.id IS NULL)
"""
ISSUED_UNTIL = f"SELECT max(issued_at) FROM billing_invoice WHERE id IN ({TO_EXPORT})"  # noqa: S608  ours
TOTALS = f"""
    SELECT count(*), sum(net), sum(net + tax) FROM billing_invoiceline WHERE invoice_id IN ({TO_EXPORT})
"""  # noqa: S608  ours
INTO_THE_BATCH = f"""
    INSERT INTO billing_exportedinvoice (batch_id, invoice_id, profile)
    SELECT %(batch)s, id, %(profile)s FROM ({TO_EXPORT}) AS chosen
"""  # noqa: S608  ours
IN_THE_BATCH = "SELECT invoice_id AS id FROM billing_exportedinvoice WHERE batch_id = %(batch)s"
# Of what finance multiplies, quantity and price give the amount to the cent; where hours do not, 1 and the amount do.
LINES = f"""
    SELECT i.id AS invoice_id, i.issued_at, {reference("i")} AS number, i.credits_id IS NOT NULL AS credit,
        {reference("o")} AS credit_of, i.invoice_date, i.due_date, i.currency, s.currency AS books,
        c.name AS customer, c.finance_name, c.account_reference, l.position, l.kind, l.minutes, l.net, l.tax,
        l.tax_code, l.tax_rate, nullif(l.purchase_order, '') AS purchase_order, %(taxes)s::jsonb ->> l.tax_code AS tax_name,
        coalesce(nullif(l.account_code, ''), %(account_code)s) AS account, %(item_name)s AS item,
        CASE WHEN fits THEN hours ELSE round(CASE WHEN l.net < 0 THEN -1 ELSE 1 END, 4) END AS quantity,
        CASE WHEN fits THEN l.rate ELSE abs(l.net) END AS price,
        CASE WHEN fits OR counted = 0 THEN l.description ELSE l.description || ' (' || counted || ' min)' END AS description,
        concat_ws(' ', e.reference, t.number, nullif(counted, 0) || ' min', l.description) AS brief,
        t.number AS ticket, e.reference AS engagement, e.reference || '-' || f.number AS approval
    FROM ({{invoices}}) AS chosen JOIN billing_invoice i ON i.id = chosen.id
        JOIN billing_invoiceline l ON l.invoice_id = i.id
        JOIN support_customer c ON c.id = i.bill_to_id
        JOIN support_legalentity s ON s.id = i.legal_entity_id
        LEFT JOIN billing_invoice o ON o.id = i.credits_id
        LEFT JOIN billing_approval a ON a.id = l.approval_id LEFT JOIN billing_offer f ON f.id = a.offer_id
        LEFT JOIN billing_engagement e ON e.id = a.engagement_id LEFT JOIN support_ticket t ON t.id = e.ticket_id
        CROSS JOIN LATERAL (SELECT l.minutes + l.surcharged AS counted, round((l.minutes + l.surcharged)::numeric / 60, 4) AS hours) h
        CROSS JOIN LATERAL (SELECT round(hours * l.rate, 2) = l.net AS fits) p
"""  # noqa: S608  names of tables of ours


def what_is_missing(form: Form, settings: Settings) -> str:
    """Of the lines to export, those that the importer could not take: which of the form's needs, and whose."""
    asked = ", ".join(
        f"({place}, {need.missing}, {need.whose}::text)" for place, need in enumerate(form.needs(settings))
    )
    return (
        f"SELECT DISTINCT place, whose FROM ({LINES.format(invoices=TO_EXPORT)}) AS line "  # noqa: S608  ours
        f"CROSS JOIN LATERAL (VALUES {asked}) AS need (place, missing, whose) WHERE missing ORDER BY place, whose"
    )


def of_a_batch(form: Form, settings: Settings) -> str:
    """`COPY … TO STDOUT` of a batch's rows. Each begins with its invoice's id, negative where credits stand apart."""
    cells = ", ".join(f"nullif(({sql})::text, '')" for sql in form.columns(settings).values())
    key, first = ("CASE WHEN credit THEN -invoice_id ELSE invoice_id END", "credit, ")
    if not form.credits_apart:
        key, first = "invoice_id", ""
    select = (
        f"SELECT {key}, {cells} FROM ({LINES.format(invoices=IN_THE_BATCH)}) AS line "  # noqa: S608  ours
        f"ORDER BY {first}issued_at, invoice_id, position"
    )
    return f"COPY ({select}) TO STDOUT (FORMAT csv)"


def parameters(settings: Settings, **more) -> dict:
    """What LINES asks of the settings."""
    return {
        "taxes": Jsonb(dict(settings.taxes)),
        "account_code": settings.account_code,
        "item_name": settings.item_name,
        **more,
    }

"""What does the CSV of a million invoice lines cost, beside the database's own COPY of the same lines, and how much memory?

Ours is what finance waits for: rows that are safe of formulas, cut into files, hashed and kept (`write`), and the file again
through a streaming response (`download`). COPY sends the same columns in the same order as they lie in the tables, to nobody.
"""

EACH = 4  # lines of an invoice
ROUNDS = 3
# As the lines of a month of engagements look; approvals and their offers are one and the same, so they carry no evidence.
FILL = """
SELECT setseed(0.4);
INSERT INTO billing_invoice (id, legal_entity_id, bill_to_id, month, currency, series, number, reason, seller, buyer, payment_days,
        invoice_date, due_date, net, tax, total, issued_at, actor_kind, actor_name)
    SELECT n, {entity}, (ARRAY[{customers}])[1 + n % {many}], '2026-09-01', 'USD', 'INV-2026', n, '', '{{}}', '{{}}', 30,
        '2026-10-01', '2026-10-31', 0, 0, 0, timestamptz '2026-10-01 09:00Z' + n * interval '1 ms', 'system', 'bench'
    FROM generate_series(1, {invoices}) AS n;
INSERT INTO billing_invoiceline (invoice_id, position, kind, approval_id, description, minutes, rate, net, tax_code, tax_rate, tax, account_code)
    SELECT n, p, 'time', {approval}, format('Rebuild "transfer", hunt-group and night routing for site %s (ENG-%s, ticket SR-%s, approved in '
            'writing on 12 September 2026): %s minutes at $250.00 an hour. Each piece of work is rounded up to the next 15 minutes.', p, n, n, m),
        m, 250, round(m * 250 / 60.0, 2), 'VAT', 20, round(round(m * 250 / 60.0, 2) / 5, 2), '4000'
    FROM generate_series(1, {invoices}) AS n, generate_series(1, {each}) AS p, LATERAL (SELECT (1 + random() * 40 + n * 0)::int * 15 AS m) d;
"""

"""What does the CSV of a million invoice lines cost, beside the database's own COPY of the same lines, and how much memory?

Ours is safe of formulas, ends its rows as RFC 4180 wants and is sent through a streaming response: `rows` as they are written
for the first time, `download` out of the pieces in which they are kept. COPY sends the same columns in the same order, as they
lie in the tables. What a whole export takes, with its records and its reading back, is said beside them.
"""

from datetime import timedelta
from pathlib import Path

from django.db import connection, transaction
from django.http import StreamingHttpResponse

from bench.database import BENCH, own_database, owner_executes
from bench.measuring import Lines, Turns, arguments, seconds, shown
from bench.tickets import MONTH, customers, unguarded
from billing import copying, exporting
from billing.formats import PROFILES
from billing.formats.form import Settings
from billing.models import Approval, ExportBatch, Invoice, InvoiceLine
from config.demo import clock, engagements
from support.models import Contract

EACH = 4  # lines of an invoice
ROUNDS = 3
FORM = PROFILES["generic"]
PLAIN = """
COPY (SELECT i.series, c.finance_name, c.account_reference, i.invoice_date, i.due_date, i.currency, l.position, l.description, l.kind, l.minutes,
        l.minutes, l.rate, l.net, l.tax_code, l.tax_rate, l.tax, l.net, l.account_code, t.number, e.reference, f.number, i.credits_id
    FROM billing_exportedinvoice x JOIN billing_invoice i ON i.id = x.invoice_id JOIN billing_invoiceline l ON l.invoice_id = i.id
        JOIN support_customer c ON c.id = i.bill_to_id
        LEFT JOIN billing_approval a ON a.id = l.approval_id LEFT JOIN billing_offer f ON f.id = a.offer_id
        LEFT JOIN billing_engagement e ON e.id = a.engagement_id LEFT JOIN support_ticket t ON t.id = e.ticket_id
    WHERE x.batch_id = {batch} ORDER BY i.issued_at, i.id, l.position) TO STDOUT (FORMAT csv)
"""
INVOICES = """
INSERT INTO billing_invoice (legal_entity_id, bill_to_id, month, currency, series, number, reason, seller, buyer, payment_days, invoice_date,
        due_date, net, tax, total, made_at, issued_at, actor_kind, actor_name)
    SELECT c.legal_entity_id, c.bill_to_id, %s, 'USD', 'INV-2026', n, '', '{}', '{}', 30, '2026-10-01', '2026-10-31', 0, 0, 0, now(),
        timestamptz '2026-10-01 09:00Z' + n * interval '1 ms', 'system', 'bench'
    FROM generate_series(1, %s) AS n JOIN support_contract c ON c.id = %s
"""
LINES = """
INSERT INTO billing_invoiceline (invoice_id, position, kind, approval_id, description, minutes, rate, net, tax_code, tax_rate, tax, account_code)
    SELECT i.id, p, 'time', %s, format('Rebuild "transfer", hunt-group and night routing of site %%s (ENG-%%s, ticket SR-%%s, approval ENG-%%s-1 '
            'in writing by Robin Sample on 12 Sep 2026): %%s minutes at $250.00 an hour, worked by Ana. Each entry is rounded up to the next 15 minutes.',
            p, i.id, i.id, i.id, m),
        m, 250, priced.net, 'VAT', 20, round(priced.net / 5, 2), '4000'
    FROM billing_invoice i, generate_series(1, %s) AS p, LATERAL (SELECT 15 * (1 + (i.number * 7 + p) %% 40) AS m) AS drawn,
        LATERAL (SELECT round(m * 250 / 60.0, 2) AS net) AS priced
"""


def fill(invoices: int) -> Contract:
    """Invoices of four lines each, all of one approval, which is played; written by the owner with the guards off."""
    contracts, desk = customers("export")
    contract = contracts[0]
    start = MONTH.starts("UTC") + timedelta(days=6, hours=9)
    clock.set_to(start)
    engagements.rate(contract, engagements.card(start), start)
    engagements.play(engagements.SKETCHES[2], contract, desk.agents[0], desk.agents[0], start)
    clock.back_to_real()
    approval = Approval.objects.get()
    with (
        connection.as_owner(),
        transaction.atomic(),
        unguarded((Invoice, InvoiceLine)),
        connection.cursor() as cursor,
    ):
        cursor.execute(INVOICES, [MONTH.first, invoices, contract.pk])
        cursor.execute(LINES, [approval.pk, EACH])
    owner_executes("VACUUM ANALYZE billing_invoice, billing_invoiceline")
    return contract


def copy(batch: ExportBatch) -> None:
    """The limit: what the database sends, read row by row and dropped."""
    with connection.cursor() as cursor, cursor.copy(PLAIN.format(batch=batch.pk)) as sent:
        for _row in sent:
            pass


def rows(batch: ExportBatch) -> None:
    _send(copying.sent(batch, FORM, Settings()))


def download(batch: ExportBatch) -> None:
    for file in batch.files.all():
        _send(file.content())


def _send(content) -> None:
    for _piece in StreamingHttpResponse(content, content_type="text/csv; charset=utf-8"):
        pass


def export(contract: Contract) -> None:
    """All of it: what is missing, the records, the files, read back."""
    at = clock.set_to(MONTH.ends("UTC"))
    exporting.export(contract.legal_entity, MONTH.first, "generic", by=BENCH, at=at)


def memory(of: str) -> float:
    """In MB: VmRSS is what this process has, VmHWM the most that it had since the kernel was told to forget."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(of)]
    return int(line.split()[1]) / 1024


def main() -> None:
    size = arguments(__doc__, lines=1_000_000)
    with own_database():
        contract = fill(size.lines // EACH)
        Path("/proc/self/clear_refs").write_text("5")
        before = memory("VmRSS")
        whole = seconds(lambda: export(contract))
        batch = ExportBatch.objects.get()
        owner_executes("VACUUM ANALYZE billing_exportedinvoice")
        download(batch)
        works = {"copy": copy, "rows": rows, "download": download}
        turns = Turns(
            ROUNDS, {name: lambda work=work: seconds(lambda: work(batch)) for name, work in works.items()}
        )
        grown = memory("VmHWM") - before
    judge(size.lines, turns, whole, grown)


def judge(number: int, turns: Turns, whole: float, grown: float) -> None:
    said = Lines("export")
    said.fact(
        f"{number:,} lines: COPY {shown(turns.median('copy'))}, rows {shown(turns.median('rows'))}, "
        f"download {shown(turns.median('download'))}; a whole export {shown(whole)}"
    )
    said.at_least(0.5, "rows written by COPY's", turns.ratio("copy", "rows"))
    said.at_least(0.5, "download by COPY", turns.ratio("copy", "download"))
    said.at_most(20, "MB of memory for all of it", grown)
    said.end()


if __name__ == "__main__":
    main()

"""Exports for the tests: settings of each format, many invoices written past all verbs, and a reader of our own."""

import csv
import io
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

from django.db import connection, transaction

from billing import exporting, invoicing
from billing.models import FinanceTarget
from tests.attacks import run
from tests.billing.billing_cases import at, entry, rate_card, world
from tests.factories import TESTS

OCTOBER = at(0, day=1).date()
FORMATS = ["generic", "xero", "quickbooks", "sage", "sage-accounting", "business-central"]
NUMBER = {  # where each format says the invoice's number
    "generic": "invoice_number",
    "xero": "*InvoiceNumber",
    "quickbooks": "*InvoiceNo",
    "sage": "Reference",
    "sage-accounting": "Reference",
    "business-central": "number",
}
TAX = {"xero": "STD = 20% (VAT on Income)", "quickbooks": "STD = 20.0% S", "sage": "STD = T1", "sage-accounting": "STD = Standard 20%"}  # fmt: skip


def target(entity, profile, **settings):
    """What the finance program wants, enough of it for an export."""
    settings = {"account_code": "4000", "tax_names": TAX.get(profile, ""), **settings}
    made = FinanceTarget(legal_entity=entity, profile=profile, **settings)
    made.full_clean()
    made.by(TESTS).save()
    return made


def ready(**fields):
    """A world whose tax is 20 % and whose customer is known to every finance program."""
    w = world(card=rate_card(increment=1), rate={"tax_code": "STD", "tax_rate": "20"})
    customer = w.contract.bill_to
    for name, value in {"finance_name": "Northwind Ltd", "account_reference": "NORTHW01", **fields}.items():
        setattr(customer, name, value)
    customer.by(TESTS).save()
    return w


def issue(w, *minutes):
    for n, billed in enumerate(minutes):
        entry(w, at(11 + n), at(11 + n + billed / 60)).save()
    return invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))


def export(w, profile):
    return exporting.export(w.entity, OCTOBER, profile, by=TESTS, at=at(18)).batch


def files(batch) -> list[bytes]:
    return [b"".join(file.content()) for file in batch.files.order_by("number")]


def table(content: bytes) -> tuple[list[str], list[dict]]:
    """Heading and rows, read as an importer does: UTF-8, lines that end in CRLF, RFC 4180."""
    text = content.decode()
    assert text.endswith("\r\n")
    heading, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert all(len(row) == len(heading) for row in rows)
    return heading, [dict(zip(heading, row, strict=True)) for row in rows]


def rows(batch) -> list[dict]:
    return [row for content in files(batch) for row in table(content)[1]]


def cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def net(profile: str, row: dict) -> Decimal:
    """What an importer would book for this row, by its own arithmetic."""
    if profile == "sage":
        return Decimal(row["Net Amount"]) * {"SI": 1, "SC": -1}[row["Type"]]
    if profile == "sage-accounting":
        return Decimal(row["Net"]) * {"Invoice": 1, "Cr Note": -1}[row["Type"]]
    quantity, price = {
        "generic": ("quantity", "unit_price"),
        "xero": ("*Quantity", "*UnitAmount"),
        "quickbooks": ("ItemQuantity", "ItemRate"),
        "business-central": ("quantity", "unitPrice"),
    }[profile]
    return cents(Decimal(row[quantity]) * Decimal(row[price]))


def whole(profile: str, batch) -> Counter:
    """How many rows each invoice has; none of them stands in two files, and its rows stand together."""
    found, where = Counter(), {}
    for place, content in enumerate(files(batch)):
        last = None
        for row in table(content)[1]:
            number = row[NUMBER[profile]]
            assert where.setdefault(number, place) == place, f"{number} is split"
            assert number == last or number not in found, f"{number} is torn apart"
            found[number], last = found[number] + 1, number
    return found


def many(w, invoices: int, lines: int = 1, words: str = "Night routing", series: str = "INV-2026") -> None:
    """Invoices of so many lines each, issued, as if by the verbs: written by the owner with the guards off."""
    tables = ["billing_invoice", "billing_invoiceline"]
    with connection.as_owner(), transaction.atomic():
        for name in tables:
            run(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        run(
            "INSERT INTO billing_invoice (legal_entity_id, bill_to_id, month, currency, series, number, reason, seller, buyer, "
            "payment_days, invoice_date, due_date, net, tax, total, made_at, issued_at, actor_kind, actor_name) "
            "SELECT %s, %s, '2026-10-01', 'USD', %s, n, '', '{}', '{}', 30, '2026-10-14', '2026-11-13', 0, 0, 0, now(), "
            "timestamptz '2026-10-14 12:00Z' + n * interval '1 ms', 'system', 'tests' FROM generate_series(1, %s) n",
            w.entity.pk, w.contract.bill_to.pk, series, invoices,
        )  # fmt: skip
        run(
            "INSERT INTO billing_invoiceline (invoice_id, position, kind, approval_id, description, minutes, rate, net, tax_code, "
            "tax_rate, tax, account_code) SELECT i.id, p, 'time', %s, %s || ' ' || p, m, 250, round(m * 250 / 60.0, 2), 'STD', 20, "
            "round(round(m * 250 / 60.0, 2) / 5, 2), '' FROM billing_invoice i, generate_series(1, %s) p, "
            "LATERAL (SELECT 1 + (i.number * 7 + p) %% 90 AS m) drawn",
            w.approval.pk, words, lines,
        )  # fmt: skip
        run("SET CONSTRAINTS ALL IMMEDIATE")
        for name in tables:
            run(f"ALTER TABLE {name} ENABLE TRIGGER USER")

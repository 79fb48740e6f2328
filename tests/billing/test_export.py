"""Invoices for finance: columns, quoting, sums, the same bytes for ever, and sentences for what cannot be (14, 15, 16)."""

import csv
import io
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from billing import copying, exported, exporting, invoicing
from billing.formats import PROFILES
from billing.formats.form import Settings
from billing.models import ExportBatch, ExportedInvoice, ExportFile, ExportPiece
from support.actors import Actor
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.billing_cases import at, entry, rate_card, set_clock, world
from tests.factories import TESTS, LegalEntityFactory

OCTOBER = at(0, day=1).date()
HEADER = (
    "invoice_number,customer_name,customer_ref,invoice_date,due_date,currency,line_number,description,line_kind,"
    "billed_minutes,quantity,unit_price,net_amount,tax_code,tax_rate,tax_amount,gross_amount,account_code,ticket_refs,"
    "engagement_reference,approval_reference,credit_of"
)


def issued(w, *minutes):
    for n, billed in enumerate(minutes):
        entry(w, at(11 + n), at(11 + n + billed / 60)).save()
    return invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))


def export(w, profile="generic"):
    return exporting.export(w.entity, OCTOBER, profile, by=TESTS, at=at(18))


def content(batch):
    """Of its only file."""
    return b"".join(batch.files.get().content())


def rows(content):
    return list(csv.DictReader(io.StringIO(bytes(content).decode(), newline="")))


def command(tmp_path, **options):
    said, file = io.StringIO(), tmp_path / "out.csv"
    options = {"format": "generic", "month": "2026-10", "output": str(file), **options}
    call_command("export_invoices", stdout=said, **options)
    return said.getvalue(), file.read_bytes()


def test_the_columns_are_the_generic_ones(w):
    issued(w, 90)
    first, *_, last = content(export(w).batch).split(b"\r\n")
    assert (first.decode(), last) == (HEADER, b"")
    [row] = rows(content(ExportBatch.objects.get()))
    described = row.pop("description")
    assert "1 hour 30 minutes at $250.00 an hour" in described
    assert "rounded up to the next 15 minutes" in described
    assert row == {
        "invoice_number": "INV-2026-000001",
        "customer_name": w.contract.bill_to.finance_name,
        "customer_ref": "",
        "invoice_date": "2026-10-14",
        "due_date": "2026-11-13",
        "currency": "USD",
        "line_number": "1",
        "line_kind": "time",
        "billed_minutes": "90",
        "quantity": "1.5000",
        "unit_price": "250.00",
        "net_amount": "375.00",
        "tax_code": "",
        "tax_rate": "0",
        "tax_amount": "0.00",
        "gross_amount": "375.00",
        "account_code": "",
        "ticket_refs": w.ticket.number,
        "engagement_reference": w.engagement.reference,
        "approval_reference": f"{w.engagement.reference}-1",
        "credit_of": "",
    }


def test_what_an_importer_would_not_multiply_to_the_amount_has_quantity_one(clock):
    w = world(card=rate_card(increment=1))
    issued(w, 10)
    [row] = rows(content(export(w).batch))
    assert (row["quantity"], row["unit_price"], row["net_amount"]) == ("1.0000", "41.67", "41.67")
    assert row["description"].endswith("(10 min)")
    set_clock(None)


def test_every_row_multiplies_and_the_file_sums_to_the_lines(clock):
    w = world(card=rate_card(increment=1), rate={"tax_code": "VAT", "tax_rate": "17.5"})
    [invoice] = issued(w, 7, 11, 13)
    note = invoicing.credit(invoice, reason="x", by=TESTS, at=at(18))
    read = rows(content(export(w).batch))
    for row in read:
        priced = (Decimal(row["quantity"]) * Decimal(row["unit_price"])).quantize(
            Decimal("0.01"), "ROUND_HALF_UP"
        )
        assert priced == Decimal(row["net_amount"])
    assert [Decimal(row["gross_amount"]) for row in read] == [invoice.total, note.total]
    assert sum(Decimal(row["net_amount"]) for row in read) == 0
    assert (read[1]["credit_of"], read[1]["billed_minutes"]) == (invoice.reference, "-31")
    assert read[1]["quantity"].startswith("-")
    assert read[1]["tax_rate"] == "17.5"
    set_clock(None)


def test_a_month_in_several_batches_is_written_again_as_a_whole(w, tmp_path):
    issued(w, 60)
    _said, one = command(tmp_path)
    entry(w, at(14), at(15)).save()
    invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))
    said, two = command(tmp_path)
    before, newest = ExportBatch.objects.order_by("pk")
    assert f"Lines that were exported before are in batch {before.pk}." in said
    said, again = command(tmp_path)
    assert f"(batches {before.pk}, {newest.pk}): the same 2 lines, byte for byte" in said
    assert (again, (tmp_path / "out-2.csv").read_bytes()) == (one, two)
    exporting.void(before, reason="Wrong.", by=Actor.of(w.fin), at=at(18))
    said, third = command(tmp_path)
    assert "Exported 1 lines" in said
    assert third == one


def test_a_month_exported_before_gives_the_same_bytes(w, tmp_path):
    issued(w, 60)
    said, first = command(tmp_path)
    assert said.startswith("Exported 1 lines of October 2026, 250.00 net")
    w.contract.bill_to.finance_name = "Another"
    w.contract.bill_to.by(TESTS).save()
    said, again = command(tmp_path)
    assert "byte for byte" in said
    assert (again, ExportBatch.objects.count()) == (first, 1)


def test_a_dash_is_the_standard_output_and_the_words_stand_beside_it(w, tmp_path, monkeypatch):
    issued(w, 60)
    monkeypatch.chdir(tmp_path)
    out, said = io.TextIOWrapper(io.BytesIO()), io.StringIO()
    options = {"format": "generic", "month": "2026-10", "output": "-"}
    call_command("export_invoices", stdout=out, stderr=said, **options)
    assert out.buffer.getvalue() == content(ExportBatch.objects.get())
    assert said.getvalue().startswith("Exported 1 lines of October 2026")
    assert said.getvalue().endswith("to the standard output.\n")
    assert not (tmp_path / "-").exists()


def test_a_later_invoice_of_the_month_is_a_file_of_its_own(w, tmp_path):
    [invoice] = issued(w, 60)
    command(tmp_path)
    set_clock(at(9, day=3, month=11))
    invoicing.credit(invoice, reason="x", by=TESTS, at=at(9, day=3, month=11))
    _said, written = command(tmp_path)
    [row] = rows(written)
    assert (row["credit_of"], row["invoice_date"]) == ("INV-2026-000001", "2026-11-03")
    command(tmp_path)
    assert (tmp_path / "out-2.csv").read_bytes() == written


def test_what_cannot_be_is_a_sentence(w, tmp_path):
    issued(w, 60)
    for options, sentence in [
        ({"month": "2026-13"}, "is not a month: write it as 2026-10"),
        ({"month": "october"}, "is not a month"),
        ({"month": "2026-1"}, "is not a month"),
        ({"format": "xero9"}, r"No format is called xero9\. There are: generic, xero, quickbooks, sage, "),
        ({"month": "2026-09"}, "nothing to export for September 2026: no invoice is issued"),
        ({"entity": "NOBODY"}, "No company has the name"),
        ({"output": "/nowhere/at/all.csv"}, "cannot be written: No such file"),
    ]:
        with pytest.raises(CommandError, match=sentence):
            command(tmp_path, **options)


def test_drafts_are_not_exported_and_the_sentence_says_so(w, tmp_path):
    entry(w, at(11), at(12)).save()
    invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    with pytest.raises(CommandError, match="Drafts that wait to be issued: 1"):
        command(tmp_path)


def test_several_companies_are_asked_for_one_at_a_time(clock, tmp_path):
    for w in [world(), world(entity=LegalEntityFactory(number_series="TWO", name="Second"))]:
        issued(w, 60)
    with pytest.raises(CommandError, match=r"name one with --entity: TWO \(Second\), INV \(Your company\)"):
        command(tmp_path)
    assert rows(command(tmp_path, entity="two")[1])[0]["invoice_number"] == "TWO-2026-000001"
    set_clock(None)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("", "no name for finance: "), ("=HYPERLINK(1)", "as formulas: =HYPERLINK")],
)
def test_a_customer_without_a_usable_name_blocks_the_file_with_a_list(w, name, sentence):
    w.contract.bill_to.finance_name = name
    w.contract.bill_to.by(TESTS).save()
    issued(w, 60)
    with pytest.raises(Refused, match=sentence):
        export(w)
    assert not ExportBatch.objects.exists()


def test_quotes_and_newlines_survive(clock):
    w = world()
    w.engagement.title = '=SUM("a", 1)\nsecond line'
    w.engagement.by(TESTS).save()
    issued(w, 60)
    [row] = rows(content(export(w).batch))
    assert row["description"].startswith('\'=SUM("a", 1)\nsecond line (ENG-')
    assert row["net_amount"] == "250.00"
    set_clock(None)


def test_a_batch_and_its_invoices_are_only_added(w):
    issued(w, 60)
    export(w)
    for attack in [
        lambda: ExportBatch.objects.update(net=0),
        lambda: ExportFile.objects.update(sha256=b"x"),
        lambda: ExportPiece.objects.all().delete(),
        lambda: ExportedInvoice.objects.all().delete(),
        lambda: run("TRUNCATE billing_exportbatch CASCADE"),
    ]:
        with refused("permission denied"):
            attack()
    batch = ExportBatch.objects.get()
    with refused("invoice_in_one_batch_per_format"):
        ExportedInvoice.objects.create(batch=batch, invoice=batch.invoices.get(), profile="generic")
    with refused("exported_in_the_batchs_format"):
        ExportedInvoice.objects.create(batch=batch, invoice=batch.invoices.get(), profile="xero")


def test_a_draft_never_stands_in_a_batch(w):
    issued(w, 60)
    batch = export(w).batch
    entry(w, at(15), at(16)).save()
    [draft] = invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    with refused("only_issued_invoices_are_exported"):
        ExportedInvoice.objects.create(batch=batch, invoice=draft, profile="generic")


def test_the_rows_are_one_query(w, django_assert_num_queries):
    issued(w, 60)
    batch = export(w).batch
    with django_assert_num_queries(1):
        assert len(list(copying.rows_of(batch, PROFILES["generic"], Settings()))) == 1


def test_nothing_is_added_to_a_batch_that_is_written(own_database):
    w = world()
    issued(w, 60)
    batch = export(w).batch
    file = batch.files.get()
    for addition in [
        lambda: ExportPiece.objects.create(file=file, number=2, content=b"x"),
        lambda: ExportFile.objects.create(batch=batch, number=2, rows=1, size=1, sha256=b"x"),
        lambda: ExportedInvoice.objects.create(batch=batch, invoice=batch.invoices.get(), profile="generic"),
        lambda: run(
            "INSERT INTO billing_exportpiece (file_id, number, content) SELECT file_id, 2, content FROM billing_exportpiece"
        ),
    ]:
        with refused("a_batch_is_written_at_once"):
            addition()
    set_clock(None)


@pytest.mark.broken_on_purpose
def test_without_its_guard_a_file_would_grow(own_database):
    w = world()
    issued(w, 60)
    file = export(w).batch.files.get()
    with connection.as_owner():
        run("ALTER TABLE billing_exportpiece DISABLE TRIGGER guard")
    ExportPiece.objects.create(file=file, number=2, content=b"x")
    assert exported.altered()
    set_clock(None)

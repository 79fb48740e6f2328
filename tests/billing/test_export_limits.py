"""Limits of the importers, crossed with many invoices: files are cut, no invoice is, and nothing is lost."""

import pytest

from billing import exporting
from billing.models import ExportBatch
from support.refusal import Refused
from tests.attacks import run
from tests.billing.billing_cases import set_clock
from tests.billing.export_cases import OCTOBER, export, files, many, net, ready, rows, table, target, whole

pytestmark = pytest.mark.broken_on_purpose


@pytest.fixture
def w(own_database):
    yield ready()
    set_clock(None)


def numbers(content, column):
    return {row[column] for row in table(content)[1]}


def nothing_is_lost(profile, batch):
    [(lines, owed)] = run("SELECT count(*), sum(net) FROM billing_invoiceline")
    read = rows(batch)
    assert (len(read), sum(net(profile, row) for row in read)) == (lines, owed)
    assert sum(whole(profile, batch).values()) == lines


def test_xero_takes_500_invoices_a_file(w):
    target(w.entity, "xero")
    many(w, 1001, lines=2)
    batch = export(w, "xero")
    assert [len(numbers(content, "*InvoiceNumber")) for content in files(batch)] == [500, 500, 1]
    nothing_is_lost("xero", batch)


def test_fewer_where_the_settings_say_so(w):
    target(w.entity, "xero", invoices_per_file=2)
    many(w, 5)
    assert [len(table(content)[1]) for content in files(export(w, "xero"))] == [2, 2, 1]


def test_quickbooks_takes_100_invoices_a_file(w):
    target(w.entity, "quickbooks")
    many(w, 150, lines=2)
    batch = export(w, "quickbooks")
    assert [len(numbers(content, "*InvoiceNo")) for content in files(batch)] == [100, 50]
    nothing_is_lost("quickbooks", batch)


def test_quickbooks_takes_999_rows_a_file_and_an_invoice_is_not_cut_for_it(w):
    target(w.entity, "quickbooks")
    many(w, 90, lines=13)
    batch = export(w, "quickbooks")
    assert [len(table(content)[1]) for content in files(batch)] == [76 * 13, 14 * 13]
    nothing_is_lost("quickbooks", batch)


def test_sage_accounting_takes_480_000_bytes_a_file(w):
    target(w.entity, "sage-accounting")
    many(w, 1500, lines=2, words='Night routing, "Leeds" and York — ' + "ü" * 150)
    batch = export(w, "sage-accounting")
    sizes = [len(content) for content in files(batch)]
    assert len(sizes) > 2
    assert max(sizes) <= 480_000
    assert min(sizes[:-1]) > 478_000
    nothing_is_lost("sage-accounting", batch)


@pytest.mark.parametrize("profile", ["generic", "sage", "business-central"])
def test_where_no_limit_is_known_there_is_one_file(w, profile):
    target(w.entity, profile)
    many(w, 1200)
    batch = export(w, profile)
    assert len(files(batch)) == 1
    nothing_is_lost(profile, batch)


def test_an_invoice_that_no_file_could_hold_blocks_the_export(w):
    target(w.entity, "quickbooks")
    many(w, 1, lines=1000)
    with pytest.raises(
        Refused, match=r"more than the 999 lines that the program takes .*: INV-2026-000001\."
    ):
        export(w, "quickbooks")
    target(w.entity, "sage-accounting")


def test_an_invoice_of_more_bytes_than_a_file_may_have_blocks_the_export(w):
    target(w.entity, "sage-accounting")
    many(w, 1, lines=1000, words="long " * 120)
    with pytest.raises(
        Refused, match=r"INV-2026-000001 alone is longer than a file that Sage Accounting takes"
    ):
        export(w, "sage-accounting")
    assert not ExportBatch.objects.exists()


def test_descriptions_are_cut_at_what_the_importer_takes_and_start_no_formula(w):
    many(w, 1, words="=" + "w" * 5000)
    for profile, column, width in [
        ("quickbooks", "ItemDescription", 4000),
        ("sage", "Details", 60),
    ]:
        target(w.entity, profile)
        [row] = rows(export(w, profile))
        assert len(row[column]) <= width
        assert row[column][0] not in "=+-@"


@pytest.mark.parametrize(("profile", "width"), [("quickbooks", 21), ("business-central", 20)])
def test_an_invoice_number_that_is_too_long_blocks_the_export(w, profile, width):
    target(w.entity, profile)
    many(w, 1, series="ABCDEFGHIJKL-2026")
    with pytest.raises(Refused, match=rf"longer than the {width} characters .*: ABCDEFGHIJKL-2026-000001\."):
        export(w, profile)
    assert exporting.missing(w.entity, OCTOBER, profile)

"""Finance's pages of files: every format with what it needs, the batch beside its sources, voiding; for finance alone."""

import pytest
from django.urls import reverse

from billing import invoicing, reconciling
from billing.models import ExportBatch
from tests.billing.billing_cases import at
from tests.billing.export_cases import FORMATS, export, issue, ready, target
from tests.factories import TESTS
from tests.ground import standing_on
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db


@standing_on
def w():
    w = ready()
    [w.invoice] = issue(w, 7, 11, 13)
    return w


@pytest.fixture
def fin(client, w):
    client.force_login(w.fin)
    return client


def month(w):
    return w.entity.number_series, "2026-10"


def test_the_month_offers_every_format_and_says_what_it_needs_first(fin, w):
    target(w.entity, "xero")
    page = fin.get(reverse("billing:month-page", args=month(w))).text
    for title in ["Generic", "Xero", "QuickBooks Online", "Sage 50", "Sage Accounting", "Business Central"]:
        assert title in page
    assert "Write the CSV for Xero" in page
    assert "Write the CSV for Sage 50" not in page
    assert "calls these tax codes: STD." in page


def test_a_format_is_written_listed_and_downloaded_and_the_invoice_says_so(fin, w):
    target(w.entity, "sage")
    assert post(fin, "billing:month-export", *month(w), format="sage").status_code == 302
    batch = ExportBatch.objects.get()
    page = fin.get(reverse("billing:month-page", args=month(w))).text
    assert f"Export {batch.pk}, sage" in page
    response = fin.get(reverse("billing:export-download", args=[batch.pk, 1]))
    assert response.streaming
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response) == b"".join(batch.files.get().content())
    assert fin.get(reverse("billing:export-download", args=[batch.pk, 2])).status_code == 404


def test_what_blocks_an_export_is_a_sentence_and_an_unknown_format_too(fin, w):
    response = post(fin, "billing:month-export", *month(w), format="sage")
    assert response.status_code == 409
    assert "Nothing was exported." in response.text
    assert post(fin, "billing:month-export", *month(w), format="xero9").status_code == 409


@pytest.mark.parametrize("profile", FORMATS)
def test_time_lines_and_files_agree_in_every_format(fin, w, profile):
    target(w.entity, profile)
    invoicing.credit(w.invoice, reason="x", by=TESTS, at=at(18))
    batch = export(w, profile)
    compared, total = reconciling.compare(batch)
    assert [one.lines.net for one in compared] == [w.invoice.net, -w.invoice.net]
    assert [one.entries.minutes for one in compared] == [31, -31]
    assert not any(one.differs for one in [*compared, total])
    page = fin.get(reverse("billing:export-page", args=[batch.pk])).text
    assert "They agree." in page
    assert w.invoice.reference in page


def test_a_difference_is_shown(fin, w, monkeypatch):
    batch = export(w, "generic")
    said = {w.invoice.reference: reconciling.Figures(31, w.invoice.net + 1, w.invoice.tax)}
    monkeypatch.setattr(reconciling, "_said", lambda _batch: dict(said))
    page = fin.get(reverse("billing:export-page", args=[batch.pk])).text
    assert "1 invoice differs." in page
    assert "differs</span>" in page


def test_finance_voids_an_export_with_a_reason(fin, w):
    batch = export(w, "generic")
    assert post(fin, "billing:export-void", batch.pk, reason="").status_code == 422
    assert post(fin, "billing:export-void", batch.pk, reason="Wrong company.").status_code == 302
    assert "Voided by Fin" in fin.get(reverse("billing:export-page", args=[batch.pk])).text
    assert "voided" in fin.get(reverse("billing:month-page", args=month(w))).text
    again = post(fin, "billing:export-void", batch.pk, reason="Again.")
    said = " ".join(again.text.split())
    assert (again.status_code, "Voided by Fin, 14 October 2026, 18:00: Wrong company." in said) == (422, True)
    assert fin.get(reverse("billing:export-void", args=[batch.pk])).status_code == 405


def test_managers_read_and_nobody_else_does(client, cast, w):
    batch = export(w, "generic")
    pages = [
        reverse("billing:export-page", args=[batch.pk]),
        reverse("billing:export-download", args=[batch.pk, 1]),
    ]
    for person, status in [(w.max, 200), (w.ana, 403), (cast.robin, 404)]:
        client.force_login(person)
        assert [client.get(page).status_code for page in pages] == [status, status]
        expected = {200: 403}.get(status, status)
        assert post(client, "billing:export-void", batch.pk, reason="x").status_code == expected
    client.force_login(w.max)
    assert "Void this export" not in client.get(pages[0]).text


def test_a_comparison_costs_few_queries(fin, w, django_assert_max_num_queries):
    batch = export(w, "generic")
    address = reverse("billing:export-page", args=[batch.pk])
    fin.get(address)
    with django_assert_max_num_queries(14):
        fin.get(address)

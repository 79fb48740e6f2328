"""A file that has no column for the currency takes only invoices in that of the company's books."""

import pytest
from django.urls import reverse

from billing import exporting
from billing.models import ExportBatch
from support.refusal import Refused
from tests.billing.export_cases import OCTOBER, export, issue, ready, rows, target
from tests.factories import TESTS
from tests.ground import standing_on

BARE = [("sage", {}), ("sage-accounting", {}), ("quickbooks", {"tax_columns": False})]
NAMED = {
    "generic": "currency",
    "xero": "Currency",
    "quickbooks": "Currency",
    "business-central": "currencyCode",
}


@standing_on
def w():
    made = ready()
    made.entity.currency = "GBP"
    made.entity.by(TESTS).save()
    return made


@pytest.mark.parametrize(("profile", "wants"), BARE)
def test_amounts_never_leave_bare(w, profile, wants):
    target(w.entity, profile, **wants)
    [invoice] = issue(w, 60)
    said = rf"not in the currency of the company, .*: {invoice.reference}, USD\."
    with pytest.raises(Refused, match=said):
        export(w, profile)
    assert not ExportBatch.objects.exists()
    assert any("names the currency" in each for each in exporting.missing(w.entity, OCTOBER, profile))


@pytest.mark.parametrize("profile", NAMED)
def test_a_file_that_names_it_takes_it(w, profile):
    target(w.entity, profile)
    issue(w, 60)
    assert {row[NAMED[profile]] for row in rows(export(w, profile))} == {"USD"}


def test_the_months_page_warns_beside_quickbooks_of_sales_tax(client, w):
    issue(w, 60)
    client.force_login(w.fin)
    page = client.get(reverse("billing:month-page", args=[w.entity.number_series, "2026-10"])).text
    assert page.count("with sales tax switched on cannot use this import") == 1
    assert page.index("QuickBooks Online") < page.index("with sales tax switched on") < page.index("Sage 50")

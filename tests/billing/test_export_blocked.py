"""What a finance program could not take blocks the export with a list that says what to do, and nothing is written."""

import pytest
from django.core.exceptions import ValidationError

from billing import exporting
from billing.models import ExportBatch, ExportedInvoice, FinanceTarget
from support.refusal import Refused
from tests.billing.export_cases import FORMATS, OCTOBER, export, issue, ready, target
from tests.ground import standing_on

BLOCKED = [  # format, what the customer is, what the settings are, what is said
    ("xero", {"finance_name": ""}, {}, "no name for finance: Customer"),
    ("xero", {}, {"account_code": ""}, r"no account code: write one into the settings of the format: INV-2026-000001\."),
    ("xero", {}, {"tax_names": ""}, r"do not say what the finance program calls these tax codes: STD\."),
    ("xero", {"finance_name": "=1+1"}, {}, r"read these names as formulas: =1\+1\."),
    ("quickbooks", {}, {"tax_names": "OTHER = x"}, "calls these tax codes: STD"),
    ("sage", {"account_reference": ""}, {}, "no account reference: write it on the customer: Customer"),
    ("sage", {"account_reference": "NORTHWIND"}, {}, "have spaces, or more than the 8 characters .*: Customer"),
    ("sage", {"account_reference": "NORTH 1"}, {}, "have spaces, or more than the 8 characters .*: Customer"),
    ("sage", {}, {"tax_names": "STD = VAT"}, r"T0 to T99, and not these: VAT\."),
    ("sage-accounting", {"account_reference": "N" * 11}, {}, "longer than the 10 characters"),
    ("sage-accounting", {"finance_name": "N" * 51}, {}, "names for finance are longer than the 50 characters"),
    ("sage-accounting", {}, {"account_code": "123456789"}, r"up to 8 digits, and these do not: 123456789\."),
    ("sage-accounting", {}, {"tax_columns": False}, "carry tax, and the file would not"),
    ("business-central", {"account_reference": "N" * 21}, {}, "longer than the 20 characters"),
    ("generic", {"finance_name": " "}, {}, "no name for finance"),
]  # fmt: skip


@standing_on
def made():
    return ready


@pytest.mark.parametrize(("profile", "customer", "wants", "said"), BLOCKED)
def test_it_is_said_with_what_to_do_and_nothing_is_written(made, profile, customer, wants, said):
    w = made(**customer)
    target(w.entity, profile, **wants)
    issue(w, 60)
    with pytest.raises(Refused, match=said):
        export(w, profile)
    assert not ExportBatch.objects.exists()
    assert not ExportedInvoice.objects.exists()
    assert exporting.missing(w.entity, OCTOBER, profile)


def test_everything_that_is_missing_is_said_at_once(made):
    w = made(finance_name="", account_reference="")
    issue(w, 60)
    said = exporting.missing(w.entity, OCTOBER, "sage-accounting")
    assert len(said) == 4


@pytest.mark.parametrize("profile", FORMATS)
def test_nothing_is_missing_when_all_is_set(made, profile):
    w = made()
    target(w.entity, profile)
    issue(w, 60)
    assert exporting.missing(w.entity, OCTOBER, profile) == []


@pytest.mark.parametrize(
    ("profile", "wrong"),
    [
        ("xero", {"date_order": "YMD"}),
        ("sage", {"date_order": "MDY"}),
        ("xero", {"invoices_per_file": 501}),
        ("quickbooks", {"invoices_per_file": 101}),
        ("xero", {"tax_names": "STD 20%"}),
        ("xero", {"tax_names": "STD = =1+1"}),
        ("xero", {"item_name": "@SUM"}),
        ("xero", {"account_code": "-1"}),
        ("xero9", {}),
    ],
)
def test_settings_that_no_importer_takes_are_refused_on_entry(made, profile, wrong):
    w = made()
    with pytest.raises(ValidationError):
        FinanceTarget(legal_entity=w.entity, profile=profile, **wrong).full_clean()


@pytest.mark.parametrize("first", list("=+-@\t＝"))
def test_a_finance_name_that_begins_a_formula_is_refused_on_entry(made, first):
    customer = made().contract.bill_to
    customer.finance_name = f"{first}Acme"
    with pytest.raises(ValidationError, match="as a formula"):
        customer.full_clean()

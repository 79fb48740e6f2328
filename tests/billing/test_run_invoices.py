"""What the command that drafts and issues a month says."""

import io

import pytest
from django.core.management import call_command

from tests.billing.billing_cases import at, entry, world
from tests.ground import standing_on

w = standing_on(world)


def said(**options) -> str:
    out = io.StringIO()
    call_command("run_invoices", month="2026-10", stdout=out, **options)
    return out.getvalue()


def test_each_invoice_is_a_line(w):
    entry(w, at(11), at(12)).save()
    assert f"{w.contract.bill_to}: 250.00 USD\n" in said()
    assert said(issue=True) == f"INV-2026-000001 {w.contract.bill_to}: 250.00 USD\n"


@pytest.mark.parametrize(("options", "verb"), [({}, "draft"), ({"issue": True}, "issue")])
def test_where_there_is_nothing_it_says_so(w, options, verb):
    nothing = f"Nothing to {verb} for October 2026: no approved time of that month waits to be invoiced.\n"
    assert said(**options) == nothing
    entry(w, at(11), at(12)).save()
    said(issue=True)
    assert said(**options) == nothing

"""A line that asks less than its minutes come to: in the files for finance, on its page, and as evidence."""

import io
import json
import subprocess
import sys
import zipfile
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse

from billing import answering, engaging, exporting, invoicing, reconciling, shown, tracing, worth
from support.actors import Actor
from tests.billing.billing_cases import at, rate_card, set_clock
from tests.billing.export_cases import FORMATS, net, rows, target
from tests.billing.surcharge_cases import surcharged
from tests.billing.within_cases import half_an_hour, month_by_month, nets, runs, standing, works
from tests.factories import TESTS
from tests.ground import standing_on

pytestmark = pytest.mark.django_db
T = at(18, day=15, month=12)


@standing_on
def w():
    """Three months of ten minutes each; the last one is a cent less."""
    w = half_an_hour(rate={"tax_code": "STD", "tax_rate": "20"})
    payer = w.contract.bill_to
    payer.finance_name, payer.account_reference = "Northwind Ltd", "NORTHW01"
    payer.by(TESTS).save()
    *_earlier, w.less = month_by_month(w)
    w.line = w.less.lines.get()
    return w


@pytest.mark.parametrize("profile", FORMATS)
def test_files_and_time_agree_with_it_and_with_its_credit(w, profile):
    target(w.entity, profile)
    invoicing.credit(w.less, reason="Wrong.", by=TESTS, at=at(18, day=15, month=12))
    batch = exporting.export(w.entity, w.less.month, profile, by=TESTS, at=at(18, day=15, month=12)).batch
    found, total = reconciling.compare(batch)
    assert [each.differs for each in (*found, total)] == [False] * 3
    assert f"{found[0].lines.net}" == "41.66"
    if profile != "quickbooks":  # it takes no negative amount
        assert sum(net(profile, row) for row in rows(batch)) == 0


def test_its_page_and_the_command_name_the_lines_before_it(w, client):
    client.force_login(w.fin)
    for position, said in [(w.less.reference, True), ("INV-2026-000001", False)]:
        page = client.get(reverse("billing:line-trace", args=[position, 1])).text
        assert ("These lines left $41.66 of what was signed" in page) is said
        assert ("INV-2026-000002/1" in page) is said
    said = io.StringIO()
    call_command("trace", f"{w.less.reference}/1", stdout=said)
    assert (
        "asked before: INV-2026-000001/1, $41.67\n  asked before: INV-2026-000002/1, $41.67"
        in said.getvalue()
    )


def test_what_was_credited_and_billed_again_since_is_not_before_it(w):
    [first] = tracing.trace(w.line).before[:1]
    set_clock(at(19, day=15, month=12))
    invoicing.credit(first.invoice, reason="Again.", by=TESTS, at=at(19, day=15, month=12))
    [again] = invoicing.run(w.entity, first.invoice.month, by=TESTS, at=at(19, day=15, month=12))
    assert first in tracing.trace(w.line).before
    assert again.lines.get() not in tracing.trace(w.line).before


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, ""),
        ({"net": "41.67"}, "10 minutes at 250.00: 41.66. It says otherwise."),
        ({"net": "41.65"}, "10 minutes at 250.00: 41.66. It says otherwise."),
        ({"before": []}, "10 minutes at 250.00: 41.67. It says otherwise."),
        ({"before": [{"line": "x", "net": "41.67"}] * 2}, "doubled or negative"),
    ],
)
def test_the_evidence_is_checked_with_python_alone(w, tmp_path, changes, sentence):
    with zipfile.ZipFile(io.BytesIO(tracing.bundle(tracing.trace(w.line)))) as packed:
        packed.extractall(tmp_path)
    line = json.loads((tmp_path / "line.json").read_text())
    (tmp_path / "line.json").write_text(json.dumps({**line, **changes}))
    done = subprocess.run(
        [sys.executable, "-E", "-S", str(tmp_path / "check.py")], capture_output=True, text=True, cwd="/"
    )
    assert done.returncode == bool(changes)
    assert sentence in done.stdout


@pytest.mark.parametrize("more", [0, 15])
def test_used_is_what_the_invoices_ask_and_the_rest_at_its_rate(clock, more):
    w = half_an_hour(cap=60)
    month_by_month(w)
    if more:
        works(w, 12, day=14, minutes=more)
    stands = shown.standing(w.engagement, w.ana, T)
    left = {0: ("$125.01", "$124.99"), 15: ("$187.51", "$62.49")}
    assert stands.money == ("$250.00", *left[more])


def test_surcharges_likewise(clock):
    w = surcharged(cap=60, card={"increment": 1})
    for invoice in month_by_month(w, day=14, hour=20):
        assert nets(invoice) == ["41.67", "20.83"]
    assert standing() == Decimal("187.50")
    assert shown.standing(w.engagement, w.ana, T).money[1] == "$187.50"


def test_what_is_left_to_a_minimum_is_what_its_line_asks(clock):
    w = half_an_hour(cap=60, card=rate_card(increment=1, minimum_charge="500.00"))
    month_by_month(w)
    engaging.finish(w.engagement, by=Actor.of(w.ana), at=T)
    w.engagement.refresh_from_db()
    assert "$374.99 is charged besides the time" in shown.standing(w.engagement, w.ana, T).minimum
    [invoice] = runs(w, 12)
    assert nets(invoice) == ["374.99"]
    assert worth.used([w.approval])[w.approval.pk] == 500


def test_the_command_counts_one_minute_and_names_the_end_of_the_approval(clock, capsys):
    w = half_an_hour()
    set_clock(at(18, day=15))
    works(w, 10, minutes=1)
    [invoice] = runs(w, 10)
    answering.withdraw_approval(w.approval, reason="Enough.", by=TESTS, at=at(18, day=15))
    call_command("trace", f"{invoice.reference}/1")
    said = capsys.readouterr().out
    assert "  1 billed minute, $4.17" in said
    assert "withdrawn 2026-10-15 18:00 UTC" in said

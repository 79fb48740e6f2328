"""A line that asks less than its minutes come to: in the files for finance, on its page, and as evidence."""

import io
import json
import subprocess
import sys
import zipfile

import pytest
from django.core.management import call_command
from django.urls import reverse

from billing import exporting, invoicing, reconciling, tracing
from tests.billing.billing_cases import at, set_clock
from tests.billing.export_cases import FORMATS, net, rows, target
from tests.billing.within_cases import half_an_hour, month_by_month
from tests.factories import TESTS
from tests.ground import standing_on

pytestmark = pytest.mark.django_db


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

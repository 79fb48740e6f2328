"""A top-up as it is read: traced to what it was worked out from, its evidence, on the PDF, in every export and on pages."""

import io
import json
import subprocess
import sys
import zipfile

import pytest
from django.core.management import call_command
from django.urls import reverse

from billing import exporting, invoice_paper, invoicing, reconciling, tracing
from tests.billing.billing_cases import at
from tests.billing.export_cases import FORMATS, OCTOBER, target
from tests.billing.invoice_cases import text_of
from tests.billing.minimum_cases import at_least, done, run_of, some_work
from tests.factories import TESTS
from tests.ground import standing_on

pytestmark = pytest.mark.django_db


@standing_on
def w():
    """30 minutes, $125.00, and $375.00 up to the minimum, at 20 % tax, issued."""
    w = at_least(rate={"tax_code": "STD", "tax_rate": "20"})
    some_work(w)
    payer = w.contract.bill_to
    payer.finance_name, payer.account_reference = "Northwind Ltd", "NORTHW01"
    payer.by(TESTS).save()
    [w.invoice] = run_of(done(w))
    w.line = w.invoice.lines.get(kind="minimum")
    w.reference = f"{w.invoice.reference}/2"
    return w


def test_the_command_names_what_counts_towards_it(w):
    said = io.StringIO()
    call_command("trace", w.reference, stdout=said)
    assert f"counts towards it: {w.invoice.reference}/1, $125.00" in said.getvalue()


def checked(w, folder, **changes):
    """What check.py says of the evidence, after line.json was changed so."""
    with zipfile.ZipFile(io.BytesIO(tracing.bundle(tracing.trace(w.line)))) as packed:
        packed.extractall(folder)
    line = {**json.loads((folder / "line.json").read_text()), **changes}
    (folder / "line.json").write_text(json.dumps(line))
    done = subprocess.run(
        [sys.executable, "-E", "-S", str(folder / "check.py")], capture_output=True, text=True, cwd="/"
    )
    return done.returncode, done.stdout


def test_its_evidence_is_checked_with_python_alone(w, tmp_path):
    returned, said = checked(w, tmp_path)
    assert (returned, said.startswith(f"The line rests on approval {w.approval.pk};")) == (0, True)


TIME = {"line": "INV-2026-000009/1", "kind": "time", "net": "125.00"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"net": "376.00", "rate": "376.00"}, "leave 375.00. The line says otherwise."),
        ({"minutes": 60}, "The line says otherwise."),
        ({"counted": []}, "none, doubled or negative"),
        ({"counted": [TIME, TIME]}, "none, doubled or negative"),
        ({"counted": [{**TIME, "net": "-1.00"}]}, "none, doubled or negative"),
        ({"kind": "time"}, "none, doubled or negative"),
    ],
)
def test_what_was_changed_in_its_evidence_is_noticed(w, tmp_path, changes, words):
    returned, said = checked(w, tmp_path, **changes)
    assert returned == 1
    assert words in said


def test_what_counts_is_what_stood_as_it_was_issued(w):
    note = invoicing.credit(w.invoice, reason="Wrong.", by=TESTS, at=at(18))
    again = run_of(w)[0].lines.get(kind="minimum")
    counted = tracing.trace(w.line).counted, tracing.trace(again).counted
    assert [[line.invoice for line in lines] for lines in counted] == [[w.invoice], [again.invoice]]
    assert tracing.trace(note.lines.get(credits=w.line)).line == w.line


def test_its_page_names_what_counts_towards_it(w, client):
    client.force_login(w.fin)
    page = client.get(reverse("billing:line-trace", args=[w.invoice.reference, 2])).content.decode()
    assert "What counts towards the minimum" in page
    assert f"{w.invoice.reference}/1</a>" in page
    assert "$500.00 were approved, $375.00 were left" in page


def test_the_paper_says_why(w):
    said = text_of(invoice_paper.render(w.invoice))
    assert "Its time and surcharges came to $125.00; the minimum that was approved is $500.00." in said
    note = invoicing.credit(w.invoice, reason="Wrong.", by=TESTS, at=at(18))
    assert "Its time and surcharges came to $125.00" in text_of(invoice_paper.render(note))


@pytest.mark.parametrize("profile", FORMATS)
def test_every_export_has_it_and_agrees(w, profile):
    target(w.entity, profile)
    invoicing.credit(w.invoice, lines=[w.line], reason="Wrong.", by=TESTS, at=at(18))
    batch = exporting.export(w.entity, OCTOBER, profile, by=TESTS, at=at(18)).batch
    found, total = reconciling.compare(batch)
    assert not any(one.differs for one in [*found, total])
    assert total.lines.net == 125


def test_the_admin_lists_it_and_changes_nothing(w, admin_client):
    assert admin_client.get("/admin/billing/billedminimum/").status_code == 200
    assert admin_client.get("/admin/billing/billedminimum/add/").status_code == 403

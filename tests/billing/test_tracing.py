"""From a line of an invoice back to the written yes, and the evidence that anybody can check."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from base64 import b64decode, b64encode
from decimal import Decimal
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from billing import answering, invoicing, tracing
from billing.models import EvidenceLink
from tests.billing.billing_cases import at, entry, world
from tests.factories import TESTS
from tests.ground import standing_on

pytestmark = pytest.mark.django_db


@standing_on
def w():
    """240 minutes approved, two hours worked in October 2026 and issued; the approval was withdrawn afterwards."""
    w = world()
    entry(w, at(11), at(12)).save()
    entry(w, at(13), at(14)).save()
    w.contract.bill_to.finance_name = "Northwind Ltd"
    w.contract.bill_to.by(TESTS).save()
    [invoice] = invoicing.run(w.entity, at(0, day=1).date(), by=TESTS, at=at(18))
    answering.withdraw_approval(w.approval, reason="Done.", by=TESTS, at=at(18))
    w.line = invoice.lines.get()
    w.entity_links = EvidenceLink.objects.filter(legal_entity=w.entity).order_by("seq")
    w.reference = f"{w.line.invoice.reference}/1"
    return w


def unpacked(w, tmp_path):
    with zipfile.ZipFile(io.BytesIO(tracing.bundle(tracing.trace(w.line)))) as packed:
        packed.extractall(tmp_path)
    return tmp_path


def checked(folder):
    done = subprocess.run(
        [sys.executable, "-E", "-S", str(folder / "check.py")], capture_output=True, text=True, cwd="/"
    )
    return done.returncode, done.stdout


def test_a_line_leads_to_entries_approval_offer_and_who_signed_how(w):
    said = tracing.told(tracing.trace(tracing.line_named(w.reference)))
    assert [each["billed_minutes"] for each in said["entries"]] == [60, 60]
    assert (said["minutes"], said["net"], said["rate"]) == (120, "500.00", "250.00")
    assert said["offer_sha256"] == bytes(w.offer.sha256).hex()
    assert said["signed"][0]["how"] == "code"
    assert said["signed"][0]["contact"] == f"Robin Sample <{w.robin.email}>"
    assert [link["kind"] for link in said["links"]] == ["approval", "approval_end"]


def test_the_evidence_is_checked_with_python_alone(w, tmp_path):
    returned, said = checked(unpacked(w, tmp_path))
    last = bytes(w.entity_links.last().hash).hex()
    ends = f"The line rests on approval {w.approval.pk}; company {w.entity.pk} ends in {last}.\n"
    assert (returned, said) == (0, ends)


def changed(**values):
    return lambda folder: _line(folder, lambda line: line.update(values))


def _line(folder, change):
    line = json.loads((folder / "line.json").read_text())
    change(line)
    (folder / "line.json").write_text(json.dumps(line))


def entry_changed(**values):
    return lambda folder: _line(folder, lambda line: line["entries"][0].update(values))


def signed_changed(**values):
    return lambda folder: _line(folder, lambda line: line["signed"][0].update(values))


def doubled(folder):
    def twice(line):
        line["entries"][1] = line["entries"][0]

    _line(folder, twice)


def forged_in_front(folder):
    """Another company's link, in which the same approval allows more; the real company's last hash stays."""
    row = next(csv.reader((folder / "links.csv").open(newline="")))
    text = b64decode(row[1]).decode().replace("rate=250.00", "rate=999.00")
    company = row[0]
    text = text.replace(f"legal_entity={company}\n", "legal_entity=0\n")
    forged = ["0", b64encode(text.encode()).decode(), sha256(text.encode()).hexdigest()]
    (folder / "links.csv").write_text(",".join(forged) + "\n" + (folder / "links.csv").read_text())
    changed(rate="999.00", net="1998.00")(folder)


OTHERWISE = "By entries and approval the line is 120 minutes at 250.00: 500.00. It says otherwise."
OUT_OF_FORCE = "was not worked while the approval was in force"
CHANGES = [
    (changed(minutes=180, net="750.00"), OTHERWISE),
    (changed(net="500.01"), OTHERWISE),
    (changed(rate="300.00"), OTHERWISE),
    (
        changed(kind="fixed", net="99999.00"),
        "The fixed price that was approved is 0. The line says otherwise.",
    ),
    (changed(currency="EUR"), "The chain says another currency."),
    (changed(decided_at="2020-01-01T00:00:00.000000Z"), "The chain says another decided_at."),
    (changed(sentence="Anything."), "The chain says another sentence."),
    (changed(engagement="ENG-9999"), "The chain says another engagement."),
    (signed_changed(typed_name="The Boss"), "The chain says another typed_name."),
    (signed_changed(contact="The Boss <boss@x.example>"), "The chain says another contact."),
    (changed(signed=[]), "The chain says another contact."),
    (changed(approval=99), "not in the chain of its company"),
    (changed(company=99), "not in the chain of its company"),
    (forged_in_front, "not in the chain of its company"),
    (entry_changed(started_at="2026-10-14T09:00:00.000000Z"), OUT_OF_FORCE),
    (entry_changed(stopped_at="2026-10-14T18:00:00.000001Z"), OUT_OF_FORCE),
    (entry_changed(billed_minutes=240), "300 minutes are more than the 240 that were approved."),
    (entry_changed(billed_minutes=120), "bills more minutes than were worked."),
    (entry_changed(billed_minutes=90, raw_minutes=90), "bills more minutes than were worked."),
    (entry_changed(billed_minutes=-60), "none, doubled or negative"),
    (doubled, "none, doubled or negative"),
    (changed(entries=[]), "none, doubled or negative"),
    (
        lambda folder: (folder / "offer.html").write_bytes((folder / "offer.html").read_bytes() + b" "),
        "The offer is not the one that was shown and approved.",
    ),
    (
        lambda folder: (folder / "links.csv").write_text((folder / "links.csv").read_text().splitlines()[1]),
        "does not follow from the link before",
    ),
    (lambda folder: (folder / "line.json").write_text("{"), "This is not whole"),
    (lambda folder: (folder / "line.json").write_text("[]"), "This is not whole"),
    (lambda folder: (folder / "offer.html").unlink(), "This is not whole"),
    (lambda folder: (folder / "links.csv").unlink(), "This is not whole"),
    (lambda folder: (folder / "links.csv").write_text(""), "not in the chain of its company"),
]


@pytest.mark.parametrize(("change", "sentence"), CHANGES)
def test_what_was_changed_in_the_evidence_is_noticed(w, tmp_path, change, sentence):
    change(unpacked(w, tmp_path))
    returned, said = checked(tmp_path)
    assert returned == 1
    assert sentence in said


def test_the_script_is_a_hundred_lines_and_imports_python_alone(w, tmp_path):
    text = (unpacked(w, tmp_path) / "check.py").read_text()
    assert len(text.splitlines()) <= 100
    assert checked(tmp_path)[0] == 0, "run with -S it sees no package"


def test_a_credit_leads_to_what_it_credits(w):
    note = invoicing.credit(w.line.invoice, reason="Agreed.", by=TESTS, at=at(18))
    found = tracing.trace(tracing.line_named(f"{note.reference}/1"))
    assert found.reference == w.reference
    assert found.line.net == Decimal("500.00")


def test_the_command_prints_it_and_writes_the_evidence(w, tmp_path, capsys):
    file = tmp_path / "evidence.zip"
    said = io.StringIO()
    call_command("trace", w.reference, bundle=str(file), stdout=said, stderr=io.StringIO())
    assert "120 billed minutes, $500.00" in said.getvalue()
    assert bytes(w.offer.sha256).hex() in said.getvalue()
    assert zipfile.is_zipfile(file)
    said = io.StringIO()
    call_command("trace", w.reference, json=True, stdout=said)
    assert json.loads(said.getvalue())["line"] == w.reference


@pytest.mark.parametrize(
    "named", ["", "INV", "INV-2026-000001", "INV-2026-000001/9", "INV-2026-000099/1", "x/1"]
)
def test_a_line_that_is_none_is_a_sentence(w, named):
    with pytest.raises(CommandError, match="write the invoice’s number and the line"):
        call_command("trace", named)


def test_finance_reads_it_one_click_from_the_invoice(client, w):
    client.force_login(w.fin)
    address = reverse("billing:line-trace", args=w.reference.split("/"))
    assert address in client.get(reverse("billing:invoice-page", args=[w.line.invoice.reference])).text
    page = client.get(address).text
    assert "120 billed minutes, $500.00" in page
    assert bytes(w.offer.sha256).hex() in page
    evidence = client.get(reverse("billing:line-evidence", args=w.reference.split("/")))
    assert evidence["Content-Type"] == "application/zip"
    assert zipfile.is_zipfile(io.BytesIO(evidence.content))
    assert client.get(reverse("billing:line-trace", args=[w.line.invoice.reference, 9])).status_code == 404


def test_nobody_else_reads_it(client, w, cast):
    client.force_login(cast.robin)
    for name in ("billing:line-trace", "billing:line-evidence"):
        assert client.get(reverse(name, args=w.reference.split("/"))).status_code == 404

"""A line whose yes came on paper: the page, the command and the evidence lead to the original and to both people."""

import csv
import io
import json
import re
import zipfile
from base64 import b64decode, b64encode
from hashlib import sha256

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from billing import invoicing, tracing
from billing.invariants import NOT_BY_TWO
from tests.attacks import run
from tests.billing.billing_cases import at, entry, offered, requested, set_clock, world
from tests.billing.test_tracing import checked
from tests.billing.written_cases import PAPER, confirmed, recorded
from tests.factories import TESTS
from tests.ground import standing_on


def billed(w):
    """Two hours under an approval that came on paper at 18:00, billed at 21:00."""
    set_clock(at(18))
    offer = offered(requested(w.contract, ticket=w.ticket), w.robin, when=at(18), answer_by=at(20))
    w.said = recorded(offer, w.robin, w.ana)
    approval = confirmed(w.said, w.max)
    set_clock(at(21))
    fields = {"offer": offer, "approval": approval, "engagement": offer.engagement}
    entry(w, at(19), at(21), **fields).save()
    [invoice] = invoicing.run(w.entity, at(0, day=1).date(), by=TESTS, at=at(21))
    w.line = invoice.lines.get()
    w.reference = f"{invoice.reference}/1"
    return w


@standing_on
def w():
    return billed(world())


@pytest.fixture
def folder(w, tmp_path):
    with zipfile.ZipFile(io.BytesIO(tracing.bundle(tracing.trace(w.line)))) as packed:
        packed.extractall(tmp_path / "evidence")
    return tmp_path / "evidence"


def test_the_evidence_holds_the_original_and_is_checked_with_python_alone(folder):
    assert (folder / "originals" / "1-po-4711.pdf").read_bytes() == PAPER
    returned, said = checked(folder)
    assert (returned, "rests on approval" in said) == (0, True)


def told(**values):
    def change(folder):
        line = json.loads((folder / "line.json").read_text())
        line["signed"][0]["written"].update(values)
        (folder / "line.json").write_text(json.dumps(line))

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda folder: (folder / "originals/1-po-4711.pdf").unlink(), "originals of what came on paper"),
        (lambda folder: (folder / "originals/1-po-4711.pdf").write_bytes(b"x"), "originals of what came"),
        (lambda folder: (folder / "originals/2-more.pdf").write_bytes(b"x"), "originals of what came"),
        (told(checked_by="staff 1 Eve"), "The chain says another checked_by."),
        (told(written_reference="PO 9"), "The chain says another written_reference."),
        (told(dated_on="2026-01-01"), "The chain says another dated_on."),
    ],
)
def test_what_was_changed_of_the_paper_is_noticed(folder, change, sentence):
    change(folder)
    returned, said = checked(folder)
    assert (returned, sentence in said) == (1, True), said


def test_a_chain_in_which_one_person_did_both_is_noticed_offline(folder):
    """Whoever rewrites the last link and its hash, which a kept one tells, still has to name two."""
    rows = list(csv.reader((folder / "links.csv").open(newline="")))
    text = b64decode(rows[-1][1]).decode()
    [recorder] = re.findall(r"^recorded_by=(.*)$", text, re.MULTILINE)
    text = re.sub(r"^checked_by=.*$", f"checked_by={recorder}", text, flags=re.MULTILINE)
    rows[-1][1:] = [b64encode(text.encode()).decode(), sha256(text.encode()).hexdigest()]
    (folder / "links.csv").write_text("".join(",".join(row) + "\n" for row in rows))
    told(checked_by=recorder)(folder)
    returned, said = checked(folder)
    assert (returned, "not confirmed by another person" in said) == (1, True), said


def test_page_and_command_name_both_people_and_the_original(client, w):
    client.force_login(w.fin)
    page = client.get(reverse("billing:line-trace", args=w.reference.split("/"))).text
    for words in ("PO 4711", "Ana", "Max", w.said.original_sha256, "Purchase order, recorded and checked"):
        assert words in page
    assert reverse("support:file-download", args=[w.said.original.key]) in page
    said = io.StringIO()
    call_command("trace", w.reference, stdout=said)
    assert "Purchase order PO 4711, 2026-10-14: We approve offer 1." in said.getvalue()
    assert "recorded by Ana 2026-10-14 18:00 UTC, confirmed by Max" in said.getvalue()
    links = [link["kind"] for link in tracing.told(tracing.trace(w.line))["links"]]
    assert links == ["written_yes", "written_check", "approval"]


def test_an_original_that_is_lost_is_said_so(w, tmp_path):
    default_storage.delete(w.said.original.path)
    with pytest.raises(CommandError, match="not in the storage any more"):
        call_command("trace", w.reference, bundle=str(tmp_path / "x.zip"), stderr=io.StringIO())


@pytest.mark.broken_on_purpose
@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("billing_writtencheck", "UPDATE billing_writtencheck SET actor_id = (SELECT actor_id FROM billing_writtenyes)"),
        ("billing_writtencheck", "UPDATE billing_writtencheck SET confirmed = false, reason = 'x'"),
        ("billing_writtenyes", "UPDATE billing_writtenyes SET signed_name = 'Eve'"),
        ("billing_writtencheck", "DELETE FROM billing_writtencheck"),
        ("billing_signature", "UPDATE billing_signature SET written_id = NULL, how = 'code', code_id = 999 WHERE how = 'order'"),
        ("support_file", "UPDATE support_file SET sha256 = repeat('0', 64)"),
    ],
)  # fmt: skip
def test_whatever_the_owner_changes_of_it_is_noticed(own_database, table, change):
    billed(world())
    said = io.StringIO()
    call_command("verify_approvals", stdout=said)
    assert not run(NOT_BY_TWO)
    with connection.as_owner():
        run("SET session_replication_role = replica")
        run(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        run(change)
        run("SET session_replication_role = origin")
    assert run(NOT_BY_TWO)
    with pytest.raises(CommandError, match="is broken in"):
        call_command("verify_approvals", stdout=said)

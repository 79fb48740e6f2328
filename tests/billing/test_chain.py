"""The chain of approvals: made by the database, verified against its rows and, exported, without it (invariant 45)."""

import csv
import io
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from billing import answering, chain, expiring
from billing.models import Approval, EvidenceHead, EvidenceLink
from config.env import ROOT
from tests.attacks import refused, run
from tests.billing.at_once import at_once
from tests.billing.billing_cases import at, entered, offered, requested, set_clock, signed, world
from tests.factories import TESTS


def verify(**options):
    said = io.StringIO()
    call_command("verify_approvals", stdout=said, **options)
    return said.getvalue()


def exported(w, tmp_path):
    """Three decisions, with words that try to break the text, as a CSV."""
    set_clock(at(18))
    offer = offered(requested(w.contract, ticket=w.ticket), w.robin, when=at(18), answer_by=at(20))
    code = entered(offer.invitations.get(), at(18))
    shown = bytes(offer.sha256).hex()
    hostile = "Ann\\n\u2028Bo\nseq=1"
    answering.approve(code, typed_name="Ann\\n Bo", shown_sha256=shown, agent=hostile, at=at(18))
    answering.withdraw_approval(w.approval, reason=hostile, by=TESTS, at=at(18))
    set_clock(at(0, day=20, month=12))
    expiring.run()
    file = tmp_path / "links.csv"
    assert "4 links" in verify(export=str(file))
    return file


def test_a_dash_writes_the_links_to_the_standard_output_alone(w, tmp_path):
    file = exported(w, tmp_path)
    links, words = io.StringIO(newline=""), io.StringIO()
    call_command("verify_approvals", export="-", stdout=links, stderr=words)
    assert links.getvalue() == file.read_bytes().decode()
    assert "4 links" not in links.getvalue()
    assert "links" in words.getvalue()


def test_every_decision_is_a_link_that_names_the_one_before(w):
    answering.withdraw_approval(w.approval, reason="x", by=TESTS, at=at(18))
    first, second = EvidenceLink.objects.order_by("seq")
    assert (first.kind, second.kind) == ("approval", "approval_end")
    said = dict(chain.fields(second.text))
    assert (said["before"], said["why"]) == (bytes(first.hash).hex(), "withdrawn")
    facts = dict(chain.fields(first.text))
    assert (facts["typed_name"], facts["address"], facts["decided_at"]) == (
        "Robin Sample",
        "203.0.113.24",
        "2026-10-14T10:00:00.000000Z",
    )
    assert facts["receipt"] == w.approval.receipt.message_id
    assert facts["offer_sha256"] == bytes(w.offer.sha256).hex()


def test_it_is_verified_without_a_database(w, tmp_path):
    file = exported(w, tmp_path)
    with file.open() as links:
        done = subprocess.run(
            [sys.executable, ROOT / "billing" / "chain.py"], stdin=links, capture_output=True, text=True
        )
    last = file.read_text().split(",")[-1].strip()
    ends = f"The chain holds: 4 links.\nCompany {w.entity.pk} ends in {last}.\n"
    assert (done.stdout, done.returncode) == (ends, 0)


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("", "There is no link in this file."),
        ("rubbish", "line 1 is no link"),
        ("1,!!!,00", "line 1 is no link"),
        ("1,YQ==,00,4", "line 1 is no link"),
        ("1,YQph,00", "the text is not the one that was hashed"),
    ],
)
def test_a_file_that_is_no_export_is_said_so(capsys, file, says):
    assert chain.main(io.StringIO(file)) == 1
    assert says in capsys.readouterr().out


@pytest.mark.parametrize("change", ["text", "missing", "swapped"])
def test_a_changed_copy_is_noticed_without_a_database(w, tmp_path, change):
    lines = exported(w, tmp_path).read_text().splitlines()
    if change == "text":
        lines[1] = lines[1].replace("A", "B", 1)
    elif change == "missing":
        del lines[1]
    else:
        lines[1], lines[2] = lines[2], lines[1]
    try:
        assert list(chain.broken(chain.read(csv.reader(lines))))
    except ValueError:
        assert change == "text"  # it is not even base64 of text any more


@pytest.mark.broken_on_purpose
@pytest.mark.parametrize(
    ("breach", "sentence"),
    [
        ("UPDATE billing_signature SET typed_name = 'Eve'", "the rows it speaks of were changed"),
        ("UPDATE billing_evidencelink SET text = text || 'x' WHERE seq = 1", "not the one that was hashed"),
        ("DELETE FROM billing_evidencelink WHERE seq = 1", "a link before it is missing"),
        ("DELETE FROM billing_evidencelink WHERE seq = 2", "the head is not the last link"),
        ("UPDATE billing_approval SET decided_at = decided_at - interval '1 day'", "were changed"),
    ],
)
def test_a_changed_row_is_noticed(own_database, breach, sentence):
    w = world()
    answering.withdraw_approval(w.approval, reason="x", by=TESTS, at=at(18))
    assert "2 links" in verify()
    with connection.as_owner():
        for table in ["signature", "evidencelink", "approval"]:
            run(f"ALTER TABLE billing_{table} DISABLE TRIGGER USER")
        run(breach)
    said = io.StringIO()
    with pytest.raises(CommandError, match="is broken in"):
        call_command("verify_approvals", stdout=said)
    assert sentence in said.getvalue()


def test_nobody_of_the_app_writes_the_chain(w):
    for attack in [
        lambda: EvidenceLink.objects.update(text="x"),
        lambda: EvidenceHead.objects.update(seq=9),
        lambda: run("INSERT INTO billing_evidencelink (legal_entity_id) VALUES (1)"),
        lambda: run("SELECT evidence_add()"),
    ]:
        with refused("permission denied"):
            attack()


def test_eight_approvals_at_once_make_one_chain(own_database):
    w = world()
    w.robin.approves_up_to = 10**6
    w.robin.by(TESTS).save()
    offers = [offered(requested(w.contract), w.robin, when=at(18), answer_by=at(20)) for _ in range(8)]
    at_once(8, lambda i: signed(offers[i], w.robin, at(18)), clock=at(18))
    assert Approval.objects.count() == 9
    assert list(EvidenceLink.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 10))

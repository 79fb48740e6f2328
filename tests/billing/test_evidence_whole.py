"""The chain sees every row and every term that an approval rests on, gone or changed, by whoever owns the database."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from billing import answering
from billing.models import EvidenceLink
from config.env import ROOT
from tests.attacks import run
from tests.billing.billing_cases import at, entered, offered, requested, world
from tests.factories import TESTS
from tests.support.desk_cases import contract_under, raise_ticket

TABLES = [
    "signature",
    "approval",
    "approvalend",
    "approvalbalance",
    "offer",
    "offerend",
    "offercode",
    "invitation",
]


def found() -> str:
    said = io.StringIO()
    with pytest.raises(CommandError, match="is broken in"):
        call_command("verify_approvals", stdout=said)
    return said.getvalue()


def tampered(sql: str) -> None:
    """As the owner, with every guard and foreign key asleep."""
    with connection.as_owner():
        run("SET session_replication_role = replica")
        for table in TABLES:
            run(f"ALTER TABLE billing_{table} DISABLE TRIGGER ALL")
        run(sql)
        for table in TABLES:
            run(f"ALTER TABLE billing_{table} ENABLE TRIGGER ALL")
        run("SET session_replication_role = origin")


@pytest.fixture
def decided(own_database):
    """An approval that was withdrawn, and an offer that was declined with a code."""
    w = world()
    answering.withdraw_approval(w.approval, reason="Enough", by=TESTS, at=at(18))
    second = offered(requested(w.contract, ticket=w.ticket), w.robin, when=at(18), answer_by=at(20))
    answering.decline(entered(second.invitations.get(), at(18)), reason="No", at=at(18))
    return w


@pytest.mark.broken_on_purpose
@pytest.mark.parametrize(
    ("what", "gone"),
    [
        ("an end", "DELETE FROM billing_approvalend"),
        ("a refusal", "DELETE FROM billing_offerend"),
        ("an approval", "DELETE FROM billing_approval"),
        ("the signatures", "DELETE FROM billing_signature"),
        ("the offer", "DELETE FROM billing_offer"),
        ("the code", "DELETE FROM billing_offercode"),
        ("the link", "DELETE FROM billing_invitation"),
        ("a join", "UPDATE billing_signature SET typed_name = 'Eve', code_id = code_id + 1000"),
    ],
)
def test_what_is_gone_is_missed(decided, what, gone):
    tampered(gone)
    assert "the rows it speaks of are gone" in found()


@pytest.mark.broken_on_purpose
@pytest.mark.parametrize(
    "change",
    [
        "billing_offer SET minimum = 120",
        "billing_approval SET engagement_id = engagement_id + 1",
        "billing_offer SET tax_rate = 90",
        "billing_offer SET tax_code = 'X'",
        "billing_offer SET account_code = '4711'",
        "billing_offer SET gdap_roles = '[\"x\"]'",
        "billing_offer SET replaces_id = id",
        "billing_signature SET sentence = 'I approve everything.'",
        "billing_invitation SET token_sha256 = sha256(token_sha256), contact_id = contact_id + 1",
        "support_mail SET \"to\" = '{eve@customer.example}' WHERE key LIKE 'code:%'",
    ],
)
def test_a_changed_term_or_witness_is_noticed(decided, change):
    tampered(f"UPDATE {change}")
    assert "the rows it speaks of were changed" in found()


@pytest.mark.broken_on_purpose
@pytest.mark.parametrize(
    "moved",
    [
        "UPDATE support_ticket SET customer_id = {customer}",
        "UPDATE support_contact SET customer_id = {customer}",
        "UPDATE billing_engagement SET ticket_id = {ticket}",
    ],
)
def test_what_was_approved_stays_with_who_approved_it(decided, moved):
    another = raise_ticket(contract_under("egroup-csp-advantage", csp="direct"), at(18), channel="email")
    with connection.as_owner():
        for table in ("support_ticket", "support_contact", "billing_engagement"):
            run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        run(moved.format(customer=another.customer_id, ticket=another.pk))
    said = found().splitlines()
    assert [line.split(": ")[1] for line in said] == [
        "its ticket is of another customer than who answered"
    ] * 2
    assert ["(approval " in said[0], "(offer_end " in said[1]] == [True, True]


@pytest.mark.parametrize("form", [1, 2])
def test_a_link_of_an_earlier_form_still_holds(own_database, form):
    """Companies that have a chain go on with it: what it said is read as it was written."""
    w = world()
    sql = (ROOT / "billing" / "guards" / "evidence.sql").read_text()
    assert "countersign-evidence-3" in sql
    first = EvidenceLink.objects.get()
    [[told]] = run("SELECT evidence_of('approval', %s, %s)", w.approval.pk, form)
    assert ("minimum=" in told) is (form == 2)
    assert first.text.endswith(told) is (form == 2), "of a code nothing is said in another way since form 2"
    text = first.text[: first.text.index("engagement=")].replace("evidence-3", f"evidence-{form}") + told
    with connection.as_owner():
        run("ALTER TABLE billing_evidencelink DISABLE TRIGGER USER")
        run("UPDATE billing_evidencelink SET text = %s, hash = sha256(convert_to(%s, 'UTF8'))", text, text)
        run("UPDATE billing_evidencehead SET hash = sha256(convert_to(%s, 'UTF8'))", text)
        run("ALTER TABLE billing_evidencelink ENABLE ALWAYS TRIGGER append_only")
    call_command("verify_approvals", stdout=io.StringIO())


def test_an_empty_chain_says_so(db):
    said = io.StringIO()
    call_command("verify_approvals", stdout=said)
    assert "the chain has no link" in said.getvalue()

"""The checker goes red when a rule is broken by hand, by the owner with the guards off; and names it (invariant 47)."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from billing import exporting, invoicing
from billing.models import TimeEntry
from config.management.commands.check_invariants import checks
from tests.attacks import run
from tests.billing.billing_cases import at, entry, offered, requested, set_clock, world
from tests.factories import TESTS, CustomerFactory, UserFactory

# (what the checker promises, tables whose guards the owner takes off, how the rule is broken)
BREAKS = [
    (
        "before its approval",
        ["timeentry"],
        "UPDATE billing_timeentry SET started_at = started_at - interval '5 h'",
    ),
    (
        "does not name",
        ["timeentry"],
        "UPDATE billing_timeentry SET out_of_hours = true WHERE approval_id IS NOT NULL",
    ),
    ("does not name", ["timeentry"], "UPDATE billing_timeentry SET on_site = true"),
    (
        "past what was signed",
        ["offer"],
        "ALTER TABLE billing_offer DROP CONSTRAINT offer_amount_is_its_price; UPDATE billing_offer SET amount = 1",
    ),
    (
        "past what was signed",
        ["invoiceline"],
        "UPDATE billing_invoiceline SET net = 1000.01 WHERE kind = 'time'",
    ),
    (
        "price of their entries",
        ["invoiceline"],
        "ALTER TABLE billing_invoiceline DROP CONSTRAINT surcharges_say_which; "
        "UPDATE billing_invoiceline SET kind = 'surcharge', surcharge = 'out_of_hours' WHERE kind = 'time'",
    ),
    (
        "price of their entries",
        ["invoiceline"],
        "UPDATE billing_invoiceline SET kind = 'fixed' WHERE kind = 'time'",
    ),
    (
        "one live invoice line",
        ["billedentry"],
        "UPDATE billing_billedentry SET surcharge = 'visit' WHERE credited_by_id IS NULL",
    ),
    (
        "does not name",
        ["delivery"],
        "INSERT INTO billing_delivery (approval_id, text, actor_kind, actor_name) "
        "SELECT id, 'x', 'staff', 'x' FROM billing_approval LIMIT 1",
    ),
    ("are guarded", [], "ALTER TABLE billing_billeddelivery DISABLE TRIGGER guard"),
    ("only ever added", [], "GRANT UPDATE ON billing_delivery TO countersign_app"),
    ("past the cap", [], "UPDATE billing_approvalbalance SET used = used + 1"),
    (
        "past the end",
        ["timeentry"],
        "UPDATE billing_timeentry SET stopped_at = '2026-12-24' WHERE id % 2 = 0",
    ),
    (
        "its engagement has ended",
        ["historicalengagement"],
        "UPDATE billing_historicalengagement SET state = 'done', history_date = '2026-10-14 10:30Z'",
    ),
    ("worked is guarded", [], "ALTER TABLE billing_timeentry DISABLE TRIGGER guard"),
    ("worked is guarded", [], "ALTER TABLE billing_timeentry ENABLE REPLICA TRIGGER guard"),
    ("worked is guarded", [], "ALTER TABLE billing_signature DISABLE TRIGGER guard"),
    ("rounded up once", ["timeentry"], "UPDATE billing_timeentry SET billed_minutes = billed_minutes + 1"),
    ("rounded up once", ["timeentry"], "UPDATE billing_timeentry SET raw_minutes = 1"),
    ("rounded up once", ["timeentry"], "UPDATE billing_timeentry SET raw_minutes = 62, billed_minutes = 62"),
    (
        "of the desk have worked",
        ["timeentry"],
        "UPDATE billing_timeentry SET person_id = (SELECT id FROM support_user WHERE kind = 'customer' LIMIT 1)",
    ),
    ("only ever added", [], "ALTER TABLE billing_offer DISABLE TRIGGER append_only"),
    ("only ever added", [], "GRANT UPDATE (amount) ON billing_offer TO countersign_app"),
    ("what was shown", ["signature"], "UPDATE billing_signature SET sha256 = sha256('other')"),
    (
        "decided once",
        ["offerend"],
        "INSERT INTO billing_offerend (offer_id, why, reason, typed_name, agent, actor_kind, actor_name) "
        "SELECT offer_id, 'withdrawn', '', '', '', 'staff', 'x' FROM billing_approval",
    ),
    ("had the authority", ["signature"], "UPDATE billing_signature SET authority = 1"),
    (
        "was not of the desk",
        [],
        "ALTER TABLE support_historicaluser DISABLE TRIGGER USER; UPDATE support_historicaluser SET history_date = '2026-10-01', "
        "email = (SELECT replace(upper(contact_email), '@', '+x@') FROM billing_signature LIMIT 1) WHERE kind = 'staff'",
    ),
    ("without GDAP", ["offer"], "UPDATE billing_offer SET gdap_roles = '[\"x\"]'"),
    (
        "one live invoice line",
        ["billedentry"],
        "DROP INDEX entry_on_one_live_line; INSERT INTO billing_billedentry (line_id, entry_id) "
        "SELECT line_id, entry_id FROM billing_billedentry WHERE credited_by_id IS NULL",
    ),
    ("no gap", ["invoice"], "UPDATE billing_invoice SET number = 9 WHERE number = 3"),
    ("no gap", [], "UPDATE billing_invoicecounter SET last = 9"),
    ("no gap", ["invoice"], "UPDATE billing_invoice SET issued_at = '2026-01-01' WHERE number = 3"),
    ("are guarded", [], "ALTER TABLE billing_invoiceline DISABLE TRIGGER guard"),
    (
        "credit notes undo",
        ["invoiceline"],
        "UPDATE billing_invoiceline SET minutes = 0 WHERE kind = 'credit'",
    ),
    *(
        (
            "credit notes undo",
            ["invoiceline"],
            f"UPDATE billing_invoiceline SET {other} WHERE kind = 'credit'",
        )
        for other in (
            "tax_code = 'Z'",
            "tax_rate = 9",
            "account_code = 'Z'",
            "purchase_order = 'Z'",
            "rate = 1",
            "approval_id = NULL",
        )
    ),
    ("price of their entries", ["invoiceline"], "UPDATE billing_invoiceline SET net = net + 0.01"),
    ("price of their entries", ["invoiceline"], "UPDATE billing_invoiceline SET tax_rate = tax_rate + 1"),
    (
        "credit notes undo",
        ["invoice"],
        "UPDATE billing_invoice SET month = '2025-01-01' WHERE credits_id IS NOT NULL",
    ),
    ("in its month", ["invoice"], "UPDATE billing_invoice SET month = '2025-01-01'"),
    ("price of their entries", ["invoiceline"], "UPDATE billing_invoiceline SET tax_code = 'Z'"),
    ("price of their entries", ["invoiceline"], "UPDATE billing_invoiceline SET account_code = 'Z'"),
    (
        "for who paid",
        ["invoice"],
        "UPDATE billing_invoice SET bill_to_id = (SELECT max(id) FROM support_customer)",
    ),
    ("for who paid", ["invoice"], 'UPDATE billing_invoice SET buyer = \'{"name": "Another"}\''),
    ("price of their entries", ["exportbatch"], "UPDATE billing_exportbatch SET net = net + 0.01"),
    ("keep their bytes", ["exportpiece"], "UPDATE billing_exportpiece SET content = content || 'x'"),
    ("keep their bytes", ["exportpiece"], "UPDATE billing_exportpiece SET number = 2"),
    ("keep their bytes", ["exportfile"], "UPDATE billing_exportfile SET sha256 = sha256('x')"),
    ("says what its lines say", ["exportpiece"], "UPDATE billing_exportpiece SET content = 'x'"),
    (
        "says what its lines say",
        ["exportpiece"],
        "UPDATE billing_exportpiece "
        "SET content = convert_to(replace(convert_from(content, 'UTF8'), '2.0000', '3.0000'), 'UTF8')",
    ),
    (
        "says what its lines say",
        [],
        "ALTER TABLE billing_approval DISABLE TRIGGER ALL; DELETE FROM billing_approval",
    ),
    ("written at once", [], "ALTER TABLE billing_exportedinvoice DISABLE TRIGGER guard"),
    ("written at once", [], "ALTER TABLE billing_exportpiece DISABLE TRIGGER guard"),
    ("written at once", [], "ALTER TABLE billing_exportvoid DISABLE TRIGGER guard"),
    (
        "one live batch",
        ["exportedinvoice"],
        "INSERT INTO billing_exportedinvoice (batch_id, invoice_id, profile, turn) "
        "SELECT batch_id, invoice_id, profile, 7 FROM billing_exportedinvoice",
    ),
    ("batches are only", [], "GRANT UPDATE ON billing_exportvoid TO countersign_app"),
    ("batches are only", [], "GRANT DELETE ON billing_exportbatch TO countersign_app"),
    ("leaves history", ["ratecard"], "UPDATE billing_ratecard SET name = 'Z'"),
    ("as it happens", [], "ALTER TABLE support_historicalcustomer DISABLE TRIGGER guard"),
    ("worked is guarded", [], "ALTER TABLE billing_historicalengagement ENABLE TRIGGER guard"),
    ("leaves history", ["ratecard", "contractrate"], "DELETE FROM billing_contractrate"),
    ("chain of approvals", ["signature"], "UPDATE billing_signature SET typed_name = 'Somebody'"),
    ("chain of approvals", ["evidencelink"], "DELETE FROM billing_evidencelink WHERE seq = 1"),
]


@pytest.mark.broken_on_purpose
def test_each_broken_rule_is_named(own_database):
    w = world()
    TimeEntry.objects.bulk_create([entry(w, at(11), at(12)), entry(w, at(13), at(14), person=w.max)])
    [first] = invoicing.run(w.entity, at(0, day=1).date(), by=TESTS, at=at(18))
    invoicing.credit(first, reason="Wrong.", by=TESTS, at=at(18))
    invoicing.run(w.entity, at(0, day=1).date(), by=TESTS, at=at(18))
    exporting.export(w.entity, at(0, day=1).date(), "generic", by=TESTS, at=at(18))
    offered(requested(w.contract, ticket=w.ticket), w.robin, when=at(18), answer_by=at(20))
    UserFactory(kind="customer")
    CustomerFactory()
    connection.simulated_now = ""
    with connection.as_owner():
        unnoticed = [breach for promise, tables, breach in BREAKS if not _noticed(promise, tables, breach)]
    set_clock(None)
    assert unnoticed == []


def _noticed(promise, tables, breach):
    """Whether this promise is red after the breach and was not before; undone at the end."""
    with transaction.atomic():
        for table in tables:
            run(f"ALTER TABLE billing_{table} DISABLE TRIGGER USER")
        before = _is_red(promise)
        run(breach)
        after = _is_red(promise)
        transaction.set_rollback(True)
    return after and not before


def _is_red(promise):
    return any(check.breaches() for check in checks() if promise in check.promise)


@pytest.mark.broken_on_purpose
def test_the_command_says_which_and_ends_with_an_error(own_database):
    world()
    with connection.as_owner():
        run("ALTER TABLE billing_approvalbalance DROP CONSTRAINT used_within_cap")
        run("UPDATE billing_approvalbalance SET used = 999")
    said = io.StringIO()
    with pytest.raises(CommandError, match=r"Red: 2\."):
        call_command("check_invariants", stdout=said)
    assert "simulation: tests" in said.getvalue()
    assert "✗ 2 no minute past the cap, and every balance adds up (1 row, first: " in said.getvalue()
    assert "✓ 45 " in said.getvalue()


def test_it_reads_only_and_as_the_app(own_database, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "config.management.commands.check_invariants.checks",
        lambda: seen.append(run("SELECT current_user, current_setting('transaction_read_only')")[0]) or [],
    )
    call_command("check_invariants", stdout=io.StringIO())
    assert seen[0] == ("countersign_app", "on")

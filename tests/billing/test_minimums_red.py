"""The checker goes red when a rule of minimums is broken by hand, by the owner with the guards off; and names it."""

import pytest
from django.db import connection

from tests.billing.billing_cases import set_clock
from tests.billing.minimum_cases import at_least, done, run_of, some_work
from tests.billing.test_invariants_red import _noticed

# As in test_invariants_red: what the checker promises, tables whose guards the owner takes off, how the rule is broken.
BREAKS = [
    ("are guarded", [], "ALTER TABLE billing_billedminimum DISABLE TRIGGER guard"),
    (
        "past what was signed",
        ["offer"],
        "ALTER TABLE billing_offer DROP CONSTRAINT offer_amount_is_its_price; UPDATE billing_offer SET minimum_charge = 9999 WHERE cap > 0",
    ),
    (
        "nobody has signed",
        ["engagement", "historicalengagement"],
        "SET CONSTRAINTS ALL DEFERRED; UPDATE billing_engagement SET state = 'approved' WHERE state = 'done'",
    ),
    ("nobody has signed", ["offer"], "UPDATE billing_offer SET minimum_charge = 0"),
    (
        "topped up once",
        ["billedminimum"],
        "DROP INDEX minimum_on_one_live_line; INSERT INTO billing_billedminimum (line_id, engagement_id, charged) "
        "SELECT line_id, engagement_id, charged FROM billing_billedminimum",
    ),
    ("topped up once", ["billedminimum"], "DELETE FROM billing_billedminimum"),
    ("left to the minimum", ["billedminimum"], "UPDATE billing_billedminimum SET charged = charged + 1"),
    (
        "left to the minimum",
        ["invoiceline"],
        "UPDATE billing_invoiceline SET net = net + 1, rate = rate + 1 WHERE kind = 'minimum'",
    ),
    (
        "left to the minimum",
        ["billedentry"],
        "DELETE FROM billing_billedentry WHERE credited_by_id IS NULL AND entry_id = (SELECT max(entry_id) FROM billing_billedentry)",
    ),
    (
        "in which the work was done",
        ["historicalengagement"],
        "UPDATE billing_historicalengagement SET history_date = '2026-09-30 10:30Z' WHERE state = 'done'",
    ),
]


@pytest.mark.broken_on_purpose
def test_each_broken_rule_of_minimums_is_named(own_database):
    w = at_least()
    some_work(w)
    run_of(done(w))
    connection.simulated_now = ""
    with connection.as_owner():
        unnoticed = [breach for promise, tables, breach in BREAKS if not _noticed(promise, tables, breach)]
    set_clock(None)
    assert unnoticed == []

"""A changed priority: the new target from the old start, with the old waits."""

import pytest

from support.clocks.events import FoldError
from tests.support.calendar_cases import utc
from tests.support.terms_cases import DEDICATED, ENGHOUSE, ESE, UCC
from tests.support.timeline_cases import ENGAGEMENT, engaged, opened


def test_a_claim_moves_no_clock():
    line = opened("2026-03-02 09:00", UCC, "High").at(
        "2026-03-02 09:05", "priority.claimed", level="Critical"
    )
    assert line.clock("fix").due_at == utc("2026-03-02 19:00")


@pytest.mark.parametrize("kind", ["priority.assessed", "priority.agreed"])
def test_open_clocks_are_replaced_by_the_new_target_from_the_old_start(kind):
    line = opened("2026-03-02 09:00", UCC, "High").at("2026-03-02 10:00", kind, level="Critical")
    old, new = line.clocks("fix")
    assert (old.state, old.verdict, old.priority) == ("replaced", "unjudged", "High")
    assert (new.started_at, new.due_at, new.priority) == (old.started_at, utc("2026-03-02 14:00"), "Critical")
    assert [(clock.cycle, clock.revision) for clock in (old, new)] == [(1, 1), (1, 2)]


def test_the_same_level_again_changes_nothing():
    line = opened("2026-03-02 09:00", DEDICATED, "A").at("2026-03-02 10:00", "priority.agreed", level="A")
    assert len(line.fold()) == 3


@pytest.mark.parametrize(("at", "under"), [("09:29", "Critical"), ("09:30", "High"), ("10:00", "High")])
def test_a_clock_whose_target_stays_the_same_is_not_replaced(at, under):
    """What was missed was missed under the level that it had."""
    line = opened("2026-03-02 09:00", UCC, "High").at(f"2026-03-02 {at}", "priority.agreed", level="Critical")
    (response,) = line.clocks("response")
    assert (response.due_at, response.priority) == (utc("2026-03-02 09:30"), under)


def test_pauses_before_the_change_carry_over():
    line = opened("2026-03-02 09:00", UCC, "High").waits("2026-03-02 10:00", "2026-03-02 12:00")
    line.at("2026-03-02 13:00", "priority.agreed", level="Critical")
    assert line.clock("fix").due_at == utc("2026-03-02 16:00")


def test_a_change_during_a_wait_stays_paused():
    line = opened("2026-03-02 09:00", UCC, "High").waits("2026-03-02 10:00", wait=1)
    line.at("2026-03-02 13:00", "priority.agreed", level="Critical")
    assert line.clock("fix").state == "paused"
    line.at("2026-03-02 14:00", "wait.ended", id=1)
    assert line.clock("fix").due_at == utc("2026-03-02 18:00")


def test_already_past_is_missed_through_reclassification():
    line = opened("2026-03-02 09:00", UCC, "High").at("2026-03-02 15:00", "priority.agreed", level="Critical")
    clock = line.clock("fix")
    assert clock.due_at == utc("2026-03-02 14:00")
    assert (clock.state, clock.verdict, clock.attributed_to) == ("running", "missed", "reclassification")
    line.at("2026-03-02 15:30", "ticket.resolved")
    assert (line.clock("fix").state, line.clock("fix").attributed_to) == ("stopped", "reclassification")


def test_a_change_at_the_very_instant_of_the_new_target_leaves_no_time_and_is_missed():
    line = opened("2026-03-02 09:00", UCC, "High").at("2026-03-02 14:00", "priority.agreed", level="Critical")
    assert line.clock("fix").attributed_to == "reclassification"


def test_lowering_a_priority_washes_no_miss_away():
    line = opened("2026-03-02 09:00", UCC, "Critical").at("2026-03-02 15:00", "priority.agreed", level="High")
    old, new = line.clocks("fix")
    assert (old.verdict, old.attributed_to) == ("missed", "provider")
    assert (new.verdict, new.due_at) == ("pending", utc("2026-03-02 19:00"))


def test_update_cycles_start_anew_at_the_change():
    line = opened("2026-03-02 09:00", DEDICATED, "B").at("2026-03-02 15:00", "priority.agreed", level="A")
    old, new = line.clocks("update")
    assert (old.state, new.cycle, new.started_at) == ("replaced", 2, utc("2026-03-02 15:00"))
    assert new.due_at == utc("2026-03-02 17:00")
    assert line.clock("customer_update").started_at == utc("2026-03-02 15:00")


def test_closed_rows_stay():
    line = opened("2026-03-02 09:00", UCC, "Low").at("2026-03-02 12:00", "message.sent")
    line.at("2026-03-02 12:30", "priority.agreed", level="Critical")
    (response,) = line.clocks("response")
    assert (response.verdict, response.priority) == ("met", "Low")
    assert line.clock("troubleshoot").due_at == utc("2026-03-02 13:00")


def test_a_level_without_a_target_ends_the_clock():
    line = opened("2026-03-02 09:00", ENGHOUSE, "P1").at("2026-03-02 09:10", "priority.agreed", level="P3")
    (fix,) = line.clocks("fix")
    assert fix.state == "replaced"
    line.at("2026-03-02 09:20", "priority.agreed", level="P2")
    assert (line.clock("fix").revision, line.clock("fix").due_at) == (2, utc("2026-03-02 17:00"))


def test_business_days_are_replaced_from_the_old_start_too():
    line = opened("2026-03-02 09:00", ENGHOUSE, "P3").at("2026-03-02 09:10", "priority.agreed", level="P1")
    old, new = line.clocks("response")
    assert (old.due_at, new.due_at) == (utc("2026-03-03 09:00"), utc("2026-03-02 09:30"))


def test_until_somebody_assesses_it_a_ticket_has_no_clocks_and_then_they_count_from_the_opening():
    line = opened("2026-03-02 09:00", DEDICATED, "")
    assert line.fold() == []
    line.at("2026-03-02 09:40", "priority.assessed", level="A")
    assert line.clock("response").due_at == utc("2026-03-02 10:00")
    assert line.clock("update").due_at == utc("2026-03-02 11:00")
    assert line.clock("response").verdict == "pending"


def test_an_engagement_has_its_own_priority():
    line = engaged("2026-03-03 17:00", ESE, "P1")
    line.at("2026-03-03 17:10", "priority.agreed", subject=ENGAGEMENT, level="P2")
    assert line.clock("update", ENGAGEMENT).due_at == utc("2026-03-03 19:10")


def test_an_unknown_level_is_refused():
    with pytest.raises(FoldError, match="exponential-e-ucc has no priority 'P9'"):
        opened("2026-03-02 09:00", UCC, "High").at("2026-03-02 10:00", "priority.agreed", level="P9").fold()

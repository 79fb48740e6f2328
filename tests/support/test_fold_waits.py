"""Which waits stop the fix clock, and what remains afterwards."""

import pytest

from support.clocks.events import FoldError
from tests.support.calendar_cases import utc
from tests.support.terms_cases import ENGHOUSE, UCC
from tests.support.timeline_cases import opened


def fix(line):
    return line.clock("fix")


def test_a_wait_over_the_weekend_keeps_the_business_time_consumed():
    # Friday 15:00 to 16:00 is one of four hours; what remains runs from Monday 09:00.
    line = opened("2026-03-06 15:00", ENGHOUSE, "P1").waits("2026-03-06 16:00", "2026-03-09 09:00")
    assert fix(line).due_at == utc("2026-03-09 12:00")


def test_several_waits_are_their_union():
    line = opened("2026-03-02 09:00", UCC, "Critical")
    line.at("2026-03-02 10:00", "wait.started", id=1, reason="customer")
    line.at("2026-03-02 10:30", "wait.started", id=2, reason="gdap")
    line.at("2026-03-02 11:00", "wait.ended", id=1)
    assert fix(line).state == "paused"
    line.at("2026-03-02 12:00", "wait.ended", id=2)
    assert fix(line).due_at == utc("2026-03-02 16:00")


@pytest.mark.parametrize("reason", ["customer", "approval", "gdap", "site_access"])
def test_the_fix_clock_waits_with_the_customer(reason):
    line = opened("2026-03-02 09:00", UCC, "Critical").waits("2026-03-02 10:00", "2026-03-02 11:00", reason)
    assert fix(line).due_at == utc("2026-03-02 15:00")


@pytest.mark.parametrize("reason", ["vendor", "other", "maintenance"])
def test_the_fix_clock_does_not_wait_for_others(reason):
    line = opened("2026-03-02 09:00", UCC, "Critical").waits("2026-03-02 10:00", "2026-03-02 11:00", reason)
    assert fix(line).due_at == utc("2026-03-02 14:00")


def test_maintenance_stops_fix_only_when_it_was_announced_in_time():
    line = opened("2026-03-02 09:00", UCC, "Critical")
    line.waits("2026-03-02 10:00", "2026-03-02 11:00", "maintenance", announced_in_time=True)
    assert fix(line).due_at == utc("2026-03-02 15:00")


def test_the_customers_reply_ends_the_wait_that_asked_for_it():
    line = opened("2026-03-02 09:00", UCC, "Critical").waits("2026-03-02 10:00", wait=1)
    line.at("2026-03-02 12:00", "message.received").at("2026-03-02 12:30", "wait.ended", id=1)
    assert fix(line).due_at == utc("2026-03-02 16:00")


def test_a_reply_does_not_end_a_wait_for_something_else():
    line = opened("2026-03-02 09:00", UCC, "Critical").waits("2026-03-02 10:00", ends_on_reply=False)
    assert fix(line.at("2026-03-02 12:00", "message.received")).state == "paused"
    other = opened("2026-03-02 09:00", UCC, "Critical").waits("2026-03-02 10:00", reason="site_access")
    assert fix(other.at("2026-03-02 12:00", "message.received")).state == "paused"


def test_an_out_of_office_reply_ends_no_wait():
    line = opened("2026-03-02 09:00", UCC, "Critical").waits("2026-03-02 10:00")
    assert fix(line.at("2026-03-02 12:00", "message.received", automatic=True)).state == "paused"


def test_the_end_of_a_ticket_ends_its_waits():
    line = opened("2026-03-02 09:00", UCC, "Critical").waits("2026-03-02 10:00")
    line.at("2026-03-02 12:00", "ticket.resolved").at("2026-03-03 09:00", "ticket.reopened")
    assert fix(line).due_at == utc("2026-03-03 14:00")


def test_resolved_while_waiting_is_judged_by_what_had_run():
    line = opened("2026-03-02 09:00", UCC, "Critical").waits("2026-03-02 10:00")
    clock = fix(line.at("2026-03-04 10:00", "ticket.resolved"))
    assert clock.verdict == "met"
    assert clock.due_at == utc("2026-03-04 14:00")


def test_a_wait_that_never_started_cannot_end():
    line = opened("2026-03-02 09:00", UCC, "Critical").at("2026-03-02 10:00", "wait.ended", id=9)
    with pytest.raises(FoldError, match="wait 9"):
        line.fold()


def test_a_wait_cannot_start_twice():
    line = opened("2026-03-02 09:00", UCC, "Critical").waits("2026-03-02 10:00", wait=1)
    with pytest.raises(FoldError, match="wait 1"):
        line.waits("2026-03-02 11:00", wait=1).fold()


def test_a_wait_that_says_until_when_is_over_then_whenever_that_is_told():
    line = opened("2026-03-02 09:00", UCC, "Critical")
    until = {"announced_in_time": True, "until": "2026-03-02T11:00:00+00:00"}
    line.at("2026-03-02 10:00", "wait.started", id=1, reason="maintenance", **until)
    assert fix(line).state == "paused"
    line.at("2026-03-02 13:00", "note.added")
    assert fix(line).due_at == utc("2026-03-02 15:00")
    line.at("2026-03-02 15:30", "wait.ended", id=1).at("2026-03-02 15:30", "ticket.resolved")
    assert (fix(line).due_at, fix(line).verdict) == (utc("2026-03-02 15:00"), "missed")


def test_a_wait_that_is_ended_before_its_until_is_over_then():
    line = opened("2026-03-02 09:00", UCC, "Critical")
    until = {"announced_in_time": True, "until": "2026-03-02T12:00:00+00:00"}
    line.waits("2026-03-02 10:00", "2026-03-02 10:30", "maintenance", **until).at(
        "2026-03-02 13:00", "note.added"
    )
    assert fix(line).due_at == utc("2026-03-02 14:30")


def test_a_wait_that_would_be_over_before_it_starts_is_none():
    line = opened("2026-03-02 09:00", UCC, "Critical")
    line.at("2026-03-02 10:00", "wait.started", id=1, reason="other", until="2026-03-02T10:00:00+00:00")
    with pytest.raises(FoldError, match="over before it starts"):
        line.fold()

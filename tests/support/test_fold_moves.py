"""Clocks under a calendar, an effort or a service that changes while they run. Monday is 2026-03-02."""

import pytest

from support.clocks.book import NotInBook
from support.clocks.events import FoldError
from tests.support.calendar_cases import utc
from tests.support.terms_cases import DEDICATED, ENGHOUSE, ESE, UCC
from tests.support.timeline_cases import ENGAGEMENT, engaged, opened

MANAGER = {"reason": "contract", "manager": 5}


def test_effort_round_the_clock_keeps_the_minutes_used():
    # P2, eight hours of fix: six are used by 15:00, two are left.
    line = opened("2026-03-06 09:00", ENGHOUSE, "P2").at("2026-03-06 15:00", "effort.switched", effort="24x7")
    assert line.clock("fix").due_at == utc("2026-03-06 17:00")
    line = opened("2026-03-06 12:00", ENGHOUSE, "P2").at("2026-03-06 18:00", "effort.switched", effort="24x7")
    assert line.clock("fix").due_at == utc("2026-03-06 21:00")


def test_effort_back_to_business_hours_runs_the_rest_under_them():
    line = opened("2026-03-06 12:00", ENGHOUSE, "P2").at("2026-03-06 18:00", "effort.switched", effort="24x7")
    line.at("2026-03-06 20:00", "effort.switched", effort="business")
    assert line.clock("fix").due_at == utc("2026-03-09 10:00")


def test_effort_concerns_the_work_not_the_talk():
    line = opened("2026-03-06 16:00", ENGHOUSE, "P2").at("2026-03-06 18:00", "effort.switched", effort="24x7")
    assert line.clock("update").due_at == utc("2026-03-09 12:00")
    assert line.clock("update").segments[-1].cause is None


def test_a_new_calendar_takes_what_remains():
    # One of four hours is used on Monday; the night watch opens 18:00 in Denver, 01:00 UTC.
    line = opened("2026-03-02 16:00", ENGHOUSE, "P1")
    line.at("2026-03-02 20:00", "calendar.moved", calendar="plan", old="plan@1", new="plan@2", **MANAGER)
    assert line.clock("fix").due_at == utc("2026-03-03 04:00")


def test_a_business_day_left_over_counts_as_that_days_hours():
    # P3: one day from Monday 12:00 is Tuesday 12:00. At Tuesday 09:00 three hours of it are left.
    line = opened("2026-03-02 12:00", ENGHOUSE, "P3")
    line.at("2026-03-03 09:00", "calendar.moved", calendar="plan", old="plan@1", new="plan@2", **MANAGER)
    assert line.clock("response").due_at == utc("2026-03-03 12:00")
    line = opened("2026-03-02 12:00", ENGHOUSE, "P4")
    line.at("2026-03-03 19:00", "calendar.moved", calendar="plan", old="plan@1", new="plan@2", **MANAGER)
    assert line.clock("response").due_at == utc("2026-03-04 04:00")


def test_a_deadline_at_an_opening_with_nothing_left_stays_where_it_was():
    line = engaged("2026-03-03 10:00", ESE, "P3")
    move = {"calendar": "mt-business", "old": "mt-business@1", "new": "plan@2", **MANAGER}
    line.at("2026-03-04 02:00", "calendar.moved", subject=ENGAGEMENT, **move)
    assert line.clock("update", ENGAGEMENT).due_at == utc("2026-03-04 13:00")


def test_a_due_instant_that_has_passed_stays():
    line = opened("2026-03-02 09:00", ENGHOUSE, "P1")
    line.at("2026-03-02 16:00", "calendar.moved", calendar="plan", old="plan@1", new="plan@2", **MANAGER)
    assert line.clock("fix").due_at == utc("2026-03-02 13:00")


def test_a_pause_across_the_move_is_kept():
    line = opened("2026-03-02 16:00", ENGHOUSE, "P1").waits("2026-03-02 16:30", wait=1)
    line.at("2026-03-02 20:00", "calendar.moved", calendar="plan", old="plan@1", new="plan@2", **MANAGER)
    assert line.clock("fix").state == "paused"
    line.at("2026-03-03 02:00", "wait.ended", id=1)
    assert line.clock("fix").due_at == utc("2026-03-03 05:30")


def test_a_closed_verdict_outlives_a_new_calendar():
    line = opened("2026-03-02 09:00", ENGHOUSE, "P1").at("2026-03-02 12:00", "plan.given")
    before = line.clock("fix")
    line.at("2026-03-02 16:00", "calendar.moved", calendar="plan", old="plan@1", new="plan@2", **MANAGER)
    assert line.clock("fix") == before


def test_a_priority_change_remembers_the_effort():
    line = opened("2026-03-06 12:00", ENGHOUSE, "P2").at("2026-03-06 18:00", "effort.switched", effort="24x7")
    line.at("2026-03-06 18:30", "priority.agreed", level="P1")
    assert line.clock("fix").due_at == utc("2026-03-06 16:00")
    line.at("2026-03-06 18:40", "priority.agreed", level="P2")
    assert line.clock("fix").due_at == utc("2026-03-06 21:00")


def test_a_moved_service_gives_its_targets_from_the_old_start():
    line = opened("2026-03-02 09:00", UCC, "Critical")
    line.at("2026-03-02 10:00", "service.moved", new="enghouse-standard@1", priority="P1", **MANAGER)
    old, new = line.clocks("fix")
    assert (old.state, old.service, old.due_at) == (
        "replaced",
        "exponential-e-ucc@1",
        utc("2026-03-02 14:00"),
    )
    assert (new.service, new.due_at) == ("enghouse-standard@1", utc("2026-03-02 13:00"))


def test_a_service_moved_with_the_same_targets_replaces_nothing():
    line = opened("2026-03-02 09:00", UCC, "Critical")
    line.at("2026-03-02 10:00", "service.moved", new="exponential-e-ucc@1", **MANAGER)
    assert len(line.clocks("fix")) == 1


def test_what_the_old_service_stopped_stays_stopped():
    # Updates wait with the customer under the engagement's service, not under the other one.
    line = engaged("2026-03-03 17:00", ESE, "P1").waits("2026-03-03 17:10", "2026-03-03 18:10")
    line.at(
        "2026-03-03 18:20",
        "service.moved",
        subject=ENGAGEMENT,
        new="microsoft-o365-dedicated@1",
        priority="A",
    )
    assert line.clocks("update", ENGAGEMENT)[0].due_at == utc("2026-03-03 19:00")
    assert line.clock("update", ENGAGEMENT).due_at == utc("2026-03-03 20:20")


def test_a_ticket_that_becomes_covered_starts_its_clocks_then():
    line = opened("2026-03-02 09:00", DEDICATED, "", covered=False)
    line.at("2026-03-03 09:00", "service.moved", new="microsoft-o365-dedicated@1", priority="A")
    assert line.clock("response").due_at == utc("2026-03-03 10:00")


def test_a_version_that_the_book_does_not_hold_is_refused():
    line = opened("2026-03-02 09:00", ENGHOUSE, "P1")
    with pytest.raises(NotInBook, match="plan@9"):
        line.at("2026-03-02 10:00", "calendar.moved", calendar="plan", new="plan@9").fold()


def test_a_calendar_that_is_not_pinned_cannot_move():
    line = opened("2026-03-02 09:00", ENGHOUSE, "P1")
    with pytest.raises(FoldError, match="not pinned"):
        line.at("2026-03-02 10:00", "calendar.moved", calendar="other", new="plan@2").fold()


def test_a_target_whose_calendar_is_not_pinned_is_refused():
    with pytest.raises(FoldError, match="'plan' is not pinned"):
        opened("2026-03-02 09:00", ENGHOUSE, "P1", calendars={}).fold()

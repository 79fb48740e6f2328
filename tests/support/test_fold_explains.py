"""The segments of a clock: each piece of its life, whether it counts, and why."""

from datetime import date

from tests.support.calendar_cases import utc
from tests.support.terms_cases import ENGHOUSE, ESE, UCC
from tests.support.timeline_cases import ENGAGEMENT, engaged, opened


def told(clock):
    """The segments as (begin, end, why), the instants without their year."""
    return [
        (f"{piece.starts_at:%m-%d %H:%M}", piece.ends_at and f"{piece.ends_at:%m-%d %H:%M}", str(piece.why))
        for piece in clock.segments
    ]


def test_an_elapsed_clock_is_one_piece():
    assert told(opened("2026-03-02 09:00", UCC, "Critical").clock("fix")) == [
        ("03-02 09:00", "03-02 14:00", "running"),
    ]


def test_closed_hours_are_shown_and_do_not_count():
    clock = opened("2026-03-06 16:50", ENGHOUSE, "P1").clock("response")
    assert told(clock) == [
        ("03-06 16:50", "03-06 17:00", "running"),
        ("03-06 17:00", "03-09 09:00", "closed"),
        ("03-09 09:00", "03-09 09:20", "running"),
    ]
    assert [piece.counted for piece in clock.segments] == [True, False, True]
    assert clock.segments[0].calendar == "plan@1"


def test_a_holiday_is_named():
    clock = opened("2026-04-02 11:00", UCC, "Normal").clock("fix")
    assert clock.segments[1].holidays == (
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
    )


def test_a_wait_is_named_with_its_reason():
    clock = opened("2026-03-02 09:00", UCC, "Critical").waits("2026-03-02 10:00", "2026-03-02 11:00", wait=4)
    assert told(clock.clock("fix")) == [
        ("03-02 09:00", "03-02 10:00", "running"),
        ("03-02 10:00", "03-02 11:00", "wait"),
        ("03-02 11:00", "03-02 15:00", "running"),
    ]
    assert clock.clock("fix").segments[1].waits == (("4", "customer"),)


def test_an_open_wait_has_no_end():
    line = opened("2026-03-02 09:00", UCC, "Critical").waits("2026-03-02 10:00")
    assert told(line.clock("fix"))[-1] == ("03-02 10:00", None, "wait")


def test_overlapping_waits_are_one_piece_that_names_both():
    line = opened("2026-03-02 09:00", UCC, "Critical")
    line.at("2026-03-02 10:00", "wait.started", id=1, reason="customer")
    line.at("2026-03-02 10:30", "wait.started", id=2, reason="gdap")
    line.at("2026-03-02 11:00", "wait.ended", id=1).at("2026-03-02 12:00", "wait.ended", id=2)
    piece = line.clock("fix").segments[1]
    assert piece.waits == (("1", "customer"), ("2", "gdap"))
    assert (piece.starts_at, piece.ends_at) == (utc("2026-03-02 10:00"), utc("2026-03-02 12:00"))


def test_waits_that_touch_are_one_piece():
    line = opened("2026-03-02 09:00", UCC, "Critical").waits("2026-03-02 10:00", "2026-03-02 11:00", wait=1)
    line.waits("2026-03-02 11:00", "2026-03-02 12:00", wait=2)
    assert told(line.clock("fix"))[1] == ("03-02 10:00", "03-02 12:00", "wait")


def test_a_clock_that_was_stopped_early_ends_there():
    line = opened("2026-03-02 09:00", UCC, "Critical").at("2026-03-02 10:00", "ticket.resolved")
    assert told(line.clock("fix")) == [("03-02 09:00", "03-02 10:00", "running")]


def test_overdue_time_is_one_piece():
    line = opened("2026-03-06 16:50", ENGHOUSE, "P1").at("2026-03-11 12:00", "call.made", connected=True)
    assert told(line.clock("response"))[-1] == ("03-09 09:20", "03-11 12:00", "overdue")


def test_a_piece_under_another_calendar_names_the_event_that_moved_it():
    line = opened("2026-03-06 12:00", ENGHOUSE, "P2").at("2026-03-06 18:00", "effort.switched", effort="24x7")
    *before, after = line.clock("fix").segments
    assert [piece.cause for piece in before] == [None, None]
    assert (after.calendar, after.cause) == ("24x7", (2, "effort.switched"))


def test_a_business_day_that_ends_at_an_opening_shows_the_night_before():
    clock = engaged("2026-03-03 10:00", ESE, "P3").clock("update", ENGAGEMENT)
    assert told(clock) == [
        ("03-03 10:00", "03-03 13:00", "closed"),
        ("03-03 13:00", "03-04 01:00", "running"),
        ("03-04 01:00", "03-04 13:00", "closed"),
    ]


def test_a_replaced_clock_says_which_event_replaced_it():
    line = opened("2026-03-02 09:00", UCC, "High").at("2026-03-02 10:00", "priority.agreed", level="Critical")
    old, new = line.clocks("fix")
    assert old.closed_by == new.opened_by == (2, "priority.agreed")

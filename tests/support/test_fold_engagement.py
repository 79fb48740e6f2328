"""An engagement's own clocks: business-day updates that wait with the customer. Denver is UTC−7 in early March 2026."""

import pytest

from support.clocks.events import SubjectRef
from support.clocks.terms import Subject
from tests.support.calendar_cases import utc
from tests.support.terms_cases import ESE, UCC
from tests.support.timeline_cases import ENGAGEMENT, engaged, opened

TUESDAY_TEN = "2026-03-03 17:00"  # 10:00 in Denver


def update(line):
    return line.clock("update", ENGAGEMENT)


def test_one_business_day_later_is_the_same_wall_clock_time():
    assert update(engaged(TUESDAY_TEN, ESE, "P3")).due_at == utc("2026-03-04 17:00")
    friday_ten, monday_ten_in_summer_time = "2026-03-06 17:00", "2026-03-09 16:00"
    assert update(engaged(friday_ten, ESE, "P3")).due_at == utc(monday_ten_in_summer_time)


def test_a_start_outside_hours_counts_from_the_next_opening():
    # Tuesday 03:00 counts from Tuesday 06:00, so Wednesday 06:00.
    assert update(engaged("2026-03-03 10:00", ESE, "P3")).due_at == utc("2026-03-04 13:00")


def test_standard_requests_have_three_business_days():
    assert update(engaged(TUESDAY_TEN, ESE, "Standard")).due_at == utc("2026-03-06 17:00")


def test_a_pause_moves_a_business_day_target_by_its_business_minutes():
    # Tuesday 16:00 to Wednesday 08:00 in Denver: two hours before closing and two after opening.
    line = engaged(TUESDAY_TEN, ESE, "P3").waits("2026-03-03 23:00", "2026-03-04 15:00")
    assert update(line).due_at == utc("2026-03-04 21:00")


def test_a_pause_outside_hours_moves_nothing():
    line = engaged(TUESDAY_TEN, ESE, "P3").waits("2026-03-04 02:00", "2026-03-04 12:00")
    assert update(line).due_at == utc("2026-03-04 17:00")


def test_a_pause_that_leaves_no_room_before_closing_goes_on_the_next_day():
    # Wednesday 08:00 to 17:00 is nine hours: from Wednesday 10:00, eight to closing and one on Thursday.
    line = engaged(TUESDAY_TEN, ESE, "P3").waits("2026-03-04 15:00", "2026-03-05 00:00")
    assert update(line).due_at == utc("2026-03-05 14:00")


@pytest.mark.parametrize(
    ("ends", "due"),
    [
        ("2026-03-04 19:00", "2026-03-04 19:00"),  # Wednesday 12:00, in hours
        ("2026-03-05 01:00", "2026-03-05 01:00"),  # at closing
        ("2026-03-05 03:00", "2026-03-05 13:00"),  # 20:00: Thursday's opening, not Wednesday's closing
    ],
)
def test_nothing_falls_due_inside_a_pause_that_spans_the_opening_at_which_it_would_have_been(ends, due):
    # Asked for on Monday 20:00 it is due at Wednesday's opening; the pause begins on Tuesday 19:00.
    line = engaged("2026-03-03 03:00", ESE, "P3").waits("2026-03-04 02:00", ends)
    assert update(line).due_at == utc(due)


def test_the_update_goes_on_with_what_remained():
    line = engaged(TUESDAY_TEN, ESE, "P1").waits("2026-03-03 17:40", "2026-03-03 20:00", reason="gdap")
    assert update(line).due_at == utc("2026-03-03 20:20")


def test_while_the_customer_decides_on_an_offer_the_update_is_due_at_no_known_time():
    line = engaged(TUESDAY_TEN, ESE, "P1").at("2026-03-03 17:30", "offer.sent", subject=ENGAGEMENT, offer=4)
    assert (update(line).state, update(line).due_at) == ("paused", None)
    line.at("2026-03-03 19:00", "offer.approved", subject=ENGAGEMENT, offer=4)
    assert (update(line).state, update(line).due_at) == ("running", utc("2026-03-03 19:30"))


def test_processing_of_delegated_rights_is_nobodys_breach():
    line = engaged(TUESDAY_TEN, ESE, "P1")
    for when, status in (("17:10", "approvalPending"), ("18:00", "activating"), ("20:10", "active")):
        line.at(f"2026-03-03 {when}", "gdap.changed", subject=ENGAGEMENT, status=status)
    assert update(line).due_at == utc("2026-03-03 21:00")


def test_a_cycle_that_starts_in_a_wait_starts_paused():
    line = engaged(TUESDAY_TEN, ESE, "P1").waits("2026-03-03 17:30").at("2026-03-03 17:45", "message.sent")
    assert [clock.state for clock in line.clocks("update", ENGAGEMENT)] == ["stopped", "paused"]
    line.at("2026-03-03 18:00", "wait.ended", id=2)
    assert update(line).due_at == utc("2026-03-03 19:00")


def test_a_wait_after_the_due_instant_hides_no_breach():
    line = engaged(TUESDAY_TEN, ESE, "P1").waits("2026-03-03 18:30")
    assert update(line).due_at == utc("2026-03-03 18:00")
    assert update(line).breached(utc("2026-03-03 18:00"))


def test_a_wait_that_starts_at_the_due_instant_moves_nothing():
    for level, due in (("P1", "2026-03-03 18:00"), ("P3", "2026-03-04 17:00")):
        line = engaged(TUESDAY_TEN, ESE, level).waits(due)
        assert update(line).due_at == utc(due)
        line.at("2026-03-04 20:00", "wait.ended", id=2)
        assert update(line).due_at == utc(due)


def test_the_end_of_an_engagement_cancels_its_update():
    line = engaged(TUESDAY_TEN, ESE, "P3").at("2026-03-03 18:00", "engagement.ended", subject=ENGAGEMENT)
    assert (update(line).state, update(line).verdict) == ("cancelled", "unjudged")
    line.at("2026-03-03 19:00", "ticket.reopened")
    assert len(line.clocks("update", ENGAGEMENT)) == 1


def test_ticket_and_engagement_run_their_own_clocks():
    line = opened("2026-03-03 17:00", UCC, "Critical").engaged("2026-03-03 17:05", ESE, "P1")
    assert line.clock("fix").due_at == utc("2026-03-03 22:00")
    assert update(line).due_at == utc("2026-03-03 18:05")


def test_an_offer_of_one_engagement_does_not_stop_another():
    other = SubjectRef(Subject.ENGAGEMENT, 8)
    line = opened("2026-03-03 17:00", UCC, "Critical").engaged("2026-03-03 17:00", ESE, "P1")
    line.engaged("2026-03-03 17:00", ESE, "P1", subject=other)
    line.at("2026-03-03 17:30", "offer.sent", subject=ENGAGEMENT, offer=4)
    assert update(line).state == "paused"
    assert line.clock("update", other).state == "running"
    assert line.clock("fix").state == "paused"


def test_a_message_about_one_engagement_is_no_update_of_another():
    other = SubjectRef(Subject.ENGAGEMENT, 8)
    line = engaged(TUESDAY_TEN, ESE, "P1").engaged(TUESDAY_TEN, ESE, "P1", subject=other)
    line.at("2026-03-03 17:30", "message.sent", subject=ENGAGEMENT)
    assert [len(line.clocks("update", subject)) for subject in (ENGAGEMENT, other)] == [2, 1]
    line.at("2026-03-03 17:40", "message.sent")
    assert [len(line.clocks("update", subject)) for subject in (ENGAGEMENT, other)] == [3, 2]

"""Tickets from another system, whose log lacks what would stop some clocks."""

from tests.support.calendar_cases import utc
from tests.support.terms_cases import DEDICATED, UCC
from tests.support.timeline_cases import opened


def imported():
    return opened("2026-03-02 09:00", DEDICATED, "A", unjudged=["response", "update"], imported=True)


def test_a_clock_that_nobody_can_judge_has_no_verdict():
    line = imported().at("2026-03-04 09:00", "ticket.resolved", imported=True)
    assert {clock.verdict for clock in line.clocks("response") + line.clocks("update")} == {"unjudged"}
    assert line.clock("customer_update").verdict == "missed"


def test_an_open_one_is_unjudged_from_the_start():
    assert imported().clock("response").verdict == "unjudged"


def test_what_begins_after_the_import_is_judged():
    line = imported().at("2026-03-04 09:00", "message.sent").at("2026-03-04 10:00", "message.sent")
    assert [clock.verdict for clock in line.clocks("update")] == ["unjudged", "met", "pending"]


def test_imported_events_may_be_older_than_the_last_one():
    line = opened("2026-03-02 09:00", UCC, "Critical").at("2026-03-02 12:00", "note.added")
    line.at("2026-03-02 09:10", "message.sent", imported=True)
    assert line.clock("response").stopped_at == utc("2026-03-02 09:10")


def test_an_imported_event_before_the_clock_stops_it_at_its_start():
    line = opened("2026-03-02 09:00", UCC, "Critical").at("2026-03-02 08:00", "message.sent", imported=True)
    clock = line.clock("response")
    assert (clock.stopped_at, clock.verdict, clock.segments) == (utc("2026-03-02 09:00"), "met", ())

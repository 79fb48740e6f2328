"""Troubleshoot counts from the response."""

from tests.support.calendar_cases import utc
from tests.support.terms_cases import UCC
from tests.support.timeline_cases import opened


def responded():
    return opened("2026-03-02 09:00", UCC, "Critical").at("2026-03-02 09:20", "message.sent")


def test_troubleshoot_starts_when_the_response_clock_stops():
    assert opened("2026-03-02 09:00", UCC, "Critical").clocks("troubleshoot") == []
    clock = responded().clock("troubleshoot")
    assert (clock.started_at, clock.due_at) == (utc("2026-03-02 09:20"), utc("2026-03-02 10:20"))


def test_troubleshoot_done_stops_it():
    assert responded().at("2026-03-02 10:20", "troubleshoot.done").clock("troubleshoot").verdict == "met"


def test_resolving_an_unanswered_ticket_starts_no_troubleshoot_clock():
    line = opened("2026-03-02 09:00", UCC, "Critical").at("2026-03-02 09:10", "ticket.resolved")
    assert line.clocks("troubleshoot") == []
    assert line.clock("response").verdict == "met"


def test_waiting_on_the_customer_stops_the_troubleshoot_clock():
    line = responded().waits("2026-03-02 09:30", "2026-03-02 11:00")
    assert line.clock("troubleshoot").due_at == utc("2026-03-02 11:50")


def test_waiting_on_the_vendor_stops_nothing():
    line = responded().waits("2026-03-02 09:30", "2026-03-02 11:00", reason="vendor")
    assert line.clock("troubleshoot").due_at == utc("2026-03-02 10:20")
    assert line.clock("fix").due_at == utc("2026-03-02 14:00")

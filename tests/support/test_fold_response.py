"""Who must do what to stop the response clock. Monday is 2026-03-02."""

import pytest

from support.clocks.events import ActorKind
from tests.support.calendar_cases import utc
from tests.support.terms_cases import DEDICATED, ENGHOUSE, UCC
from tests.support.timeline_cases import opened

MONDAY_NINE = "2026-03-02 09:00"


def test_a_persons_message_stops_the_response_clock():
    clock = opened(MONDAY_NINE, UCC, "Critical").at("2026-03-02 09:20", "message.sent").clock("response")
    assert clock.due_at == utc("2026-03-02 09:30")
    assert (clock.state, clock.verdict, clock.stopped_at) == ("stopped", "met", utc("2026-03-02 09:20"))


def test_an_automatic_acknowledgement_never_stops_it():
    line = opened(MONDAY_NINE, UCC, "Critical").at(MONDAY_NINE, "message.sent", automatic=True)
    assert line.clock("response").state == "running"


def test_a_message_of_the_system_is_no_persons_message():
    line = opened(MONDAY_NINE, UCC, "Critical").at(MONDAY_NINE, "message.sent", actor=ActorKind.SYSTEM)
    assert line.clock("response").state == "running"


def test_a_message_to_the_vendor_is_no_response():
    line = opened(MONDAY_NINE, UCC, "Critical").at("2026-03-02 09:10", "message.sent", to="vendor")
    assert line.clock("response").state == "running"


def test_a_message_alone_does_not_stop_it_where_a_technician_must_connect():
    line = opened(MONDAY_NINE, ENGHOUSE, "P1").at("2026-03-02 09:10", "message.sent")
    assert line.clock("response").state == "running"


@pytest.mark.parametrize(
    ("kind", "facts"),
    [("call.made", {"connected": True}), ("call.taken", {"connected": True}), ("session.connected", {})],
)
def test_a_connection_stops_it_where_a_technician_must_connect(kind, facts):
    line = opened(MONDAY_NINE, ENGHOUSE, "P1").at("2026-03-02 09:25", kind, **facts)
    assert line.clock("response").verdict == "met"


def test_a_call_that_nobody_took_stops_nothing():
    line = opened(MONDAY_NINE, DEDICATED, "A").at("2026-03-02 09:10", "call.made", connected=False)
    assert line.clock("response").state == "running"
    assert len(line.clocks("update")) == 1


def test_one_message_is_the_first_response_and_an_update():
    line = opened(MONDAY_NINE, DEDICATED, "A").at("2026-03-02 09:45", "message.sent")
    assert line.clock("response").verdict == "met"
    assert [clock.state for clock in line.clocks("update")] == ["stopped", "running"]


def test_a_message_is_an_update_even_where_it_is_no_response():
    line = opened(MONDAY_NINE, ENGHOUSE, "P1").at("2026-03-02 09:10", "message.sent")
    assert [clock.state for clock in line.clocks("update")] == ["stopped", "running"]


def test_a_second_message_is_no_second_response():
    line = opened(MONDAY_NINE, UCC, "Critical").at("2026-03-02 09:20", "message.sent")
    assert len(line.at("2026-03-02 09:50", "message.sent").clocks("response")) == 1


def test_without_a_target_there_is_no_clock():
    assert opened(MONDAY_NINE, DEDICATED, "D").fold() == []


def test_an_uncovered_ticket_has_no_clocks():
    assert opened(MONDAY_NINE, UCC, "Critical", covered=False).at(MONDAY_NINE, "message.sent").fold() == []


def test_response_in_the_plans_hours_waits_for_the_next_opening():
    # Friday 16:50 leaves ten minutes before the weekend.
    assert opened("2026-03-06 16:50", ENGHOUSE, "P1").clock("response").due_at == utc("2026-03-09 09:20")


def test_waiting_does_not_stop_the_response_clock():
    line = opened(MONDAY_NINE, UCC, "Critical").waits("2026-03-02 09:05")
    assert line.clock("response").due_at == utc("2026-03-02 09:30")

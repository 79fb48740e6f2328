"""A reopened ticket: a new fix cycle and new updates, and every cycle keeps its own verdict."""

from tests.support.calendar_cases import utc
from tests.support.terms_cases import DEDICATED, UCC
from tests.support.timeline_cases import opened


def reopened(resolved):
    line = opened("2026-03-02 09:00", UCC, "Critical").at("2026-03-02 09:10", "message.sent")
    return line.at(resolved, "ticket.resolved").at("2026-03-03 09:00", "ticket.reopened", by="customer")


def test_a_reopened_ticket_gets_the_full_fix_target_again():
    first, second = reopened("2026-03-02 13:00").clocks("fix")
    assert (first.verdict, second.cycle, second.due_at) == ("met", 2, utc("2026-03-03 14:00"))


def test_reopened_after_a_miss_the_first_verdict_stays():
    first, second = reopened("2026-03-02 16:00").clocks("fix")
    assert (first.verdict, second.verdict) == ("missed", "pending")


def test_there_is_no_new_response_and_no_new_troubleshooting():
    line = reopened("2026-03-02 13:00").at("2026-03-03 09:10", "message.sent")
    assert len(line.clocks("response")) == 1
    assert len(line.clocks("troubleshoot")) == 1


def test_updates_start_again_on_both_sides():
    line = opened("2026-03-02 09:00", DEDICATED, "A").at("2026-03-02 10:00", "ticket.resolved")
    line.at("2026-03-02 18:00", "ticket.reopened")
    assert [clock.due_at for clock in line.clocks("update")] == [
        utc("2026-03-02 11:00"),
        utc("2026-03-02 20:00"),
    ]
    assert line.clock("customer_update").cycle == 2


def test_nothing_is_owed_between_resolution_and_reopening():
    line = opened("2026-03-02 09:00", DEDICATED, "A").at("2026-03-02 10:00", "ticket.resolved")
    line.at("2026-03-02 11:00", "message.sent").at("2026-03-02 12:00", "message.received")
    assert [clock.state for clock in line.clocks("update")] == ["stopped"]

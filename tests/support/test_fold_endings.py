"""How clocks end, and when a deadline counts as kept."""

from zoneinfo import ZoneInfo

import pytest

from tests.support.calendar_cases import utc
from tests.support.terms_cases import DEDICATED, UCC
from tests.support.timeline_cases import opened


def critical():
    return opened("2026-03-02 09:00", UCC, "Critical")


def test_stopping_at_the_due_instant_is_in_time():
    assert critical().at("2026-03-02 09:30", "message.sent").clock("response").verdict == "met"


def test_a_second_later_is_not():
    assert critical().at("2026-03-02 09:30:01", "message.sent").clock("response").verdict == "missed"


def test_a_running_clock_is_breached_from_its_due_instant_on():
    clock = critical().clock("response")
    assert not clock.breached(utc("2026-03-02 09:29:59"))
    assert clock.breached(utc("2026-03-02 09:30"))


def test_a_stopped_clock_is_not_breached():
    clock = critical().at("2026-03-02 10:00", "message.sent").clock("response")
    assert not clock.breached(utc("2026-03-02 11:00"))


def test_the_breach_is_the_due_instant_whenever_it_is_noticed():
    line = critical()
    assert line.fold(until=utc("2026-03-02 09:00")) == line.fold(until=utc("2026-04-02 09:00"))
    assert line.clock("response").verdict == "pending"


def test_the_fold_looks_no_further_than_it_is_asked_to():
    line = critical().at("2026-03-02 09:20", "message.sent")
    response = next(clock for clock in line.fold(until=utc("2026-03-02 09:19")) if clock.kind == "response")
    assert response.state == "running"


@pytest.mark.parametrize("kind", ["ticket.archived", "ticket.closed", "ticket.declined"])
def test_archiving_closing_and_declining_cancel_what_runs(kind):
    line = critical().at("2026-03-02 09:10", kind)
    assert {(clock.state, clock.verdict) for clock in line.fold()} == {("cancelled", "unjudged")}


def test_cancelling_hides_no_miss():
    line = opened("2026-03-02 09:00", DEDICATED, "A").at("2026-03-02 12:00", "ticket.closed")
    assert {clock.verdict for clock in line.fold()} == {"missed"}


def test_a_merged_ticket_loses_its_open_clocks_and_keeps_its_verdicts():
    line = critical().at("2026-03-02 09:20", "message.sent").at("2026-03-02 09:40", "ticket.merged", other=2)
    response, fix = line.clock("response"), line.clock("fix")
    assert response.verdict == "met"
    assert (fix.state, fix.closed_by.kind) == ("cancelled", "ticket.merged")


def test_the_surviving_ticket_runs_on():
    line = critical().at("2026-03-02 09:40", "ticket.merged", other=2, survives=True)
    assert line.clock("fix").state == "running"


def test_an_accepted_ticket_runs_on():
    assert critical().at("2026-03-02 09:10", "ticket.accepted").clock("fix").state == "running"


def test_an_agents_zone_changes_nothing():
    in_tokyo = utc("2026-03-02 09:00").astimezone(ZoneInfo("Asia/Tokyo"))
    clock = opened(in_tokyo, UCC, "Critical").clock("fix")
    assert clock == critical().clock("fix")
    assert clock.started_at.isoformat() == "2026-03-02T09:00:00+00:00"


def test_a_clock_names_who_owes_it_and_under_which_promise():
    clock = critical().clock("fix")
    assert (clock.owed_by, clock.service, clock.target.amount) == ("provider", "exponential-e-ucc@1", 300)
    assert clock.key == "ticket:1:fix:1.1"

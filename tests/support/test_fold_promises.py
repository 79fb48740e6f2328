"""A promise made on the ticket is a clock of its own, due at the instant that was said."""

import pytest

from support.clocks.events import FoldError
from tests.support.calendar_cases import utc
from tests.support.terms_cases import DEDICATED, UCC
from tests.support.timeline_cases import Timeline, opened

MADE, CHANGED, WITHDRAWN = "commitment.made", "commitment.changed", "commitment.withdrawn"


def promised(until="2026-03-03 10:00:30+00:00", when="2026-03-02 12:00:10"):
    return opened("2026-03-02 09:00", UCC, "High").at(when, MADE, promised_at=until)


def test_it_is_due_at_the_second_that_was_said():
    clock = promised().clock("committed")
    assert (clock.due_at, clock.owed_by, clock.cycle) == (utc("2026-03-03 10:00:30"), "provider", 1)
    assert (clock.target.amount, clock.target.promised_at) == (22 * 60 + 1, utc("2026-03-03 10:00:30"))


@pytest.mark.parametrize(
    ("done", "verdict"), [("2026-03-03 10:00:30", "met"), ("2026-03-03 10:00:31", "missed")]
)
def test_the_resolution_judges_it(done, verdict):
    assert promised().at(done, "ticket.resolved").clock("committed").verdict == verdict


@pytest.mark.parametrize(
    ("reason", "due"), [("customer", "2026-03-03 13:00:30"), ("vendor", "2026-03-03 10:00:30")]
)
def test_only_what_the_service_says_moves_it_on(reason, due):
    line = promised().waits("2026-03-02 13:00", "2026-03-02 16:00", reason)
    assert line.clock("committed").due_at == utc(due)


def test_another_promise_takes_its_place_whatever_was_waited_for_before():
    line = promised().waits("2026-03-02 13:00", "2026-03-02 16:00", "customer")
    line.at("2026-03-02 17:00", CHANGED, promised_at="2026-03-04 10:00+00:00")
    old, new = line.clocks("committed")
    assert (old.state, old.verdict) == ("replaced", "unjudged")
    assert (new.cycle, new.revision, new.due_at) == (1, 2, utc("2026-03-04 10:00"))
    assert new.started_at == utc("2026-03-02 17:00")


def test_a_promise_that_was_past_when_another_was_made_is_missed():
    line = promised("2026-03-02 15:00+00:00").at(
        "2026-03-02 15:30", CHANGED, promised_at="2026-03-02 18:00+00:00"
    )
    old, new = line.clocks("committed")
    assert (old.verdict, old.attributed_to) == ("missed", "provider")
    assert new.verdict == "pending"


def test_withdrawn_it_is_not_judged_and_the_next_one_is_a_new_cycle():
    line = promised().at("2026-03-02 13:00", WITHDRAWN)
    assert line.clock("committed").verdict == "unjudged"
    line.at("2026-03-02 14:00", MADE, promised_at="2026-03-02 18:00+00:00")
    assert [clock.cycle for clock in line.clocks("committed")] == [1, 2]


def test_a_ticket_without_a_service_can_be_promised_something_and_nothing_stops_it():
    line = Timeline().at("2026-03-02 09:00", "ticket.opened", covered=False)
    line.at("2026-03-02 10:00", MADE, promised_at="2026-03-02 12:00+00:00")
    line.waits("2026-03-02 10:30", "2026-03-02 11:30", "customer")
    assert line.clock("committed").due_at == utc("2026-03-02 12:00")


def test_reopening_and_another_priority_leave_it_alone():
    line = promised().at("2026-03-02 13:00", "priority.agreed", level="Critical")
    assert [clock.revision for clock in line.clocks("committed")] == [1]
    line.at("2026-03-02 14:00", "ticket.resolved").at("2026-03-02 15:00", "ticket.reopened")
    assert [clock.verdict for clock in line.clocks("committed")] == ["met"]


@pytest.mark.parametrize("until", [None, "2026-03-02 12:00:10+00:00", "2026-03-02 11:00+00:00"])
def test_a_promise_lies_ahead(until):
    with pytest.raises(FoldError, match="no later instant was promised"):
        promised(until).fold()


def test_where_no_kind_has_a_target_a_promise_still_counts():
    line = opened("2026-03-02 09:00", DEDICATED, "D").at(
        "2026-03-02 10:00", MADE, promised_at="2026-03-02 12:00+00:00"
    )
    assert [clock.kind for clock in line.fold()] == ["committed"]

"""Resolve, close, reopen, hand over: each verb moves the state, writes the timeline and folds the clocks."""

import pytest
from django.db import connection

from support.actors import Actor
from support.models import Message, Outcome, TicketState, Wait
from support.refusal import Refused
from tests.factories import TESTS
from tests.support.desk_cases import contract_under, due, raise_ticket, utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket():
    return raise_ticket(contract_under("exponential-e-ucc"), utc("2026-10-12 09:00"), priority="High")


def verdicts(ticket):
    return {(clock.kind, clock.cycle): clock.verdict for clock in ticket.clocks.all()}


def test_resolving_stops_every_clock(ticket):
    ticket.resolve(outcome=Outcome.RESOLVED, by=TESTS, at=utc("2026-10-12 09:20"))
    assert (ticket.state, ticket.outcome, ticket.next_due_at) == ("resolved", "resolved", None)
    assert verdicts(ticket) == {("response", 1): "met", ("fix", 1): "met"}


def test_resolving_ends_what_was_awaited(ticket):
    Wait.begin(ticket, reason="vendor", by=TESTS, at=utc("2026-10-12 09:05"))
    ticket.resolve(outcome=Outcome.RESOLVED, by=TESTS, at=utc("2026-10-12 09:20"))
    connection.check_constraints()
    assert not ticket.waits.filter(ended_at=None).exists()


def test_a_resolved_ticket_is_not_resolved_again(ticket):
    ticket.resolve(outcome=Outcome.RESOLVED, by=TESTS, at=utc("2026-10-12 09:20"))
    with pytest.raises(Refused, match="is resolved; it cannot become resolved"):
        ticket.resolve(outcome=Outcome.RESTORED, by=TESTS, at=utc("2026-10-12 09:30"))


def test_reopened_after_a_miss_the_first_result_stays(ticket):
    ticket.resolve(outcome=Outcome.RESOLVED, by=TESTS, at=utc("2026-10-12 20:00"))
    ticket.reopen(by=TESTS, at=utc("2026-10-13 08:00"))
    assert verdicts(ticket) == {("response", 1): "missed", ("fix", 1): "missed", ("fix", 2): "pending"}
    assert due(ticket, "fix") == "2026-10-13 18:00"
    assert (ticket.state, ticket.outcome, ticket.done_at) == ("open", "", None)


def test_the_customers_answer_opens_a_resolved_ticket_again(ticket):
    ticket.resolve(outcome=Outcome.RESOLVED, by=TESTS, at=utc("2026-10-12 09:20"))
    Message.receive(ticket, "Still dead.", contact=None, by=TESTS, at=utc("2026-10-12 11:00"))
    assert ticket.state == "open"


def test_closing_keeps_the_outcome(ticket):
    ticket.resolve(outcome=Outcome.WORKAROUND, by=TESTS, at=utc("2026-10-12 09:20"))
    ticket.close(by=TESTS, at=utc("2026-10-14 09:20"), reason="confirmed")
    assert (ticket.state, ticket.outcome) == ("closed", "workaround")


def test_another_owner_is_an_event_that_moves_no_clock(ticket, cast):
    before = list(ticket.clocks.values_list("key", "due_at"))
    ticket.hand_to(cast.ana, by=Actor.of(cast.max), at=utc("2026-10-12 09:05"))
    assert ticket.events.last().facts == {"new": cast.ana.pk}
    assert list(ticket.clocks.values_list("key", "due_at")) == before


def test_an_event_before_the_last_one_is_refused(ticket):
    with pytest.raises(Refused, match="Something has happened on this ticket since"):
        ticket.resolve(outcome=Outcome.RESOLVED, by=TESTS, at=utc("2026-10-12 08:59"))
    ticket.refresh_from_db()
    assert ticket.state == TicketState.OPEN


def test_a_ticket_that_waits_is_not_opened_again(ticket):
    Wait.begin(ticket, reason="vendor", by=TESTS, at=utc("2026-10-12 09:10"))
    with pytest.raises(Refused, match="is waiting: there is nothing to open again"):
        ticket.reopen(by=TESTS, at=utc("2026-10-12 09:10"))
    connection.check_constraints()

"""The vocabulary is complete, and says what clocks.md says."""

import pytest

from support.clocks.effects import Action
from support.clocks.reading import kind_of
from support.clocks.vocabulary import KINDS


def words(text):
    return text.split()


KINDS_OF_VERSION_1 = words("""
    ticket.opened ticket.accepted ticket.declined priority.claimed priority.assessed priority.agreed message.sent
    message.received call.made call.taken session.connected troubleshoot.done wait.started wait.ended workaround.given
    plan.given commitment.made commitment.changed commitment.withdrawn ticket.resolved ticket.restored ticket.archived
    ticket.closed ticket.reopened effort.switched service.moved calendar.moved scope.decided scope.way engagement.requested
    engagement.ended offer.sent offer.written offer.unwritten offer.confirmed offer.approved offer.declined offer.withdrawn offer.expired gdap.changed assist.made assist.handed assist.taken assist.noted case.opened
    case.severity case.answered case.dispatched case.closed case.asked_customer case.noted case.escalated level.moved group.assigned owner.changed
    escalation.raised escalation.accepted escalation.declined escalation.acknowledged escalation.acted
    escalation.stepped_down escalation.closed
    escalation.overridden engineering.reviewed management.taken management.updated management.closed
    onsite.requested onsite.accepted onsite.approved onsite.declined onsite.done onsite.arrived onsite.left onsite.no_show onsite.cancelled
    handoff.offered handoff.accepted handoff.returned handoff.answered handoff.withdrawn outage.closed outage.linked notice.sent outage.validated
    ticket.merged ticket.split_from ticket.duplicate_of clock.corrected time.booked timer.stopped price.delivered file.added note.added
""")

SILENT = words("""
    scope.way offer.written offer.unwritten assist.made assist.handed assist.taken assist.noted ticket.accepted priority.claimed scope.decided level.moved group.assigned owner.changed escalation.raised
    escalation.overridden case.noted case.escalated engineering.reviewed management.taken management.updated management.closed
    onsite.requested onsite.accepted onsite.approved onsite.declined onsite.done onsite.arrived onsite.left onsite.no_show onsite.cancelled
    escalation.acted escalation.stepped_down handoff.offered handoff.accepted outage.linked outage.validated ticket.split_from
    ticket.duplicate_of time.booked timer.stopped price.delivered file.added note.added
""")


def does(kind):
    """{action: kinds of clock} of one kind of event."""
    return {effect.action: set(effect.kinds) for effect in kind_of(kind).effects}


def test_every_kind_of_version_1_is_there():
    assert sorted(KINDS) == sorted(KINDS_OF_VERSION_1)


@pytest.mark.parametrize("kind", SILENT)
def test_clocks_never_stop_for_it(kind):
    assert kind_of(kind).effects == ()


def test_resolution_stops_all_that_is_owed():
    owed = {"response", "troubleshoot", "update", "fix", "customer_update", "committed"}
    assert does("ticket.resolved")[Action.STOP] == owed


def test_effort_moves_fix_troubleshoot_and_the_vendors_response():
    assert does("effort.switched") == {Action.MOVE: {"fix", "troubleshoot", "vendor_response"}}


def test_reopening_starts_no_response():
    assert does("ticket.reopened")[Action.START] == {"fix", "update", "customer_update"}


def test_a_promise_is_a_clock_of_its_own():
    assert does("commitment.made") == does("commitment.changed") == {Action.PROMISE: {"committed"}}


def test_a_vendors_case_has_the_vendors_clocks():
    assert does("case.opened") == {Action.START: {"vendor_response", "dispatch"}}
    assert does("case.closed") == {Action.CANCEL: {"vendor_response", "dispatch", "customer_answer"}}

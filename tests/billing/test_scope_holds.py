"""What was decided of a ticket's scope holds while its work is offered; a ticket does not end while its customer is asked."""

import pytest
from django.db import DatabaseError, transaction

from billing import engaging, offering, scope
from billing.models import Engagement, Offer, ScopeDecision, TimeEntry
from support.models import Outcome
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.at_once import at_once, both, take_off
from tests.billing.billing_cases import (
    UNAPPROVED,
    at,
    entry,
    ese_contract,
    offered,
    requested,
    set_clock,
    signed,
    somebody,
    world,
)
from tests.factories import TESTS, ContactFactory


@pytest.fixture
def engagement(db, clock):
    clock(at(8))
    yield requested(ese_contract())
    set_clock(None)


def robin_of(engagement):
    return ContactFactory(customer=engagement.ticket.customer, name="Robin Sample", approves_up_to=5000)


def decide(ticket, scope_="in", item="in-scope", outcome=""):
    return scope.decide(
        ticket, scope=scope_, item=item, outcome=outcome, reason="Read again.", by=TESTS, at=at(9)
    )


def write_in(ticket):
    """The row that says it is in scope, as somebody writes it."""
    service = ticket.contract.engagement_service
    ScopeDecision.objects.create(ticket=ticket, scope="in", service=service, item="in-scope", reason="x")


def test_work_on_an_open_engagement_is_not_decided_to_be_in_scope(engagement):
    with pytest.raises(
        Refused, match=f"{engagement.reference} is open on this ticket: finish it or withdraw"
    ):
        decide(engagement.ticket)
    with pytest.raises(Refused, match="is open on this ticket"):
        decide(engagement.ticket, "out", "no-approval", "closed")
    assert ScopeDecision.objects.count() == 1


def test_nor_by_a_row_that_somebody_writes(engagement):
    with refused("an_open_engagement_stays_out_of_scope"):
        write_in(engagement.ticket)


def test_after_the_engagement_was_withdrawn_it_is(engagement):
    engaging.withdraw(engagement, reason="It is in the contract.", by=TESTS, at=at(9))
    assert decide(engagement.ticket).scope == "in"


def test_another_reason_for_the_engagement_may_be_written_down(engagement):
    assert decide(engagement.ticket, "out", "outside-csp", "engagement").outcome == "engagement"


def test_an_engagement_hangs_on_the_newest_decision(engagement):
    first = engagement.decision
    engaging.withdraw(engagement, reason="It is in the contract.", by=TESTS, at=at(9))
    decide(engagement.ticket)
    again = Engagement.objects.get()
    again.pk, again.reference, again.state, again.decision = None, "ENG-X", "requested", first
    with refused("engagement_is_out_of_scope"):
        again.by(TESTS).save(force_insert=True)


def test_a_ticket_that_is_done_is_not_offered(engagement):
    engagement.ticket.resolve(outcome=Outcome.RESOLVED, by=TESTS, at=at(9))
    with pytest.raises(Refused, match=f"Ticket {engagement.ticket.number} is done: open it again first"):
        offered(engagement, robin_of(engagement))
    assert not Offer.objects.exists()


def test_a_ticket_is_not_resolved_while_the_customer_is_asked(engagement):
    offer = offered(engagement, robin_of(engagement))
    with pytest.raises(Refused, match=f"Offer {engagement.reference}-1 waits for the customer's answer"):
        engagement.ticket.resolve(outcome=Outcome.RESOLVED, by=TESTS, at=at(10))
    offering.withdraw_offer(offer, reason="Found another way.", by=TESTS, at=at(10))
    engagement.ticket.resolve(outcome=Outcome.RESOLVED, by=TESTS, at=at(11))
    assert engagement.ticket.state == "resolved"


def test_nor_by_a_statement_of_the_app(engagement):
    offered(engagement, robin_of(engagement))
    with refused("a_ticket_leaves_no_offer_open"):
        run("UPDATE support_ticket SET state = 'closed' WHERE id = %s", engagement.ticket_id)


def test_what_was_approved_lets_it_be_resolved(engagement):
    robin = robin_of(engagement)
    signed(offered(engagement, robin), robin, at(10))
    engagement.ticket.resolve(outcome=Outcome.RESOLVED, by=TESTS, at=at(11))
    assert engagement.ticket.state == "resolved"


@pytest.mark.django_db
def test_time_is_corrected_by_time_on_the_same_engagement():
    w = world()
    other = requested(w.contract)
    ben = somebody("Ben", "Agents")
    piece = "00000000-0000-0000-0000-00000000000b"
    wrong = entry(w, at(11), at(12))
    elsewhere = entry(w, at(11), at(12), **UNAPPROVED, person=ben, engagement=other, piece=piece)
    for row in (wrong, elsewhere):
        row.save()
    with refused("corrected_on_its_engagement"):
        TimeEntry.objects.filter(pk=wrong.pk).update(superseded_by=elsewhere)
    set_clock(None)


@both
def test_an_offer_that_is_out_and_a_decision_that_it_is_none_never_both_stand(own_database, guarded):
    set_clock(at(8))
    engagement = requested(ese_contract())
    offered(engagement, robin_of(engagement))
    if not guarded:
        take_off(("billing_scopedecision", "guard"))
    try:
        with transaction.atomic():
            write_in(engagement.ticket)
    except DatabaseError as error:
        assert "is open on this ticket" in str(error)
    assert (ScopeDecision.objects.order_by("-id").first().scope == "in") is not guarded


@pytest.mark.broken_on_purpose
def test_where_they_do_no_further_offer_is_sent(own_database):
    set_clock(at(8))
    engagement = requested(ese_contract())
    take_off(("billing_scopedecision", "guard"))
    write_in(engagement.ticket)
    with pytest.raises(Refused, match="The newest decision is that this work is no engagement"):
        offered(engagement, robin_of(engagement))


def test_a_decision_and_a_request_at_once_do_not_meet(own_database):
    """Both hold the ticket: whichever comes second sees the first."""
    set_clock(at(8))
    contract = ese_contract()
    engagement = requested(contract)
    engaging.withdraw(engagement, reason="x", by=TESTS, at=at(8))
    ticket = engagement.ticket
    wanted = engaging.Wanted(title="Again", included="x", deliverables="x", estimate=60)

    def act(i):
        try:
            if i % 2:
                return decide(type(ticket).objects.get(pk=ticket.pk)) and ""
            return engaging.request(type(ticket).objects.get(pk=ticket.pk), wanted, by=TESTS, at=at(9)) and ""
        except Refused as error:
            return error.sentence

    said = at_once(6, act, clock=at(9))
    still_open = Engagement.objects.undone().exists()
    assert still_open is not (scope.newest(ticket).scope == "in")
    assert any(said)

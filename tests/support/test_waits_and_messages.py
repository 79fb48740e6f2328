"""Waiting and talking: what each does to the ticket and its clocks."""

import pytest
from django.core import mail as sent
from django.db import connection

from support.mail import outbox
from support.models import Mail, Message, Wait
from support.refusal import Refused
from tests.attacks import refused, run
from tests.factories import ANA, TESTS
from tests.support.desk_cases import contract_under, due, raise_ticket, utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket():
    return raise_ticket(contract_under("exponential-e-ucc"), utc("2026-10-12 09:00"), priority="High")


def test_waiting_on_the_customer_stops_the_fix_clock(ticket):
    wait = Wait.begin(ticket, reason="customer", awaited="call logs", by=TESTS, at=utc("2026-10-12 10:00"))
    assert (ticket.state, due(ticket, "fix"), due(ticket, "response")) == (
        "waiting",
        None,
        "2026-10-12 09:30",
    )
    wait.end(by=TESTS, at=utc("2026-10-12 13:00"))
    assert (ticket.state, due(ticket, "fix")) == ("open", "2026-10-12 22:00")
    connection.check_constraints()


def test_a_wait_that_has_ended_stays_ended(ticket):
    wait = Wait.begin(ticket, reason="customer", awaited="call logs", by=TESTS, at=utc("2026-10-12 10:00"))
    wait.end(by=TESTS, at=utc("2026-10-12 13:00"))
    for ended in ["NULL", "'2026-10-12 14:00Z'"]:
        with refused("told_once"):
            run(f"UPDATE support_wait SET ended_at = {ended}")


def test_waiting_on_the_vendor_stops_nothing(ticket):
    Wait.begin(ticket, reason="vendor", by=TESTS, at=utc("2026-10-12 10:00"))
    assert due(ticket, "fix") == "2026-10-12 19:00"


def test_the_customers_message_ends_the_wait_for_him(ticket):
    Wait.begin(ticket, reason="customer", by=TESTS, at=utc("2026-10-12 10:00"))
    Message.receive(ticket, "Here they are.", contact=None, by=TESTS, at=utc("2026-10-12 12:00"))
    assert (ticket.state, due(ticket, "fix")) == ("open", "2026-10-12 21:00")
    connection.check_constraints()


def test_two_waits_are_their_union(ticket):
    first = Wait.begin(ticket, reason="customer", by=TESTS, at=utc("2026-10-12 10:00"))
    second = Wait.begin(ticket, reason="gdap", by=TESTS, at=utc("2026-10-12 11:00"))
    first.end(by=TESTS, at=utc("2026-10-12 12:00"))
    assert ticket.state == "waiting"
    second.end(by=TESTS, at=utc("2026-10-12 13:00"))
    assert due(ticket, "fix") == "2026-10-12 22:00"


def test_the_same_wait_twice_and_a_waking_in_the_past_are_refused(ticket):
    with pytest.raises(Refused, match="still to come"):
        Wait.begin(
            ticket, reason="customer", wake_at=utc("2026-10-12 09:00"), by=TESTS, at=utc("2026-10-12 10:00")
        )
    wait = Wait.begin(ticket, reason="customer", by=TESTS, at=utc("2026-10-12 10:00"))
    with pytest.raises(Refused, match="waits for the customer already"):
        Wait.begin(ticket, reason="customer", by=TESTS, at=utc("2026-10-12 10:05"))
    wait.end(by=TESTS, at=utc("2026-10-12 10:06"))
    with pytest.raises(Refused, match="over already"):
        wait.end(by=TESTS, at=utc("2026-10-12 10:07"))


def test_a_ticket_cannot_wait_for_nothing(ticket):
    with refused("waiting_means_a_wait"):
        run("UPDATE support_ticket SET state = 'waiting' WHERE id = %s", ticket.pk)


def test_a_reply_is_a_response_and_leaves_by_mail(ticket):
    Message.reply(ticket, "We are looking.", by=ANA, at=utc("2026-10-12 09:10"))
    clock = ticket.clocks.get(kind="response")
    assert (clock.verdict, clock.stopped_at) == ("met", utc("2026-10-12 09:10"))
    assert due(ticket, "troubleshoot") == "2026-10-12 10:10"
    outbox.send(Mail.objects.get().pk)
    assert sent.outbox[0].to == [ticket.raised_by.email]
    assert sent.outbox[0].subject == f"[{ticket.number}] No dial tone"


def test_a_note_meets_no_clock_and_leaves_nowhere(ticket):
    Message.note(ticket, "Same as last week.", by=TESTS, at=utc("2026-10-12 09:10"))
    assert ticket.clocks.get(kind="response").verdict == "pending"
    assert not Mail.objects.exists()
    assert ticket.events.last().visibility == "internal"


@pytest.mark.parametrize(("connected", "verdict"), [(True, "met"), (False, "pending")])
def test_only_a_call_that_connects_is_a_response(ticket, connected, verdict):
    Message.call(ticket, "Rang.", made=True, connected=connected, by=TESTS, at=utc("2026-10-12 09:10"))
    assert ticket.clocks.get(kind="response").verdict == verdict


def test_where_the_service_says_connects_a_message_alone_is_no_response():
    ticket = raise_ticket(contract_under("enghouse-standard"), utc("2026-10-12 09:00"), priority="P1")
    Message.reply(ticket, "We are looking.", by=ANA, at=utc("2026-10-12 09:10"))
    assert ticket.clocks.get(kind="response").verdict == "pending"
    Message.call(ticket, "Connected.", made=True, connected=True, by=TESTS, at=utc("2026-10-12 09:20"))
    assert ticket.clocks.get(kind="response").verdict == "met"


def test_messages_and_events_are_only_ever_added(ticket):
    for table in ["support_message", "support_event"]:
        for attack in [f"UPDATE {table} SET at = at", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"]:
            with refused("permission denied"):
                run(attack)

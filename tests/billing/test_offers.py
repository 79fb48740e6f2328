"""An offer is written once, sent by a link, replaced or withdrawn; what it means at most is its price."""

import hashlib

import pytest
from django.core import mail as sent
from django.db import connection

from billing import engaging, links, offering
from billing.models import Invitation, OfferEnd
from support.mail import outbox
from support.models import Mail
from support.refusal import Refused
from tests.attacks import refused
from tests.billing.billing_cases import (
    EXCHANGE,
    at,
    ese_contract,
    offered,
    rate_card,
    requested,
    set_clock,
)
from tests.factories import TESTS, ContactFactory, CustomerFactory
from tests.support.desk_cases import contract_under, due

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement(clock):
    clock(at(8))
    made = requested(ese_contract(), priority="P1", gdap_roles=(EXCHANGE,), title="Routing <b>& more</b>")
    clock(at(9))
    return made


@pytest.fixture
def robin(engagement):
    return ContactFactory(
        customer=engagement.customer, name="Robin", approves_up_to=5000, time_zone="Europe/London"
    )


def kinds(ticket):
    return list(ticket.events.order_by("seq").values_list("kind", flat=True))


def test_the_document_says_every_term_and_is_hashed(engagement, robin):
    offer = offered(engagement, robin, cap=360)
    document = bytes(offer.document)
    assert offer.sha256 == hashlib.sha256(document).digest()
    for words in [
        "Routing &lt;b&gt;&amp; more&lt;/b&gt;",
        "at most $1,500.00",
        "<dd>$250.00 an hour</dd>",
        "3 hours<small>$750.00</small>",
        "6 hours, $1,500.00",
        "rounded up to the next 15 minutes",
        "Exchange Administrator",
        "Wed 21 Oct 2026, 13:00 (Europe/London)",
        "Advanced configuration or integration",
        "<li><span>Call captures</span></li>",
        "<li>A test plan</li>",
    ]:
        assert words in document.decode()
    assert (offer.number, offer.amount, offer.gdap_roles) == (1, 1500, [EXCHANGE])
    assert offer.sentence == (
        f"I approve the work described in offer 1 on ticket {engagement.ticket.number}, at $250.00 an hour, "
        f"up to 6 hours and $1,500.00, on behalf of {engagement.customer.name}."
    )


def test_the_ticket_waits_for_the_answer_and_its_update_clock_stops(engagement, robin):
    assert due(engagement.ticket, "update") == "2026-10-14 09:00"
    offered(engagement, robin, when=at(8.5))
    ticket = engagement.ticket
    assert (engagement.state, ticket.state, due(ticket, "update")) == ("offered", "waiting", None)
    assert kinds(ticket)[-2:] == ["offer.sent", "wait.started"]
    connection.check_constraints()


def test_the_link_leaves_in_the_mail_and_stands_nowhere_else(engagement, robin):
    offer = offered(engagement, robin)
    invitation = Invitation.objects.get(offer=offer)
    token = links.token_of(invitation.nonce)
    outbox.send(invitation.mail_id)
    assert f"http://127.0.0.1:8000/offers/{token}/" in sent.outbox[-1].body
    assert links.find(token) == invitation
    assert links.find(token[:-1] + "_") is None
    assert len(token) * 6 >= 128
    stored = [row for model in (Invitation, Mail) for row in model.objects.values_list()]
    assert token not in repr(stored)


def test_a_link_typed_into_another_mail_stays_a_placeholder(engagement, robin):
    invitation = offered(engagement, robin).invitations.get()
    mail = outbox.queue("x", to=["eve@x.example"], subject="s", text=invitation.mail.text, at=at(9))
    outbox.send(mail.pk)
    assert links.token_of(invitation.nonce) not in sent.outbox[-1].body


def test_a_newer_offer_ends_the_undecided_one(engagement, robin):
    first = offered(engagement, robin)
    second = offered(engagement, robin, cap=120)
    assert (first.end.why, second.number, engagement.state) == ("replaced", 2, "offered")
    assert engagement.ticket.waits.filter(ended_at=None).count() == 1
    assert kinds(engagement.ticket)[-2:] == ["offer.withdrawn", "offer.sent"]


def test_a_withdrawn_offer_needs_no_answer(engagement, robin):
    offer = offered(engagement, robin)
    set_clock(at(10))
    offering.withdraw_offer(offer, reason="Wrong cap.", by=TESTS, at=at(10))
    assert (OfferEnd.objects.get().why, engagement.state) == ("withdrawn", "requested")
    assert engagement.ticket.state == "open"
    assert Mail.objects.filter(key=f"withdrawn:{offer.pk}:{robin.pk}").exists()
    with pytest.raises(Refused, match="withdrawn already"):
        offering.withdraw_offer(offer, reason="Again.", by=TESTS, at=at(10))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"cap": 0}, "how many minutes"),
        ({"answer_by": at(8)}, "Leave time"),
        ({"work_until": at(12, day=15)}, "may not end before"),
    ],
)
def test_an_offer_that_cannot_be_kept_is_refused(engagement, robin, fields, sentence):
    with pytest.raises(Refused, match=sentence):
        offered(engagement, robin, **fields)


def test_only_somebody_of_the_customer_who_may_approve_is_asked(engagement, robin):
    stranger = ContactFactory(approves_up_to=5000)
    with pytest.raises(Refused, match="Ask an active contact of"):
        offered(engagement, stranger)
    powerless = ContactFactory(customer=engagement.customer, approves_up_to=0)
    with pytest.raises(Refused, match="may not approve money"):
        offered(engagement, powerless)


def test_without_a_rate_or_in_another_currency_nothing_is_offered(clock):
    contract = ese_contract(card=rate_card(currency="EUR"))
    contact = ContactFactory(customer=contract.holder, approves_up_to=5000)
    with pytest.raises(Refused, match="rate card is in EUR, the contract in USD"):
        offered(requested(contract), contact)
    holder = CustomerFactory()
    bare = contract_under("", engagement="calltower-ese", holder=holder, csp="direct")
    with pytest.raises(Refused, match="has no rate card"):
        offered(requested(bare), ContactFactory(customer=holder, approves_up_to=5000))


def test_a_finished_engagement_is_offered_no_more(engagement, robin):
    offered(engagement, robin)
    engaging.withdraw(engagement, reason="Not needed.", by=TESTS, at=at(10))
    assert (engagement.state, engagement.ticket.state) == ("withdrawn", "open")
    assert engagement.ticket.clocks.filter(subject_kind="engagement", state="running").count() == 0
    with pytest.raises(Refused, match="has ended"):
        offered(engagement, robin)


def test_an_offer_on_one_engagement_leaves_the_others_clocks_alone(engagement, robin):
    other = requested(engagement.contract, ticket=engagement.ticket, priority="P3")
    offered(engagement, robin, when=at(8.5))
    states = dict(engagement.ticket.clocks.filter(kind="update").values_list("subject_id", "state"))
    assert (states[engagement.pk], states[other.pk]) == ("paused", "running")
    offered(other, robin)
    offering.withdraw_offer(engagement.offers.get(), reason="x", by=TESTS, at=at(10))
    engagement.ticket.refresh_from_db()
    assert engagement.ticket.state == "waiting"
    states = dict(engagement.ticket.clocks.filter(kind="update").values_list("subject_id", "state"))
    assert (states[engagement.pk], states[other.pk]) == ("running", "paused")
    connection.check_constraints()


def test_a_contract_with_engagements_keeps_its_seller_and_currency(engagement):
    contract = engagement.contract
    contract.currency = "EUR"
    with refused("contract_keeps_its_seller"):
        contract.by(TESTS).save()

"""A promise on the ticket page: made, changed, taken back; a clock and a sentence of its own."""

from datetime import timedelta

import pytest
from django.utils import timezone

from support.models import Mail, Outcome
from tests.factories import TESTS
from tests.support.desk_cases import contract_under, raise_ticket
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(cast):
    contract = contract_under("enghouse-premium", holder=cast.northwind)
    return raise_ticket(contract, timezone.now(), contact=cast.robin_contact)


@pytest.fixture
def ana(client, cast):
    client.force_login(cast.ana)
    return client


def promise(ana, ticket, days, text=""):
    until = (timezone.now() + timedelta(days=days)).replace(second=0, microsecond=0)
    said = {"promised_at": until.strftime("%Y-%m-%dT%H:%M"), "text": text}
    return until, post(ana, "support:ticket-promise", ticket.number, **said)


def test_it_is_a_clock_and_a_sentence_and_leaves_by_mail(ana, ticket):
    until, answer = promise(ana, ticket, 2, "It will be back by then.")
    assert answer.status_code == 302
    clock = ticket.clocks.get(kind="committed")
    assert (clock.due_at, clock.owed_by) == (until, "provider")
    assert Mail.objects.get().text.endswith("-##\n\nIt will be back by then.")
    page = ana.get(f"{ticket.get_absolute_url()}?why={clock.key}").text
    assert "Ana promised it for" in page
    assert "Committed time" in page
    assert "It was promised on" in page
    assert "Promise another time" in page


def test_another_promise_takes_its_place_and_the_last_can_be_taken_back(ana, ticket):
    promise(ana, ticket, 2)
    promise(ana, ticket, 3)
    states = ["replaced", "running"]
    assert list(ticket.clocks.filter(kind="committed").values_list("state", flat=True)) == states
    assert post(ana, "support:ticket-unpromise", ticket.number, text="").status_code == 422
    assert post(ana, "support:ticket-unpromise", ticket.number, text="The part is late.").status_code == 302
    assert not ticket.clocks.filter(kind="committed", state="running").exists()
    again = post(ana, "support:ticket-unpromise", ticket.number, text="Once more.")
    assert "Nothing is promised on this ticket." in again.text


def test_a_promise_lies_ahead_and_on_a_ticket_that_is_open(ana, ticket):
    _until, answer = promise(ana, ticket, -1)
    assert answer.status_code == 422
    assert "Promise a time that is still to come." in answer.text
    ticket.resolve(outcome=Outcome.RESOLVED, by=TESTS, at=timezone.now())
    _until, answer = promise(ana, ticket, 1)
    assert "is done: reopen it first" in answer.text

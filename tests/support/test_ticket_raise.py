"""Raising a ticket on the page: customer, contract, what the service allows, and nothing lost when something is missing."""

import uuid
from datetime import date

import pytest
from django.urls import reverse

from support.models import Ticket
from tests.factories import TESTS
from tests.support.desk_cases import contract_under
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db

SAID = {"channel": "phone", "title": "No dial tone", "text": "Since this morning."}


@pytest.fixture
def ana(client, cast):
    client.force_login(cast.ana)
    return client


def test_first_the_customer(ana):
    response = ana.get(reverse("support:ticket-raise"))
    assert "First the customer" in response.text
    assert ana.get(reverse("support:ticket-raise") + "?customer=nobody").status_code == 422


def test_the_contract_its_priorities_and_what_would_be_due_are_shown(ana, cast):
    contract = contract_under("exponential-e-ucc", holder=cast.northwind)
    text = ana.get(reverse("support:ticket-raise") + "?customer=northwind").text
    for words in [
        contract.number,
        "Unified communications support",
        "Critical: ",
        "If you raise it now as Normal",
        "Fix",
    ]:
        assert words in text


def test_it_is_raised_and_owned_by_whoever_raised_it(ana, cast):
    contract_under("exponential-e-ucc", holder=cast.northwind)
    response = post(ana, "support:ticket-raise", query="?customer=northwind", priority="High", **SAID)
    ticket = Ticket.objects.get()
    assert (response.status_code, response.url) == (302, ticket.get_absolute_url())
    assert (ticket.priority, ticket.owner, ticket.rank) == ("High", cast.ana, 2)


def test_two_contracts_are_a_question(ana, cast):
    first = contract_under("exponential-e-ucc", holder=cast.northwind)
    second = contract_under("egroup-csp-advantage", holder=cast.northwind)
    assert (
        "Several contracts are in force"
        in ana.get(reverse("support:ticket-raise") + "?customer=northwind").text
    )
    response = post(ana, "support:ticket-raise", query="?customer=northwind", **SAID)
    assert response.status_code == 422
    assert first.number in response.text
    query = f"?customer=northwind&contract={second.number}"
    assert (
        post(
            ana, "support:ticket-raise", query=query, contract=second.number, priority="B", **SAID
        ).status_code
        == 302
    )
    assert Ticket.objects.get().contract == second


def test_a_contract_that_ended_while_it_was_typed_is_not_replaced_by_another(ana, cast):
    contract_under("exponential-e-ucc", holder=cast.northwind)
    chosen = contract_under("egroup-csp-advantage", holder=cast.northwind)
    chosen.ends_on = date(2026, 1, 31)
    chosen.by(TESTS).save()
    query = f"?customer=northwind&contract={chosen.number}"
    answer = post(ana, "support:ticket-raise", query=query, contract=chosen.number, priority="B", **SAID)
    assert (answer.status_code, "is not in force any more" in answer.text) == (422, True)
    assert not Ticket.objects.exists()


def test_the_only_contract_that_ended_while_it_was_typed_is_not_left_out_unsaid(ana, cast):
    shown = contract_under("enghouse-premium", holder=cast.northwind)
    query = "?customer=northwind"
    page = ana.get(reverse("support:ticket-raise") + query).text
    assert f'<input type="hidden" name="contract" value="{shown.number}"' in page
    shown.ends_on = date(2026, 1, 31)
    shown.by(TESTS).save()
    sent = {"contract": shown.number, "priority": "P1", **SAID}
    answer = post(ana, "support:ticket-raise", query=query, **sent)
    assert (answer.status_code, "is not in force any more" in answer.text) == (422, True)
    assert "opens uncovered, without clocks" in answer.text
    assert SAID["title"] in answer.text
    assert not Ticket.objects.exists()
    again = contract_under("egroup-csp-advantage", holder=cast.northwind)
    assert post(ana, "support:ticket-raise", query=query, **sent).status_code == 422
    sent |= {"contract": again.number, "priority": "B"}
    assert post(ana, "support:ticket-raise", query=query, **sent).status_code == 302
    assert Ticket.objects.get().contract == again


def test_a_contract_that_began_while_it_was_typed_is_asked_for(ana, cast):
    query = "?customer=northwind"
    assert '<input type="hidden" name="contract"' in ana.get(reverse("support:ticket-raise") + query).text
    begun = contract_under("enghouse-premium", holder=cast.northwind)
    answer = post(ana, "support:ticket-raise", query=query, contract="", **SAID)
    assert (answer.status_code, "A contract is in force by now" in answer.text) == (422, True)
    assert f'value="{begun.number}"' in answer.text
    sent = {"contract": begun.number, "priority": "P3", **SAID}
    assert post(ana, "support:ticket-raise", query=query, **sent).status_code == 302
    assert Ticket.objects.get().contract == begun


def test_without_a_contract_it_says_so_and_opens_uncovered(ana, cast):
    assert "opens uncovered" in ana.get(reverse("support:ticket-raise") + "?customer=northwind").text
    response = post(ana, "support:ticket-raise", query="?customer=northwind", **SAID)
    assert "no clock runs" in ana.get(response.url).text


def test_what_was_typed_is_kept(ana, cast):
    contract_under("exponential-e-ucc", holder=cast.northwind)
    response = post(ana, "support:ticket-raise", query="?customer=northwind", **{**SAID, "title": ""})
    assert response.status_code == 422
    assert "Since this morning." in response.text
    assert not Ticket.objects.exists()


def test_a_level_that_is_phone_only_is_held_back_with_its_claim(ana, cast):
    contract_under("enghouse-standard", holder=cast.northwind)
    post(
        ana,
        "support:ticket-raise",
        query="?customer=northwind",
        **{**SAID, "channel": "email"},
        priority="P1",
    )
    ticket = Ticket.objects.get()
    assert ticket.priority == "P3"
    assert "P1 was asked for by email" in ana.get(ticket.get_absolute_url()).text


def test_a_double_click_raises_one_ticket(ana, cast):
    contract_under("exponential-e-ucc", holder=cast.northwind)
    key = uuid.uuid4()
    urls = {
        post(ana, "support:ticket-raise", key=key, query="?customer=northwind", **SAID).url for _ in range(2)
    }
    assert len(urls) == Ticket.objects.count() == 1


def test_customers_do_not_raise_here(client, cast):
    client.force_login(cast.robin)
    assert client.get(reverse("support:ticket-raise")).status_code == 404

"""Raising a ticket: the contract in force is chosen and said why, the priority is what its service allows."""

from datetime import date

import pytest

from support.actors import Actor
from support.models import Channel, ContractLine, Message
from support.refusal import Refused
from tests.factories import TESTS, ContactFactory, ContractFactory, ProductFactory
from tests.support.desk_cases import contract_under, due, raise_ticket, utc

pytestmark = pytest.mark.django_db

MONDAY = utc("2026-10-12 09:00")


def test_the_one_contract_in_force_is_chosen_and_its_clocks_start():
    contract = contract_under("exponential-e-ucc")
    ticket = raise_ticket(contract, MONDAY, priority="Critical")
    assert (ticket.contract, ticket.covered, ticket.priority) == (contract, True, "Critical")
    assert ticket.contract_reason == "The only one in force on 12 October 2026."
    assert (due(ticket, "response"), due(ticket, "fix")) == ("2026-10-12 09:30", "2026-10-12 14:00")
    assert ticket.next_due_at == utc("2026-10-12 09:30")


def test_numbers_are_said_aloud():
    assert raise_ticket(contract_under("exponential-e-ucc"), MONDAY).number.startswith("SR-1")


def test_two_contracts_that_fit_are_a_question_not_a_guess():
    first = contract_under("exponential-e-ucc")
    second = contract_under("egroup-csp-advantage", holder=first.holder)
    with pytest.raises(Refused, match=f"{first.number}, {second.number}. Choose the one") as refused:
        raise_ticket(first, MONDAY)
    assert refused.value.field == "contract"
    ticket = raise_ticket(first, MONDAY, contract=second)
    assert ticket.contract == second
    assert "Chosen by the agent among 2" in ticket.contract_reason


def test_an_expired_contract_is_no_question():
    current = contract_under("exponential-e-ucc")
    contract_under("egroup-csp-advantage", holder=current.holder, ends_on=date(2026, 10, 11))
    assert raise_ticket(current, MONDAY).contract == current


def test_the_last_day_of_a_contract_is_the_customers():
    contract = contract_under("exponential-e-ucc", ends_on=date(2026, 10, 12))
    contract.holder.time_zone = "America/Los_Angeles"
    contract.holder.save()
    assert raise_ticket(contract, utc("2026-10-13 06:30")).covered  # still the 12th in Los Angeles
    assert not raise_ticket(contract, utc("2026-10-13 07:30")).covered


def test_the_product_decides_between_contracts():
    first = contract_under("exponential-e-ucc")
    second = contract_under("egroup-csp-advantage", holder=first.holder)
    ticket = raise_ticket(first, MONDAY, product=second.lines.get().product)
    assert ticket.contract == second


def test_without_a_contract_in_force_it_opens_uncovered_and_says_why():
    contract = contract_under("exponential-e-ucc", ends_on=date(2026, 1, 31))
    ticket = raise_ticket(contract, MONDAY)
    assert (ticket.covered, ticket.contract, ticket.clocks.count()) == (False, None, 0)
    assert ticket.contract_reason == f"No contract for {contract.holder} was in force on 12 October 2026."


def test_a_contract_without_a_support_service_records_without_clocks():
    ticket = raise_ticket(contract_under("", engagement="calltower-ese"), MONDAY)
    assert (ticket.covered, ticket.clocks.count(), ticket.priority) == (True, 0, "")


@pytest.mark.parametrize(
    ("claimed", "channel", "holds", "kept"),
    [
        ("P1", Channel.PHONE, "P1", None),
        ("P1", Channel.EMAIL, "P3", "P1"),
        ("P2", Channel.PORTAL, "P3", "P2"),
        ("P4", Channel.EMAIL, "P4", None),
        ("", Channel.EMAIL, "P3", None),
    ],
)
def test_enghouse_takes_its_urgent_levels_by_phone_only(claimed, channel, holds, kept):
    ticket = raise_ticket(contract_under("enghouse-standard"), MONDAY, priority=claimed, channel=channel)
    claims = [event.facts["level"] for event in ticket.events.filter(kind="priority.claimed")]
    assert (ticket.priority, claims) == (holds, [kept] if kept else [])


def test_severity_1_is_declared_by_the_provider_only():
    contract = contract_under("microsoft-o365-dedicated")
    customer = Actor.of(ContactFactory(customer=contract.holder))
    assert raise_ticket(contract, MONDAY, priority="1", by=customer).priority == "C"
    assert raise_ticket(contract, MONDAY, priority="1").priority == "1"


def test_an_unknown_priority_is_refused_beside_its_field():
    with pytest.raises(Refused, match="has no priority P9") as refused:
        raise_ticket(contract_under("enghouse-standard"), MONDAY, priority="P9")
    assert refused.value.field == "priority"


def test_the_deployment_is_the_contracts():
    assert (
        raise_ticket(contract_under("enghouse-standard", deployment="on_premises"), MONDAY).deployment
        == "on_premises"
    )
    both = contract_under("enghouse-standard")
    ContractLine(contract=both, product=ProductFactory(), deployment="on_premises").by(TESTS).save()
    assert raise_ticket(both, MONDAY).deployment == ""


def test_the_opening_words_stand_on_the_ticket_and_move_no_clock():
    ticket = raise_ticket(contract_under("microsoft-o365-dedicated"), MONDAY, priority="A")
    assert Message.objects.get().text == "Since this morning."
    assert [clock.cycle for clock in ticket.clocks.filter(kind="customer_update")] == [1]


def test_a_contract_of_somebody_else_cannot_be_named():
    with pytest.raises(Refused, match="is not in force for this"):
        raise_ticket(contract_under("exponential-e-ucc"), MONDAY, contract=ContractFactory())

"""Limited help is for an accredited partner: whose accreditation, until when, and by whose calendar."""

from datetime import date

import pytest

from billing import scope, ways
from billing.models import ScopeDecision, WayStep
from support.actors import Actor
from support.refusal import Refused
from support.roles import Role
from tests.attacks import refused
from tests.billing.billing_cases import at, set_clock, somebody
from tests.billing.book_cases import imported, reason
from tests.factories import TESTS, CustomerFactory
from tests.support.desk_cases import contract_under, raise_ticket

pytestmark = pytest.mark.django_db
AGREED = {"agreed_with": "Robin Sample", "agreed_at": at(8), "consulted": "Head of support"}


@pytest.fixture
def ticket(clock):
    clock(at(8))
    partner = CustomerFactory(name="Signal Works", time_zone="UTC")
    holder = CustomerFactory(name="Northwind", partner=partner, legal_entity=partner.legal_entity)
    contract = contract_under("enghouse-premium", csp="none", holder=holder)
    yield raise_ticket(contract, at(8), channel="email")
    set_clock(None)


def accredit(customer, until):
    customer.accredited_until = until
    customer.by(TESTS).save()


def decide(ticket):
    return scope.decide(
        ticket, scope="out", item="failed-installation", reason="On site.", by=TESTS, at=at(9), **AGREED
    )


def test_without_an_accreditation_the_way_is_refused_in_words(ticket):
    with pytest.raises(Refused, match="Signal Works is not accredited") as refusal:
        decide(ticket)
    assert refusal.value.field == "outcome"
    accredit(ticket.customer.partner, date(2026, 10, 13))
    with pytest.raises(Refused, match="The accreditation of Signal Works ended on"):
        decide(ticket)
    ticket.customer.partner.active = False
    accredit(ticket.customer.partner, date(2027, 10, 13))
    with pytest.raises(Refused, match="Signal Works is disabled"):
        decide(ticket)


def test_on_its_last_day_it_holds_and_the_decision_says_whose_it_was(ticket):
    accredit(ticket.customer.partner, date(2026, 10, 14))
    decision = decide(ticket)
    decision.refresh_from_db()
    assert decision.accredited_partner == ticket.customer.partner
    assert decision.accredited_until == date(2026, 10, 14)


def test_the_partners_own_calendar_says_what_day_it_is(ticket, clock):
    partner = ticket.customer.partner
    partner.time_zone = "Pacific/Auckland"  # where it is the 15th already
    accredit(partner, date(2026, 10, 14))
    clock(at(12))
    with pytest.raises(Refused, match="ended on"):
        decide(ticket)


def test_a_partner_asks_for_itself(clock):
    clock(at(8))
    holder = CustomerFactory(accredited_until=date(2027, 1, 1))
    ticket = raise_ticket(contract_under("enghouse-premium", csp="none", holder=holder), at(8))
    decision = decide(ticket)
    decision.refresh_from_db()
    assert decision.accredited_partner == holder
    set_clock(None)


def test_a_manager_allows_nothing_after_it_has_ended(ticket):
    manager = Actor.of(somebody("Max", Role.MANAGER))
    accredit(ticket.customer.partner, date(2026, 10, 20))
    decision = decide(ticket)
    accredit(ticket.customer.partner, date(2026, 10, 13))
    with pytest.raises(Refused, match="The accreditation of Signal Works ended"):
        ways.answer(ticket, allowed=True, reason="On site.", by=manager, at=at(9))
    step = WayStep(decision=decision, step="allowed", reason="x")
    step.actor = manager
    with refused("only_for_an_accredited_partner"):
        step.save(force_insert=True)
    ways.answer(ticket, allowed=False, reason="Not accredited any more.", by=manager, at=at(9))


def test_no_sql_takes_the_way_without_one_or_writes_one_down(ticket):
    service = ticket.contract.support_service
    said = {"scope": "out", "service": service, "item": "failed-installation", "outcome": "immediate"}
    said |= {"reason": "x", **AGREED}
    forged = {"accredited_partner": ticket.customer, "accredited_until": date(2030, 1, 1)}
    with refused("only_for_an_accredited_partner"):
        ScopeDecision.objects.create(ticket=ticket, **said, **forged)
    said |= {"item": "network", "outcome": "own-it"}
    row = ScopeDecision.objects.create(ticket=ticket, **said, **forged)
    row.refresh_from_db()
    assert (row.accredited_partner, row.accredited_until) == (None, None)


def test_only_a_partner_is_accredited(ticket):
    with refused("only_partners_are_accredited"):
        accredit(ticket.customer, date(2027, 1, 1))


def test_a_file_of_customers_says_until_when():
    rows = ["over,Over,,2027-03-31", "under,Under,over,"]
    assert imported("customers", *rows, more="partner,accredited_until") == ((2, 0, 0), {})
    assert imported("customers", "over,Over,", more="accredited_until")[0] == (0, 1, 0)
    assert "Only a partner is accredited" in reason(
        "customers", "under,Under,over,2027-03-31", "partner,accredited_until"
    )

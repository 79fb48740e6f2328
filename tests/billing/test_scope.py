"""In or out of scope: by the lists of the contract's services, its CSP type, and one manager's written exception."""

import pytest
from django.db import connection

from billing import engaging, scope
from billing.models import ScopeDecision
from support.actors import Actor
from support.refusal import Refused
from support.roles import Role
from tests.attacks import refused
from tests.billing.billing_cases import at, ese_contract, requested, somebody
from tests.factories import TESTS
from tests.support.desk_cases import contract_under, due, raise_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(clock):
    clock(at(8))
    return raise_ticket(ese_contract(), at(8), channel="email")


def decide(ticket, scope_, item, outcome="", by=TESTS, reason="Read the list.", **fields):
    return scope.decide(
        ticket, scope=scope_, item=item, outcome=outcome, reason=reason, by=by, at=at(9), **fields
    )


@pytest.mark.parametrize(
    ("scope_", "item", "outcome"),
    [
        ("out", "advanced", "engagement"),
        ("out", "outside-csp", "engagement"),
        ("out", "advanced", "refer-microsoft"),
        ("out", "network", "closed"),
        ("out", "microsoft-case", ""),
        ("in", "in-scope", ""),
        ("in", "licences", ""),
        ("out", "on-premises", "redirected"),
    ],
)
def test_what_the_lists_say_needs_nobody_else(ticket, scope_, item, outcome):
    decision = decide(ticket, scope_, item, outcome)
    assert (decision.scope, decision.override, decision.csp) == (scope_, False, "direct")
    assert decision.service.code == (
        "egroup-csp-advantage" if item in ("licences", "on-premises") else "calltower-ese"
    )
    assert ticket.events.last().facts == {"scope": scope_, "item": item, "override": False}


def test_an_outcome_that_the_item_names_is_taken(ticket):
    assert decide(ticket, "out", "microsoft-case").outcome == "refer-microsoft"


@pytest.mark.parametrize(
    ("scope_", "item", "outcome", "sentence"),
    [
        ("out", "network", "engagement", "manager may decide"),
        ("out", "licences", "redirected", "manager may decide"),
        ("in", "network", "", "manager may decide"),
        ("out", "in-scope", "engagement", "never an engagement"),
        ("out", "licences", "engagement", "never an engagement"),
        ("out", "network", "", "Choose the way"),
        ("out", "network", "to-the-moon", "Choose the way"),
        ("out", "nonsense", "engagement", "is not on the list"),
        ("out", "non-csp", "engagement", "is not on the list"),  # this customer has a CSP agreement
    ],
)
def test_what_the_lists_do_not_say_is_refused(ticket, scope_, item, outcome, sentence):
    with pytest.raises(Refused, match=sentence):
        decide(ticket, scope_, item, outcome)
    assert not ScopeDecision.objects.exists()


def test_a_manager_decides_a_single_case_otherwise(ticket):
    agent, manager = (Actor.of(somebody(role, role)) for role in [Role.AGENT, Role.MANAGER])
    with pytest.raises(Refused, match="Only a support manager"):
        decide(ticket, "out", "network", "engagement", by=agent, override=True)
    with pytest.raises(Refused, match="manager may decide"):
        decide(ticket, "out", "network", "engagement", by=manager)
    assert decide(ticket, "out", "network", "engagement", by=manager, override=True).override
    with pytest.raises(Refused, match="never an engagement"):
        decide(ticket, "out", "in-scope", "engagement", by=manager, override=True)
    with pytest.raises(Refused, match="Write down why"):
        decide(ticket, "out", "network", "engagement", by=manager, override=True, reason=" ")


def test_without_a_contract_nothing_is_in_scope_and_nothing_is_offered(clock):
    contract = ese_contract()
    contract.ends_on = at(0, day=1).date()
    contract.by(TESTS).save()
    uncovered = raise_ticket(contract, at(8), channel="email")
    assert decide(uncovered, "out", "").service is None
    with pytest.raises(Refused, match="nothing can be offered"):
        decide(uncovered, "out", "advanced", "engagement")
    with pytest.raises(Refused, match="Decide first"):
        engaging.request(
            uncovered,
            engaging.Wanted(title="x", included="x", deliverables="x", estimate=5),
            by=TESTS,
            at=at(9),
        )


def test_a_customer_without_csp_buys_what_its_agreement_leaves_out(clock):
    clock(at(8))
    contract = contract_under("", engagement="calltower-ese")
    ticket = raise_ticket(contract, at(8))
    assert ticket.clocks.count() == 0
    decide(ticket, "out", "non-csp", "engagement")
    with pytest.raises(Refused, match="is not on the list"):
        decide(ticket, "in", "in-scope")


def test_decisions_are_only_ever_added(ticket):
    decide(ticket, "out", "network", "closed")
    decide(ticket, "out", "advanced", "engagement")
    assert scope.newest(ticket).item == "advanced"
    with refused("permission denied"):
        ScopeDecision.objects.update(reason="x")


def test_an_engagement_starts_its_own_clocks(clock):
    clock(at(8))
    contract = ese_contract()
    engagement = requested(contract, priority="P1")
    assert engagement.reference.startswith("ENG-")
    assert (engagement.state, due(engagement.ticket, "update")) == ("requested", "2026-10-14 09:00")
    assert engagement.ticket.events.last().kind == "engagement.requested"
    connection.check_constraints()


@pytest.mark.parametrize(
    ("kind", "priority", "expected"),
    [
        ("issue", "", "P3"),
        ("issue", "P2", "P2"),
        ("macd", "", "Standard"),
        ("macd", "Expedited", "Expedited"),
    ],
)
def test_its_priority_is_of_its_own_service(clock, kind, priority, expected):
    assert requested(ese_contract(), kind=kind, priority=priority).priority == expected


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "macd", "priority": "P1"}, "has no priority P1"),
        ({"kind": "dance"}, "knows no such kind"),
        ({"estimate": 0}, "Estimate the time"),
        ({"gdap_roles": ("Exchange Administrator",)}, "Not a role's template id"),
    ],
)
def test_what_its_service_does_not_know_is_refused(clock, fields, sentence):
    with pytest.raises(Refused, match=sentence):
        requested(ese_contract(), **fields)


def test_another_priority_begins_its_updates_anew(clock):
    engagement = requested(ese_contract(), priority="P2")
    engaging.assess(engagement, "P1", by=TESTS, at=at(9))
    assert (engagement.priority, due(engagement.ticket, "update")) == ("P1", "2026-10-14 10:00")
    with pytest.raises(Refused, match="is P1 already"):
        engaging.assess(engagement, "P1", by=TESTS, at=at(9))


def test_work_in_scope_is_no_engagement_on_any_path(clock):
    ticket = raise_ticket(ese_contract(), at(8), channel="email")
    with refused("work_in_scope_is_no_engagement"):
        ScopeDecision.objects.create(ticket=ticket, scope="in", outcome="engagement", reason="x")
    decision = decide(ticket, "in", "licences")
    engagement = requested(ticket.contract, ticket=ticket)
    engagement.pk = None
    engagement.decision, engagement.reference = decision, "ENG-X"
    with refused("engagement_is_out_of_scope"):
        engagement.by(TESTS).save(force_insert=True)


@pytest.mark.parametrize("reason", ["", "  ", "\u200b", "\u2060 \u200d"])
def test_a_reason_that_nobody_can_read_is_none(ticket, reason):
    with pytest.raises(Refused, match="Write down why"):
        decide(ticket, "in", "in-scope", reason=reason)

"""What the lists say holds for whoever writes the row: as countersign_app, past every verb."""

import pytest
from django.db import transaction

from billing import engaging
from billing.models import Engagement, ScopeDecision
from support import versions
from support.roles import Role
from tests.attacks import refused, run
from tests.billing.at_once import both, take_off
from tests.billing.billing_cases import at, ese_contract, requested, set_clock, somebody
from tests.factories import TESTS
from tests.support.desk_cases import contract_under, raise_ticket

AGREED = {"agreed_with": "Robin Sample", "agreed_at": at(7), "consulted": "Head of support"}


@pytest.fixture
def ticket(db, clock):
    clock(at(8))
    yield raise_ticket(ese_contract(), at(8), channel="email")
    set_clock(None)


def write(ticket, item, outcome="engagement", by=None, **fields):
    """The row as SQL has it; of the engagement service's list unless said."""
    contract = ticket.contract
    said = {"ticket_id": ticket.pk, "scope": "out", "item": item, "outcome": outcome, "reason": "x"}
    said |= {"service_id": contract and contract.engagement_service_id, "override": False, "csp": ""}
    said |= {"agreed_with": "", "consulted": "", "actor_name": "x"}
    said |= {"actor_kind": "staff" if by else "system", "actor_id": by and by.pk, **fields}
    holes = ", ".join(["%s"] * len(said))
    run(f"INSERT INTO billing_scopedecision ({', '.join(said)}) VALUES ({holes})", *said.values())


@pytest.mark.parametrize("item", ["network", "sip-gateway", "dns", "local-resources", "no-approval"])
@pytest.mark.parametrize("override", [False, True])
def test_what_is_not_eligible_becomes_no_engagement_without_a_manager(ticket, item, override):
    for by in (None, somebody("Ana", Role.AGENT), somebody("Fin", Role.FINANCE)):
        with refused("against_the_list_by_a_manager"):
            write(ticket, item, by=by, override=override)


def test_a_manager_who_has_left_or_does_not_say_that_it_is_an_exception_decides_none(ticket):
    manager = somebody("Max", Role.MANAGER)
    with refused("against_the_list_by_a_manager"):
        write(ticket, "network", by=manager)
    with refused("scope_decision_has_a_reason"):
        write(ticket, "network", by=manager, override=True, reason=" \n")
    write(ticket, "network", by=manager, override=True)
    manager.is_active = False
    manager.by(TESTS).save()
    with refused("against_the_list_by_a_manager"):
        write(ticket, "network", by=manager, override=True)


@pytest.mark.parametrize(
    ("item", "fields", "rule"),
    [
        ("in-scope", {"override": True}, "standard_work_is_no_engagement"),
        ("nonsense", {}, "scope_by_the_contracts_lists"),
        ("non-csp", {}, "scope_by_the_contracts_lists"),  # this customer has a CSP agreement
        ("network", {"outcome": "standard"}, "work_goes_the_ways_of_its_service"),
        ("network", {"outcome": "own-it"}, "work_goes_the_ways_of_its_service"),
        ("network", {"outcome": ""}, "work_goes_the_ways_of_its_service"),
        ("in-scope", {"scope": "in", "outcome": "closed"}, "work_in_scope_is_no_engagement"),
        ("network", {"scope": "in", "outcome": ""}, "against_the_list_by_a_manager"),
    ],
)
def test_nor_is_anything_decided_that_the_list_does_not_know(ticket, item, fields, rule):
    manager = somebody("Max", Role.MANAGER)
    with refused(rule):
        write(ticket, item, by=manager, **fields)


def test_the_list_is_one_of_the_contracts_own(ticket):
    other = versions.latest("enghouse-premium").pk
    with refused("scope_by_the_contracts_lists"):
        write(ticket, "network", "own-it", service_id=other, **AGREED)
    with refused("scope_by_the_contracts_lists"):
        write(ticket, "network", "own-it", service_id=None)


@pytest.mark.parametrize(
    ("lacking", "rule"),
    [
        ({"agreed_with": " "}, "agreed_where_the_service_asks"),
        ({"agreed_at": None}, "agreed_where_the_service_asks"),
        ({"agreed_at": at(9, day=15)}, "agreed_where_the_service_asks"),
        ({"consulted": ""}, "consulted_where_the_service_asks"),
    ],
)
def test_what_a_way_asks_for_stands_in_its_row(db, clock, lacking, rule):
    clock(at(8))
    ticket = raise_ticket(contract_under("enghouse-premium", csp="none"), at(8), channel="email")
    service = {"service_id": ticket.contract.support_service_id}
    with refused(rule):
        write(ticket, "network", "own-it", **service, **AGREED | lacking)
    with refused("standard_work_is_no_engagement"):
        write(ticket, "network", "engagement", by=somebody("Max", Role.MANAGER), override=True, **service)
    write(ticket, "network", "own-it", **service, **AGREED)
    set_clock(None)


def test_without_a_contract_nothing_is_offered_by_sql_either(db, clock):
    clock(at(8))
    contract = ese_contract()
    contract.ends_on = at(0, day=1).date()
    contract.by(TESTS).save()
    ticket = raise_ticket(contract, at(8), channel="email")
    for fields in ({}, {"outcome": "", "scope": "in"}, {"outcome": "", "override": True}):
        with refused("nothing_is_in_scope_without_a_contract"):
            write(ticket, "", **fields)
    write(ticket, "", "")
    set_clock(None)


def test_type_instant_and_exception_are_the_databases_to_say(ticket):
    write(ticket, "advanced", csp="none", override=True, decided_at=at(3))
    decision = ScopeDecision.objects.get()
    assert (decision.csp, decision.override, decision.decided_at) == ("direct", False, at(8))


@both
def test_no_engagement_hangs_on_a_decision_that_the_list_forbids(own_database, guarded):
    """The control: without the rule the row stands; and then the engagement's own guard still says no."""
    set_clock(at(8))
    engagement = requested(ese_contract())
    engaging.withdraw(engagement, reason="x", by=TESTS, at=at(8))
    if not guarded:
        take_off(("billing_scopedecision", "listed"))
        with transaction.atomic():
            write(engagement.ticket, "network")
        assert ScopeDecision.objects.filter(item="network", outcome="engagement").exists()
    else:
        with refused("against_the_list_by_a_manager"):
            write(engagement.ticket, "network")
    again = Engagement.objects.get()
    again.pk, again.reference, again.state = None, "ENG-X", "requested"
    again.decision = ScopeDecision.objects.order_by("-id").first()
    if not guarded:
        with refused("engagement_is_out_of_scope"):
            again.by(TESTS).save(force_insert=True)

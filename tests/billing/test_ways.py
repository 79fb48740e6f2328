"""Out of scope: exactly the ways of the service, each with what it asks for, one step after the other."""

import pytest
from django.db import IntegrityError, connection, transaction

from billing import scope, ways
from billing.forms.engagements import ScopeDecideForm
from billing.models import ScopeDecision, WayStep
from support import versions
from support.actors import Actor
from support.clocks.terms import WaitReason
from support.models import Mail, Message, Wait
from support.refusal import Refused
from support.roles import Role
from tests.attacks import refused, run
from tests.billing.billing_cases import at, ese_contract, set_clock, somebody
from tests.factories import TESTS
from tests.support.desk_cases import contract_under, raise_ticket

pytestmark = pytest.mark.django_db

ENGHOUSE = ["own-it", "expertise", "immediate"]
ESE = ["refer-microsoft", "refer-csp", "closed"]
AGREED = {"agreed_with": "Robin Sample", "agreed_at": at(8), "consulted": "Head of support"}


@pytest.fixture
def people(clock):
    clock(at(8))
    yield {role: somebody(role, role) for role in (Role.AGENT, Role.MANAGER)}
    set_clock(None)


@pytest.fixture
def agent(people):
    return Actor.of(people[Role.AGENT])


@pytest.fixture
def manager(people):
    return Actor.of(people[Role.MANAGER])


@pytest.fixture
def ticket(people):
    return raise_ticket(contract_under("enghouse-premium", csp="none"), at(8), channel="email")


def decide(ticket, item, outcome="", by=TESTS, **fields):
    fields = {"reason": "It is not our software.", **AGREED, **fields}
    return scope.decide(ticket, scope="out", item=item, outcome=outcome, by=by, at=at(9), **fields)


def left(ticket):
    return ways.next_step(scope.newest(ticket))


@pytest.mark.parametrize(
    ("support", "engagement", "expected"),
    [
        ("enghouse-premium", "", ENGHOUSE),
        ("enghouse-standard", "", ENGHOUSE),
        ("egroup-csp-advantage", "", ["redirected"]),
        ("microsoft-o365-dedicated", "", ["declined"]),
        ("exponential-e-ucc", "", []),
        ("", "calltower-ese", ["engagement", *ESE]),
        ("egroup-csp-advantage", "calltower-ese", ["engagement", *ESE, "redirected"]),
    ],
)
def test_exactly_the_ways_of_the_services_are_offered(clock, support, engagement, expected):
    contract = contract_under(support, engagement=engagement, csp="direct" if engagement else "none")
    form = ScopeDecideForm(ticket=raise_ticket(contract, at(8), channel="email"))
    offered = [code for code, _text in form.fields["outcome"].choices] if "outcome" in form.fields else []
    assert offered == expected
    asked = {"agreed_with", "agreed_at", "consulted"} & set(form.fields)
    assert len(asked) == (3 if expected == ENGHOUSE else 0), "only where a way asks for it"


def test_work_goes_only_the_ways_of_the_service_on_whose_list_it_stands(clock):
    ticket = raise_ticket(ese_contract(), at(8), channel="email")
    with pytest.raises(Refused, match="what Extended Support"):
        decide(ticket, "network", "redirected")
    with pytest.raises(Refused, match="what CSP Advantage"):
        decide(ticket, "on-premises", "refer-microsoft")


def test_standard_support_is_no_way_out_of_scope(clock):
    ticket = raise_ticket(ese_contract(), at(8), channel="email")
    for item in ("network", "in-scope"):
        with pytest.raises(Refused, match="Choose the way that it goes"):
            decide(ticket, item, "standard")
    assert scope.decide(ticket, scope="in", item="in-scope", reason="x", by=TESTS, at=at(9)).outcome == ""


def test_an_item_of_both_services_is_that_of_the_service_that_knows_the_way(clock):
    contract = contract_under("enghouse-premium", engagement="calltower-ese", csp="none")
    ticket = raise_ticket(contract, at(8), channel="email")
    assert decide(ticket, "network", "own-it").service.code == "enghouse-premium"
    assert decide(ticket, "network", "closed").service.code == "calltower-ese"


def test_what_is_not_eligible_becomes_no_engagement_in_the_services_own_words(clock):
    ticket = raise_ticket(ese_contract(), at(8), channel="email")
    own = versions.definition(ticket.contract.engagement_service).scope.override
    with pytest.raises(Refused) as refusal:
        decide(ticket, "sip-gateway", "engagement")
    assert "“Management of a SIP gateway” is not eligible as an engagement." in refusal.value.sentence
    assert own in refusal.value.sentence
    with pytest.raises(Refused, match="names no engagement service"):
        decide(raise_ticket(contract_under("enghouse-premium", csp="none"), at(8)), "network", "engagement")


@pytest.mark.parametrize("lacking", ["agreed_with", "agreed_at", "consulted"])
@pytest.mark.parametrize("way", ENGHOUSE)
def test_where_the_service_asks_it_was_agreed_and_the_head_of_support_consulted(ticket, way, lacking):
    with pytest.raises(Refused) as refusal:
        decide(ticket, "network", way, **{lacking: None})
    assert refusal.value.field == lacking
    assert not ScopeDecision.objects.exists()


@pytest.mark.parametrize(
    ("support", "engagement", "item", "way", "outcome"),
    [
        ("enghouse-standard", "", "network", "own-it", "non_product"),
        ("egroup-csp-advantage", "", "on-premises", "redirected", "redirected"),
        ("microsoft-o365-dedicated", "", "hardware", "declined", "redirected"),
        ("egroup-csp-advantage", "calltower-ese", "microsoft-case", "refer-microsoft", "redirected"),
        ("egroup-csp-advantage", "calltower-ese", "advanced", "refer-csp", "redirected"),
        ("egroup-csp-advantage", "calltower-ese", "network", "closed", "non_product"),
    ],
)
def test_it_ends_with_words_to_the_customer_and_its_outcome(agent, support, engagement, item, way, outcome):
    contract = contract_under(support, engagement=engagement, csp="direct" if engagement else "none")
    ticket = raise_ticket(contract, at(8), channel="email")
    decide(ticket, item, way)
    assert left(ticket) == "close"
    words = ways.ending(scope.newest(ticket)) + " Best wishes, Ana."
    with pytest.raises(Refused, match="what happens now"):
        ways.close(ticket, text=" ", by=agent, at=at(9))
    ways.close(ticket, text=words, by=agent, at=at(9))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.outcome) == ("resolved", outcome)
    assert words in Mail.objects.get(key__startswith="message:").text
    assert left(ticket) == ""
    with pytest.raises(Refused, match="not what the chosen way waits for"):
        ways.close(ticket, text="Again.", by=agent, at=at(9))
    connection.check_constraints()


def test_professional_services_estimate_and_begin_on_a_purchase_order(ticket, agent):
    decide(ticket, "services")
    assert left(ticket) == "estimate"
    with pytest.raises(Refused, match="not what the chosen way waits for"):
        ways.order(ticket, reference="PO 1", by=agent, at=at(9))
    ways.estimate(ticket, minutes=600, text="Ten hours.", by=agent, at=at(9))
    assert Message.objects.latest("pk").text == "Ten hours."
    assert ticket.waits.get(ended_at=None).awaited == "the purchase order for 10 hours"
    assert left(ticket) == "order"
    with pytest.raises(Refused, match="number of the purchase order"):
        ways.order(ticket, reference=" \u200b", by=agent, at=at(9))
    ways.order(ticket, reference="PO 4711", by=agent, at=at(9))
    assert not ticket.waits.filter(ended_at=None).exists()
    assert left(ticket) == "close"
    ways.close(ticket, text="They go on from here.", by=agent, at=at(9))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.outcome) == ("resolved", "redirected")
    steps = ticket.events.filter(kind="scope.way").order_by("seq").values_list("facts", flat=True)
    assert [(each["step"], each.get("minutes")) for each in steps] == [("estimate", 600), ("order", None)]
    assert "PO 4711" not in str(list(steps)), "no text stands on the timeline"


@pytest.mark.parametrize("allowed", [True, False])
def test_limited_help_is_given_with_a_managers_yes(ticket, agent, manager, allowed):
    ticket.customer.accredited_until = at(0, day=20).date()
    ticket.customer.by(TESTS).save()
    decide(ticket, "failed-installation", by=manager, override=True)
    assert left(ticket) == "manager"
    with pytest.raises(Refused, match="Only a support manager says yes or no"):
        ways.answer(ticket, allowed=allowed, reason="On site.", by=agent, at=at(9))
    with pytest.raises(Refused, match="Write down why"):
        ways.answer(ticket, allowed=allowed, reason=" ", by=manager, at=at(9))
    ways.answer(ticket, allowed=allowed, reason="On site.", by=manager, at=at(9))
    assert WayStep.objects.get().step == ("allowed" if allowed else "refused")
    assert (left(ticket), ticket.undone) == ("", True)
    with pytest.raises(Refused, match="not what the chosen way waits for"):
        ways.answer(ticket, allowed=allowed, reason="Again.", by=manager, at=at(9))


def step(decision, by, **fields):
    taken = WayStep(decision=decision, **fields)
    taken.actor = by
    taken.save(force_insert=True)


def test_no_sql_takes_a_step_that_is_not_his(ticket, agent, manager):
    decision = decide(ticket, "services")
    with refused("an_order_follows_its_estimate"):
        step(decision, agent, step="order", reference="PO 1")
    for by in (agent, TESTS):
        with refused("allowed_by_a_manager"):
            step(decision, by, step="allowed", reason="x")
    step(decision, manager, step="refused", reason="x")
    with refused("a_manager_answers_once"):
        step(decision, manager, step="allowed", reason="x")
    with pytest.raises(IntegrityError, match="an_estimate_has_its_minutes"), transaction.atomic():
        step(decision, agent, step="estimate")
    decide(ticket, "network", "own-it")
    with refused("way_of_the_newest_decision"):
        step(decision, agent, step="estimate", minutes=5)
    for attack in (
        "DELETE FROM billing_waystep",
        "UPDATE billing_waystep SET id = id",
        "TRUNCATE billing_waystep",
    ):
        with refused("permission denied"):
            run(attack)


def waited_for(ticket):
    return list(ticket.waits.filter(ended_at=None).values_list("awaited", flat=True))


def estimated(ticket, agent):
    decide(ticket, "services", "expertise")
    ways.estimate(ticket, minutes=120, text="Two hours.", by=agent, at=at(9))


def test_an_order_ends_the_wait_for_it_and_no_other(ticket, agent):
    Wait.begin(ticket, reason=WaitReason.CUSTOMER, awaited="the log files", by=agent, at=at(8.5))
    estimated(ticket, agent)
    assert waited_for(ticket) == ["the purchase order for 2 hours; the log files"]
    ways.order(ticket, reference="PO-1", by=agent, at=at(10))
    assert (waited_for(ticket), ticket.state) == (["the log files"], "waiting")


def test_a_wait_that_began_since_stays(ticket, agent):
    estimated(ticket, agent)
    wait = ticket.waits.get(ended_at=None)
    wait.ticket = ticket
    wait.end(by=agent, at=at(9.5))
    Wait.begin(ticket, reason=WaitReason.CUSTOMER, awaited="the log files", by=agent, at=at(9.6))
    ways.order(ticket, reference="PO-1", by=agent, at=at(10))
    assert waited_for(ticket) == ["the log files"]


def test_a_new_decision_waits_for_no_order(ticket, agent, manager):
    estimated(ticket, agent)
    scope.decide(
        ticket, scope="in", item="services", reason="It is ours.", override=True, by=manager, at=at(10)
    )
    assert (waited_for(ticket), ticket.state) == ([], "open")


def test_it_was_not_agreed_tomorrow(ticket):
    with pytest.raises(Refused, match="Write when it was agreed, not when it will be"):
        decide(ticket, "services", "expertise", agreed_at=at(9, day=15))

"""import_incidents: what the log of the sample tells, worked out by hand, under a service that counts day and night."""

from datetime import date

import pytest
from django.db import connection

from support import folding
from support.models import Clock, Contract, Customer, Event, Ticket, Wait
from support.models.definitions import ServiceVersion
from tests.factories import CustomerFactory, UserFactory
from tests.support.incident_cases import a_log, imported, ticket
from tests.support.table_cases import at, cycles, were

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample():
    imported()


VERDICTS = {
    1: ([("met", "2016-06-06 09:30+01:00")], [("met", "2016-06-06 13:00+01:00")]),
    # From 12:00 to 14:00 it waited for the customer; the problem it waited for until 15:00 stops nothing.
    2: ([("met", "2016-06-06 11:00+01:00")], [("met", "2016-06-06 20:00+01:00")]),
    # As P3 due a day later; made P1 at 08:50, when its half hour had passed: the reclassification's miss.
    3: (
        [("unjudged", "2016-06-08 08:00+01:00"), ("missed", "2016-06-07 08:30+01:00")],
        [("met", "2016-06-07 12:00+01:00")],
    ),
    # Its first row is its resolution; reopened on the 10th it is due 8 hours later, and done an hour and a half late.
    4: (
        [("met", "2016-06-08 10:00+01:00")],
        [("met", "2016-06-08 17:00+01:00"), ("missed", "2016-06-10 17:00+01:00")],
    ),
    5: ([("missed", "2016-06-09 14:30+01:00")], [("pending", "2016-06-09 18:00+01:00")]),
    # A row before the opening counts at the opening, and within a minute the count of changes orders: active first.
    6: ([("met", "2016-06-12 10:00+01:00")], []),
    7: ([("missed", "2016-06-14 09:00+01:00")], []),
    # 00:30 in summer time; 01:30 is the first of the two: due at that instant. Eight hours end at 07:30 in winter time.
    8: ([("met", "2016-10-30 01:30+01:00")], [("missed", "2016-10-30 07:30+00:00")]),
}


@pytest.mark.parametrize("number", VERDICTS)
def test_response_and_restoration_are_judged(sample, number):
    response, fix = VERDICTS[number]
    assert cycles(ticket(number), "response") == were(*response)
    assert cycles(ticket(number), "fix") == were(*fix)


STANDS = {
    1: ("closed", "resolved", "2016-06-06 12:00+01:00", "P1", []),
    2: ("closed", "resolved", "2016-06-06 19:30+01:00", "P2", []),
    3: ("closed", "resolved", "2016-06-07 11:00+01:00", "P1", []),
    4: ("closed", "resolved", "2016-06-10 18:30+01:00", "P2", []),
    5: ("waiting", "", None, "P1", ["vendor"]),
    6: ("waiting", "", None, "P4", ["other"]),
    7: ("closed", "archived", "2016-06-14 10:00+01:00", "P3", []),
    8: ("resolved", "resolved", "2016-10-30 07:31+00:00", "P2", []),
}


@pytest.mark.parametrize("number", STANDS)
def test_a_ticket_stands_as_the_log_says(sample, number):
    state, outcome, done, level, awaited = STANDS[number]
    found = ticket(number)
    assert (found.state, found.outcome, found.priority, found.rank) == (state, outcome, level, int(level[1]))
    assert found.done_at == (at(done) if done else None)
    assert list(found.waits.filter(ended_at=None).values_list("reason", flat=True)) == awaited
    connection.check_constraints()


def test_what_no_log_can_tell_is_unjudged(sample):
    judged = Clock.objects.filter(kind__in=["update", "customer_update", "troubleshoot"])
    assert set(judged.values_list("verdict", flat=True)) == {"unjudged"}
    assert judged.count() == 7


def test_the_reclassification_is_whose_the_miss_is(sample):
    missed = ticket(3).clocks.get(kind="response", verdict="missed")
    assert missed.attributed_to == "reclassification"


def test_waits_are_rows_with_their_instants(sample):
    waits = Wait.objects.filter(ticket=ticket(2)).values_list("reason", "started_at", "ended_at")
    assert list(waits) == [
        ("customer", at("2016-06-06 12:00+01:00"), at("2016-06-06 14:00+01:00")),
        ("other", at("2016-06-06 14:00+01:00"), at("2016-06-06 15:00+01:00")),
    ]


def test_the_timeline_says_that_it_is_an_import(sample):
    told = ticket(2).events.values_list("kind", "actor_name", "source")
    kinds = ["ticket.opened", "session.connected", "wait.started", "wait.ended", "wait.started", "wait.ended"]
    assert list(told) == [(kind, "import", "import") for kind in [*kinds, "ticket.resolved", "ticket.closed"]]
    assert ticket(6).changed_at == at("2016-06-10 11:00+01:00")


def test_customers_are_the_first_known_location_with_one_contract_since_their_first_incident(sample):
    found = Contract.objects.filter(number__startswith="IMPORT-").values_list("holder__name", "starts_on")
    assert sorted(found) == [
        ("Location 1", date(2016, 6, 6)),
        ("Location 2", date(2016, 6, 6)),
        ("Location 3", date(2016, 6, 8)),
        ("Location 4", date(2016, 10, 30)),
        ("Unknown", date(2016, 6, 9)),
    ]
    assert ticket(2).customer.name == "Location 2"
    assert Customer.objects.get(name="Location 1").time_zone == "Europe/London"


def test_a_customer_who_is_known_already_is_taken_whatever_the_case_of_his_name():
    known = CustomerFactory(name="LOCATION 1")
    imported()
    assert ticket(1).customer == known


def test_somebody_of_the_desk_whom_the_log_names_is_the_owner():
    ana = UserFactory(name="Resolver 2")
    UserFactory(name="Resolver 1"), UserFactory(name="Resolver 1")  # two of that name: nobody can say which
    imported()
    assert (ticket(2).owner, ticket(1).owner) == (ana, None)
    assert ticket(2).events.get(kind="owner.changed").facts == {"new": ana.pk}


@pytest.mark.parametrize("service", ["exponential-e-ucc", "microsoft-o365-dedicated", "egroup-csp-advantage"])
def test_folding_again_gives_the_same_clocks(service):
    imported(service=service)
    for one in Ticket.objects.all():
        stored = [(clock.key, clock.verdict, clock.due_at, clock.detail) for clock in one.clocks.all()]
        rows = [folding.row_of(one, clock, n) for n, clock in enumerate(folding.clocks_of(one))]
        assert stored == [(clock.key, clock.verdict, clock.due_at, clock.detail) for clock in rows]


@pytest.mark.parametrize(
    ("service", "levels"),
    [
        ("microsoft-o365-dedicated", {1: "A", 2: "B", 7: "C", 6: "D"}),  # 1 is the provider's alone
        ("egroup-csp-advantage", {1: "A", 2: "B", 7: "C", 6: "C"}),  # there is no fourth
        ("exponential-e-ucc", {1: "Critical", 2: "High", 7: "Normal", 6: "Low"}),
    ],
)
def test_the_logs_1_to_4_are_the_services_first_to_fourth(service, levels):
    imported(service=service)
    assert {number: ticket(number).priority for number in levels} == levels


def test_an_unknown_priority_is_the_first_known_one_else_the_services_own(tmp_path):
    path = a_log(
        tmp_path,
        lambda row: row["number"] == "INC0000001" and row["sys_mod_count"] != "0",
        more=[
            ("INC0000001", {"priority": "?"}),
            ("INC0000007", {"priority": "?", "incident_state": "New", "assigned_to": "?"}),
        ],
    )
    imported(path)
    assert (ticket(1).priority, ticket(7).priority) == ("P1", "P3")


def test_on_premises_nothing_is_restored_by_a_target():
    imported(deployment="on_premises")
    assert not Clock.objects.filter(kind="fix").exists()
    assert set(Ticket.objects.values_list("deployment", flat=True)) == {"on_premises"}


def test_a_service_that_counts_no_session_leaves_the_response_unjudged():
    premium = ServiceVersion.objects.get(code="enghouse-premium")
    data = {**premium.data, "code": "by-message", "response_by": ["message"]}
    own = ServiceVersion(code="by-message", version=1, name="Own", kind="support", data=data, sha256="0" * 64)
    own.added_at, own.actor = premium.added_at, premium.actor
    own.save()
    imported(service="by-message")
    assert set(Clock.objects.filter(kind="response").values_list("verdict", flat=True)) <= {"unjudged"}


def test_one_incident_costs_few_queries(django_assert_max_num_queries, tmp_path):
    imported(a_log(tmp_path, lambda row: row["number"] != "INC0000002", name="others.csv"))
    path = a_log(tmp_path, lambda row: row["number"] == "INC0000002")
    with django_assert_max_num_queries(45):
        imported(path)
    assert Event.objects.filter(ticket=ticket(2)).count() == 8

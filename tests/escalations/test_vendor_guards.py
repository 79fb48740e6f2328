"""Rules of vendor cases in the database: scripts, SQL and two at once get no further than the pages do."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from billing import scope
from escalations import vendors
from escalations.models import VendorCase, VendorEscalation, VendorStep
from support import versions
from support.actors import Actor
from support.models import ServiceVersion, Ticket
from support.refusal import Refused
from tests.attacks import refused, run
from tests.escalations.vendor_cases import escalate, open_case, told, vendor_ticket
from tests.factories import ANA, TESTS
from tests.support.desk_cases import utc

CASE = (
    "INSERT INTO escalations_vendorcase (ticket_id, position, party, number, service_id, severity, state, contact_name, contact_email, "
    "contact_phone, opened_at, opened_how, actor_kind, actor_name) VALUES (%s, %s, %s, %s, %s, %s, %s, '', '', '', %s, 'phone', 'staff', 'Ana')"
)
COLUMNS = CASE[CASE.index("(") + 1 : CASE.index(")")]
STEP = (
    "INSERT INTO escalations_vendorstep (case_id, kind, severity, text, claimed_at, how, actor_kind, actor_name) "
    "VALUES (%s, %s, %s, 'x', %s, 'phone', 'staff', 'Ana')"
)
PRESS = (
    "INSERT INTO escalations_vendorescalation (case_id, clock, kind, severity, reason, at, actor_kind, actor_name) "
    "VALUES (%s, %s, 'fix', 'Z', 'x', '2030-01-01 00:00+00', 'staff', 'Ana')"
)
SAID = {"scope": "out", "reason": "It is outside.", "by": ANA}


def engaged(ticket, at, clock):
    """The work is outside the contract and goes to an engagement."""
    item = next(
        each.item.code
        for each in scope.items(ticket.contract)
        if each.offers and each.item.verdict == "eligible"
    )
    return scope.decide(ticket, item=item, outcome="engagement", at=clock(utc(at)), **SAID)


def sql_case(
    ticket, party="microsoft", number="9", service="microsoft-csp", severity="A", state="open", at=None
):
    version = versions.latest(service).pk if service else None
    run(CASE, ticket.pk, 7, party, number, version, severity, state, at or "2026-10-14 09:00+00")


@pytest.fixture
def ticket(clock):
    clock(utc("2026-10-14 09:00"))
    return vendor_ticket(engagement="calltower-ese", csp="indirect")


@pytest.fixture
def case(ticket, clock):
    return open_case(ticket, clock)


@pytest.mark.django_db
def test_the_reason_is_the_item_that_the_service_sends_on_whatever_it_is_called(ticket, clock):
    """A version whose list calls it otherwise bars the case with its own words: no code of an item is known to the guard."""
    row = ticket.contract.engagement_service
    data = json.loads(json.dumps(row.data).replace('"microsoft-case"', '"their-own-case"'))
    data = json.loads(
        json.dumps(data).replace("Opening or escalating a Microsoft case", "Writing to Microsoft")
    )
    same = {name: getattr(row, name) for name in ("code", "name", "kind", "added_at", "source")}
    own = ServiceVersion(**same, version=row.version + 1, sha256="0" * 64, data=data)
    own.actor = TESTS
    own.save(force_insert=True)
    ticket.contract.engagement_service = own
    ticket.contract.by(TESTS).save()
    engaged(ticket, "2026-10-14 09:05", clock)
    with pytest.raises(Refused, match="Writing to Microsoft in the customer's place"):
        open_case(ticket, clock, "2026-10-14 09:10")


@pytest.mark.django_db
def test_under_an_engagement_no_microsoft_case_is_opened_and_the_lists_words_say_why(ticket, clock):
    engaged(ticket, "2026-10-14 09:05", clock)
    with pytest.raises(Refused, match="Opening or escalating a Microsoft case in the customer's place"):
        open_case(ticket, clock, "2026-10-14 09:10")
    with refused("no_microsoft_case_out_of_scope"):
        sql_case(ticket)
    row = (ticket.pk, 1, "microsoft", "9", versions.latest("microsoft-csp").pk, "A", "open", "", "", "")
    row = (*row, "2026-10-14 09:00+00", "phone", "staff", "Ana")
    with (
        refused("no_microsoft_case_out_of_scope"),
        connection.cursor() as cursor,
        cursor.copy(f"COPY escalations_vendorcase ({COLUMNS}) FROM STDIN") as into,
    ):
        into.write_row(row)
    assert open_case(ticket, clock, "2026-10-14 09:11", party="distributor", severity="").pk


@pytest.mark.django_db
def test_work_that_is_redirected_gets_none_either_and_work_in_scope_does(ticket, clock):
    scope.decide(ticket, item="on-premises", outcome="redirected", at=clock(utc("2026-10-14 09:05")), **SAID)
    with pytest.raises(Refused, match="Integration or deployment on the customer's premises"):
        open_case(ticket, clock, "2026-10-14 09:10")
    inside = {"scope": "in", "item": "mail", "reason": "It is theirs.", "by": ANA}
    scope.decide(ticket, at=clock(utc("2026-10-14 09:15")), **inside)
    assert open_case(ticket, clock, "2026-10-14 09:16").pk


@pytest.mark.django_db
def test_a_case_of_before_is_not_pressed_under_an_engagement(case, ticket, clock):
    engaged(ticket, "2026-10-14 10:30", clock)
    with pytest.raises(Refused, match="Not eligible"):
        escalate(case, clock, "2026-10-14 10:31")
    with refused("no_microsoft_case_out_of_scope"):
        run(PRESS, case.pk, f"case:{case.pk}:vendor_response:1.1")


@pytest.mark.django_db
def test_a_case_runs_under_what_its_service_names_at_a_severity_that_it_knows(ticket, clock):
    for service, severity in [("", ""), ("egroup-csp-advantage", "A")]:
        with refused("vendor_case_under_its_definition"):
            sql_case(ticket, service=service, severity=severity)
    with refused("vendor_severity_of_its_definition"):
        sql_case(ticket, severity="Z")
    with refused("vendor_case_under_its_definition"):
        sql_case(ticket, party="distributor")


@pytest.mark.django_db
def test_place_state_and_instants_are_the_databases(ticket, clock):
    now = clock(utc("2026-10-14 09:30"))
    sql_case(ticket, state="closed")
    row = VendorCase.objects.get()
    assert (row.position, row.state, row.recorded_at) == (1, "open", now)
    with refused("vendor_time_is_past"):
        sql_case(ticket, number="10", at="2026-10-14 09:40+00")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE escalations_vendorcase SET state = 'answered'",
        "UPDATE escalations_vendorcase SET severity = 'C'",
        "UPDATE escalations_vendorcase SET number = '1'",
        "DELETE FROM escalations_vendorcase",
        "TRUNCATE escalations_vendorcase CASCADE",
        *(
            f"{what} escalations_{table}{rest}"
            for table in ["vendorstep", "vendorescalation"]
            for what, rest in [("UPDATE", " SET at = at"), ("DELETE FROM", ""), ("TRUNCATE", "")]
        ),
    ],
)
def test_what_was_recorded_stays(case, attack):
    with refused("permission denied"):
        run(attack)


@pytest.mark.django_db
def test_a_step_sets_state_and_severity_and_nothing_follows_the_end(case, clock):
    clock(utc("2026-10-14 09:30"))
    with refused("vendor_severity_is_another"):
        run(STEP, case.pk, "severity", "A", "2026-10-14 09:10+00")
    with refused("vendor_step_of_a_known_kind"):
        run(STEP, case.pk, "opened", "", "2026-10-14 09:10+00")
    run(STEP, case.pk, "answered", "", "2026-10-14 09:10+00")
    with refused("vendor_answers_first_once"):
        run(STEP, case.pk, "answered", "", "2026-10-14 09:11+00")
    run(STEP, case.pk, "closed", "", "2026-10-14 09:12+00")
    for kind in ["noted", "answered", "closed"]:
        with refused("vendor_case_is_closed"):
            run(STEP, case.pk, kind, "", "2026-10-14 09:13+00")
    assert VendorCase.objects.get().state == "closed"


@pytest.mark.django_db
def test_no_script_escalates_before_a_miss_or_because_of_another_clock(case, ticket, clock):
    key = f"case:{case.pk}:vendor_response:1.1"
    clock(utc("2026-10-14 10:00"))
    with refused("vendor_escalated_after_a_miss"):
        run(PRESS, case.pk, key)
    clock(utc("2026-10-14 14:00"))
    for other in ["ticket:1:response:1.1", ticket.clocks.get(kind="response").key, ""]:
        with refused("vendor_escalated_after_a_miss"):
            run(PRESS, case.pk, other)
    run(PRESS, case.pk, key)
    row = VendorEscalation.objects.get()
    assert (row.kind, row.severity, row.at) == ("vendor_response", "A", utc("2026-10-14 14:00"))


@pytest.mark.django_db
def test_a_customers_contact_opens_and_notes_nothing(case, cast, clock):
    contact = Actor.of(cast.robin_contact)
    for model, fields in [
        (VendorStep, {"kind": "noted", "text": "x", "claimed_at": utc("2026-10-14 09:00"), "how": "mail"}),
        (VendorEscalation, {"clock": f"case:{case.pk}:vendor_response:1.1", "reason": "x"}),
    ]:
        clock(utc("2026-10-14 10:30"))
        row = model(case=case, **fields)
        row.actor = contact
        with refused("the_desk_"):
            row.save(force_insert=True)


def test_guards_refuse_to_judge_by_an_old_snapshot(own_database):
    ticket = vendor_ticket()
    with refused("judged_by_what_is_committed"):
        run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        sql_case(ticket)


@pytest.mark.parametrize("guarded", [True, pytest.param(False, marks=pytest.mark.broken_on_purpose)])
def test_a_case_waits_for_a_decision_in_the_air_and_is_refused(own_database, monkeypatch, guarded):
    """The decision is written and not yet committed when the case is opened: nobody saw it, and yet it counts."""
    ticket = vendor_ticket(engagement="calltower-ese", csp="indirect")
    if not guarded:
        with connection.as_owner():
            run("ALTER TABLE escalations_vendorcase DISABLE TRIGGER guard")
    monkeypatch.setattr(Ticket, "lock", lambda ticket: ticket.refresh_from_db())
    monkeypatch.setattr(vendors, "barred", lambda ticket: "")
    decided, asked = threading.Event(), threading.Event()

    def decide():
        try:
            with transaction.atomic():
                run(
                    "INSERT INTO billing_scopedecision (ticket_id, scope, item, outcome, csp, reason, override, agreed_with, consulted, actor_kind, actor_name, service_id) "
                    "VALUES (%s, 'out', 'advanced', 'engagement', '', 'x', false, '', '', 'staff', 'Ana', %s)",
                    ticket.pk,
                    ticket.contract.engagement_service_id,
                )
                decided.set()
                asked.wait(2)
                run("SELECT pg_sleep(0.5)")
        finally:
            connection.close()

    def open_one():
        decided.wait(5)
        asked.set()
        try:
            with transaction.atomic():
                sql_case(ticket)
        except Exception as error:
            return f"{error}"
        finally:
            connection.close()
        return "opened"

    with ThreadPoolExecutor(2) as pool:
        pool.submit(decide)
        answer = pool.submit(open_one).result()
    assert ("opens no Microsoft case" in answer) if guarded else (answer == "opened")


@pytest.mark.parametrize("guarded", [True, pytest.param(False, marks=pytest.mark.broken_on_purpose)])
def test_two_first_answers_at_once_are_one(own_database, guarded):
    ticket = vendor_ticket()
    sql_case(ticket)
    case, barrier = VendorCase.objects.get(), threading.Barrier(2)
    if not guarded:
        with connection.as_owner():
            run("ALTER TABLE escalations_vendorstep DISABLE TRIGGER guard")

    def answer(_):
        barrier.wait()
        try:
            run(STEP, case.pk, "answered", "", "2026-10-14 09:10+00")
        except Exception as error:
            return f"{error}"
        finally:
            connection.close()
        return "noted"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(answer, range(2)))
    assert VendorStep.objects.count() == (1 if guarded else 2)
    assert not guarded or "stands already" in answers[0]


@pytest.mark.django_db
def test_the_clocks_of_a_case_fold_to_the_same_rows_again(case, ticket, clock):
    from support import folding

    told(vendors.change_severity, case, clock, "2026-10-14 09:20", severity="B", text="Fewer sites.")
    told(vendors.answered, case, clock, "2026-10-14 11:30")
    stored = [(row.key, row.due_at, row.state, row.verdict) for row in ticket.clocks.order_by("position")]
    again = [(c.key, c.due_at, c.state, c.verdict) for c in folding.clocks_of(ticket)]
    assert stored == again

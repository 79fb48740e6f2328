"""The rules of onsite assistance hold for plain SQL and for two at once; without the guard the same test breaks them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from escalations import onsite
from escalations.models import OnsiteRequest, OnsiteStep, OnsiteVisitor
from support.models import Contact
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.at_once import at_once, both
from tests.billing.billing_cases import set_clock
from tests.cases import Cast
from tests.escalations.onsite_cases import (
    TASK,
    ask_access,
    ask_hands,
    authorise,
    onsite_ticket,
    step,
)
from tests.factories import ANA, TESTS
from tests.support.desk_cases import utc

ASK = (
    "INSERT INTO escalations_onsiterequest (ticket_id, position, kind, contact_id, equipment, task, company, visitors, zone, window_from, "
    "window_until, words, state, actor_kind, actor_id, actor_name) VALUES (%s, 7, 'hands', %s, 'Rack', %s, '', '', '', NULL, NULL, '', 'done', %s, %s, 'X')"
)
VISIT = (
    "INSERT INTO escalations_onsiterequest (ticket_id, position, kind, contact_id, equipment, task, company, visitors, zone, window_from, "
    "window_until, words, state, actor_kind, actor_name, wait_id) VALUES (%s, 7, 'access', %s, 'Rack', '', 'Fibre', %s, 'UTC', %s, %s, '', 'left', 'staff', 'X', %s)"
)
STEP = (
    "INSERT INTO escalations_onsitestep (request_id, kind, words, by_whom, document, happened_at, actor_kind, actor_id, actor_name) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'X')"
)


VISITOR = "INSERT INTO escalations_onsitevisitor (step_id, position, name, document, by_whom, turned_away) VALUES (%s, %s, 'X', %s, %s, %s)"


@pytest.fixture
def robin(cast, clock):
    clock(utc("2026-10-14 09:00"))
    return authorise(cast.robin_contact)


@pytest.fixture
def ticket(cast, robin):
    return onsite_ticket(cast.northwind)


def sql_ask(ticket, contact, task=TASK, kind="staff", actor=None):
    run(ASK, ticket.pk, contact.pk, task, kind, actor)


def sql_visit(ticket, contact, names="Jo", begins="2026-10-14 13:00", ends="2026-10-14 17:00", wait=None):
    run(VISIT, ticket.pk, contact.pk, names, utc(begins), utc(ends), wait)


def sql_step(
    request, kind, words="x", by_whom="", document="", at="2026-10-14 09:00", who="staff", actor=None
):
    run(STEP, request.pk, kind, words, by_whom, document, utc(at), who, actor)


@pytest.mark.django_db
def test_place_state_and_instant_are_the_databases(ticket, robin, clock):
    now = clock(utc("2026-10-14 09:30"))
    sql_ask(ticket, robin)
    row = OnsiteRequest.objects.get()
    assert (row.position, row.state, row.at) == (1, "requested", now)


@pytest.mark.django_db
def test_who_and_what_is_asked_for_holds_in_sql(ticket, robin, cast):
    with refused("onsite_task_of_the_list"):
        sql_ask(ticket, robin, task="Read the mail of the board")
    with refused("onsite_of_the_service"):
        sql_ask(onsite_ticket(cast.tailspin, "exponential-e-ucc"), authorise(cast.kim_contact))
    with refused("onsite_by_an_authorised_contact"):
        sql_ask(ticket, cast.kim_contact)
    with refused("onsite_by_an_authorised_contact"):
        sql_ask(ticket, robin, kind="contact", actor=cast.kim_contact.pk)
    authorise(robin, may=False)
    with refused("onsite_by_an_authorised_contact"):
        sql_ask(ticket, robin)


@pytest.mark.django_db
def test_a_visit_says_what_it_needs_and_no_number(ticket, robin):
    with refused("no_document_numbers"):
        sql_visit(ticket, robin, names="Jo, passport 991234567")
    with refused("site_window_is_to_come"):
        sql_visit(ticket, robin, begins="2026-10-13 09:00", ends="2026-10-14 08:59")
    with refused("site_window_ends_after_it_begins"):
        sql_visit(ticket, robin, begins="2026-10-14 17:00", ends="2026-10-14 13:00")
    with refused("onsite_says_what_its_kind_needs"):
        sql_visit(ticket, robin, names=" ")
    with refused("site_access_of_the_tickets_wait"):
        sql_visit(ticket, robin, wait=4711)


@pytest.mark.django_db
def test_nothing_that_was_asked_or_done_is_changed(ticket, robin, clock):
    request = ask_hands(ticket, robin, clock)
    step(request, "accepted", clock, "2026-10-14 09:30")
    for attack in [
        "UPDATE escalations_onsiterequest SET state = 'done'",
        "DELETE FROM escalations_onsiterequest",
        "TRUNCATE escalations_onsiterequest CASCADE",
        "UPDATE escalations_onsitestep SET words = ''",
        "DELETE FROM escalations_onsitestep",
        "TRUNCATE escalations_onsitestep",
    ]:
        with refused("permission denied"):
            run(attack)


@pytest.mark.django_db
def test_no_script_grants_what_nobody_may_ask_for_any_more(ticket, robin, clock):
    asked = {"approved": ask_access(ticket, robin, clock), "accepted": ask_hands(ticket, robin, clock)}
    authorise(robin, may=False)
    for kind, request in asked.items():
        with refused("onsite_by_an_authorised_contact"):
            sql_step(request, kind)
    authorise(robin)
    ticket.refresh_from_db()
    ticket.resolve(outcome="resolved", by=TESTS, at=clock(utc("2026-10-14 09:30")))
    for kind, request in asked.items():
        with refused("onsite_on_an_undone_ticket"):
            sql_step(request, kind)
        sql_step(request, "declined")


@pytest.mark.django_db
def test_steps_follow_one_another_in_sql(ticket, robin, cast, clock):
    request = ask_access(ticket, robin, clock)
    for kind in ["accepted", "done", "arrived", "left", "no_show", "requested", "nonsense"]:
        with refused("onsite_step_by_step"):
            sql_step(request, kind)
    with refused("contacts_only_cancel_onsite_help"):
        sql_step(request, "approved", who="contact", actor=robin.pk)
    with refused("onsite_by_an_authorised_contact"):
        sql_step(request, "cancelled", who="contact", actor=cast.kim_contact.pk)
    with refused("onsite_step_says_what"):
        sql_step(request, "declined", words=" ")
    sql_step(request, "approved")
    clock(utc("2026-10-14 13:30"))
    arrival = {"at": "2026-10-14 13:20"}
    with refused("no_document_numbers"):
        sql_step(request, "arrived", **{**arrival, "words": "C01X00T47"})
    with refused("arrival_within_the_window"):
        sql_step(request, "arrived", **{**arrival, "at": "2026-10-14 12:59"})
    sql_step(request, "arrived", **arrival)
    for place in [1, 2]:
        sql_visitor(request, place)
    with refused("onsite_in_its_order"):
        sql_step(request, "left", at="2026-10-14 13:00")


def sql_visitor(request, place, document="passport", by_whom="G", away=""):
    arrival = run("SELECT max(id) FROM escalations_onsitestep WHERE request_id = %s", request.pk)[0][0]
    run(VISITOR, arrival, place, document, by_whom, away)


@pytest.fixture
def arriving(ticket, robin, clock):
    request = ask_access(ticket, robin, clock)
    sql_step(request, "approved")
    clock(utc("2026-10-14 13:30"))
    return request


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rule", "visitors"),
    [
        ("arrival_says_of_each_visitor", []),
        ("arrival_says_of_each_visitor", [(1,)]),
        ("somebody_has_arrived", [(1, "", "G", "No."), (2, "", "G", "No.")]),
        ("visitor_was_announced", [(1,), (2,), (3,)]),
        ("visitor_was_announced", [(0,)]),
        ("visitor_once_in_an_arrival", [(1,), (1,)]),
        ("visitor_shows_a_document_or_is_turned_away", [(1, ""), (2,)]),
        ("visitor_shows_a_document_or_is_turned_away", [(1, "passport", "G", "No."), (2,)]),
        ("visitor_shows_a_document_or_is_turned_away", [(1, "library card"), (2,)]),
        ("visitor_is_checked_by_somebody", [(1, "passport", " "), (2,)]),
        ("no_document_numbers", [(1, "passport", "G 991234567"), (2,)]),
        ("no_document_numbers", [(1, "", "G", "Card C01X00T47"), (2,)]),
    ],
)
def test_no_script_lets_anybody_in_unseen(arriving, rule, visitors):
    with refused(rule):
        sql_step(arriving, "arrived", at="2026-10-14 13:20")
        for visitor in visitors:
            sql_visitor(arriving, *visitor)
    assert not OnsiteVisitor.objects.exists()


@pytest.mark.django_db
def test_who_came_stays_and_is_of_an_arrival(arriving):
    with refused("visitor_was_announced"):
        sql_visitor(arriving, 1)
    with refused("arrival_says_of_each_visitor"):
        sql_step(arriving, "arrived", document="passport", by_whom="G", at="2026-10-14 13:20")
        for place in [1, 2]:
            sql_visitor(arriving, place)
    sql_step(arriving, "arrived", at="2026-10-14 13:20")
    sql_visitor(arriving, 1, "", "G", "Nothing to show.")
    sql_visitor(arriving, 2)
    assert [row.name for row in OnsiteVisitor.objects.all()] == ["Jamie Doe", "Lou Grant"]
    for attack in ["UPDATE {} SET name = 'X'", "DELETE FROM {}", "TRUNCATE {}"]:
        with refused("permission denied"):
            run(attack.format("escalations_onsitevisitor"))


@pytest.fixture
def own(own_database):
    """A ticket and its authorised contact in a database of this test's own."""
    cast = Cast.made()
    told(utc("2026-10-14 09:00"))
    robin = authorise(cast.robin_contact)
    yield onsite_ticket(cast.northwind), robin
    connection.simulated_now = ""


def told(at):
    set_clock(at)
    return at


def test_guards_refuse_to_judge_by_an_old_snapshot(own):
    with refused("judged_by_what_is_committed"):
        run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        sql_ask(*own)


def test_of_two_steps_at_once_one_is_taken(own):
    request = ask_hands(*own, told)
    at = told(utc("2026-10-14 09:30"))

    def answer(place):
        row = OnsiteRequest.objects.select_related("ticket").get(pk=request.pk)
        try:
            onsite.step(row, ("accepted", "declined")[place], words="x", by=ANA, at=at)
        except Refused as refusal:
            return refusal.sentence
        return ""

    first, second = sorted(at_once(2, answer, at))
    assert first == ""
    assert "does not follow" in second
    assert OnsiteStep.objects.count() == 1


@both
def test_an_authority_that_is_being_taken_away_is_waited_for(own, guarded):
    """Read without being held, the contact is the one of before: a request stands though the authority was gone first."""
    ticket, robin = own
    if not guarded:
        with connection.as_owner():
            ((source,),) = run("SELECT pg_get_functiondef('onsite_authorised'::regproc)")
            run(source.replace("id = who FOR SHARE", "id = who"))
    at, begun = told(utc("2026-10-14 09:20")), threading.Event()

    def ask():
        set_clock(at)
        begun.set()
        try:
            sql_ask(ticket, robin)
        except IntegrityError as error:
            return error.__cause__.diag.constraint_name
        finally:
            connection.simulated_now = ""
            connection.close()
        return "asked"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            authorise(Contact.objects.get(pk=robin.pk), may=False)
            answer = pool.submit(ask)
            begun.wait(10)
            threading.Event().wait(0.5)  # until it waits for the contact, or has gone past him
        assert answer.result(10) == ("onsite_by_an_authorised_contact" if guarded else "asked")
    assert OnsiteRequest.objects.count() == (0 if guarded else 1)

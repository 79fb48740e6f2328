"""Whatever SQL is run as the application's role: packs are of approved work, hold what the customer reads, and stay as they were."""

from threading import Event

import pytest
from django.db import IntegrityError, connection, transaction

from billing import answering, assist_notes, assisting, engaging
from billing.models import AssistHandover, AssistNote, AssistTaking
from support.actors import Actor
from support.mail import outbox
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.assist_cases import case, handed, log, made, row, screenshot, stored
from tests.billing.at_once import at_once, both, take_off
from tests.billing.billing_cases import at, offered, requested, set_clock, signed, world
from tests.factories import TESTS, ContactFactory, CustomerFactory, granted
from tests.support.desk_cases import raise_ticket

BLOCKED = "SELECT count(*) FROM pg_locks WHERE NOT granted"
TABLES = ["billing_assistpack", "billing_assisthandover", "billing_assisttaking", "billing_assistnote"]
CASE = {"kind": "case", "case_number": "1", "on": at(18).date()}
REQUEST = {"kind": "request", "text": "Headers.", "on": at(18).date()}
CALL = {"kind": "call", "starts_at": at(9, day=15)}


def test_numbers_and_instants_are_the_databases(w):
    pack = row(w, number=9, made_at=at(1), tenant_id="00000000-0000-0000-0000-000000000001")
    assert (pack.number, pack.made_at, pack.tenant_id) == (1, at(18), None)
    given = row(
        w,
        AssistHandover,
        pack=pack,
        contact=w.robin,
        way="other",
        words="x",
        contact_name="Eve",
        handed_at=at(1),
    )
    assert (given.contact_name, given.contact_email, given.handed_at) == (w.robin.name, w.robin.email, at(18))
    taken = row(w, AssistTaking, pack=pack, contact=w.robin, contact_name="Eve", taken_at=at(1))
    assert (taken.contact_name, taken.taken_at) == (w.robin.name, at(18))
    assert row(w, AssistNote, **CASE, number=7, noted_at=at(1)).number == 1


def test_a_pack_and_a_note_are_of_approved_work(w):
    fresh = requested(w.contract, ticket=w.ticket)
    with refused("assisted_after_a_yes"):
        row(w, engagement=fresh)
    with refused("assisted_after_a_yes"):
        row(w, AssistNote, engagement=fresh, **CASE)


def test_a_pack_is_of_a_yes_in_force(w):
    assert made(w).number == 1
    answering.withdraw_approval(w.approval, reason="Stop.", by=Actor.of(w.robin), at=at(18))
    assert w.engagement.state != "withdrawn"
    with pytest.raises(Refused, match="No yes of the customer is in force"):
        made(w)
    with refused("packs_are_of_approved_work"):
        row(w)
    assert row(w, AssistNote, **CASE).pk, "what becomes of the case is still written down"
    signed(offered(w.engagement, w.robin, when=at(18)), w.robin, at(18))
    assert made(w).number == 2


def test_a_pack_is_not_of_a_yes_whose_time_is_over(w):
    over = w.offer.work_until
    set_clock(over)
    with refused("packs_are_of_approved_work"):
        row(w)
    with pytest.raises(Refused, match="No yes of the customer is in force"):
        assisting.make(w.engagement, case(), files=[], by=Actor.of(w.ana), at=over)


@pytest.mark.parametrize("end", ["finish", "withdraw"])
def test_a_further_pack_is_of_open_work(w, end):
    said = {"reason": "Not wanted."} if end == "withdraw" else {}
    getattr(engaging, end)(w.engagement, **said, by=Actor.of(w.ana), at=at(18))
    with refused("packs_are_of_open_work"):
        row(w)
    assert row(w, AssistNote, **CASE).pk, "what becomes of the case is still written down"


def test_only_what_the_customer_reads_on_this_ticket_goes_in(w):
    other = raise_ticket(w.contract, at(18), channel="email")
    for file in (
        log(w, visibility="internal"),
        log(w, ticket=other),
        stored(w, visibility="customer"),
        stored(w, visibility="customer", customer=CustomerFactory()),
    ):
        with refused("packs_hold_what_the_customer_reads"):
            row(w, enclosed=[file.pk])
    with refused("packs_hold_what_the_customer_reads"):
        row(w, enclosed=[10**9])
    assert row(w, enclosed=[log(w).pk, screenshot(w).pk]).pk


def test_a_pack_is_the_file_that_was_made_of_it(w):
    for file in (stored(w, visibility="customer"), stored(w, customer=CustomerFactory())):
        with refused("a_pack_is_its_file"):
            row(w, file=file)
    with refused("a_pack_is_its_file"):
        row(w, sha256=b"0" * 32)
    with pytest.raises(IntegrityError, match="a_pack_says_what_microsoft_asks"), transaction.atomic():
        row(w, summary="")


def test_it_is_handed_to_the_customers_own_people(w):
    pack, partner = made(w), ContactFactory()
    granted(partner, w.ticket.customer)
    gone = ContactFactory(customer=w.ticket.customer, active=False)
    for contact in (partner, gone):
        with refused("an_active_contact_of_the_customer"):
            row(w, AssistHandover, pack=pack, contact=contact, way="other", words="x")
    dana, to = ContactFactory(customer=w.ticket.customer), {"subject": "s", "text": "t", "at": at(18)}
    for key, fields in (
        ("a", {"to": [dana.email], "customer": w.ticket.customer}),
        ("b", {"to": [w.robin.email, dana.email], "customer": w.ticket.customer}),
        ("c", {"to": [w.robin.email]}),
    ):
        with refused("handed_over_by_its_own_mail"):
            row(
                w,
                AssistHandover,
                pack=pack,
                contact=w.robin,
                way="mail",
                mail=outbox.queue(key, **to, **fields),
            )
    for fields in ({"way": "mail"}, {"way": "other"}):
        with pytest.raises(IntegrityError, match="handed_over_by_mail_or_in_words"), transaction.atomic():
            row(w, AssistHandover, pack=pack, contact=w.robin, **fields)


def test_only_whoever_may_see_it_takes_it_and_not_before_it_was_handed(w):
    pack, partner = made(w), ContactFactory()
    with refused("taken_after_it_was_handed"):
        row(w, AssistTaking, pack=pack, contact=w.robin)
    handed(w, pack)
    for contact in (partner, ContactFactory(customer=w.ticket.customer, active=False)):
        with refused("an_active_contact_of_the_customer"):
            row(w, AssistTaking, pack=pack, contact=contact)
    granted(partner, w.ticket.customer)
    assert row(w, AssistTaking, pack=pack, contact=partner).pk
    with pytest.raises(IntegrityError, match="first_taken_once"), transaction.atomic():
        row(w, AssistTaking, pack=pack, contact=partner)


def test_the_desk_makes_hands_and_answers_and_the_customer_tells(w):
    stranger, robin = Actor.of(ContactFactory()), Actor.of(w.robin)
    for by in (robin, TESTS, Actor("staff", 10**9, "Eve")):
        with refused("assisted_by_the_desk"):
            row(w, by=by)
        with refused("assisted_by_the_desk"):
            row(w, AssistHandover, by=by, pack=made(w), contact=w.robin, way="other", words="x")
    with refused("an_active_contact_of_the_customer"):
        row(w, AssistNote, by=stranger, **CASE)
    request, call = row(w, AssistNote, by=robin, **REQUEST), row(w, AssistNote, by=robin, **CALL)
    with refused("assisted_by_the_desk"):
        row(w, AssistNote, by=robin, kind="answer", text="x", about=request)
    with refused("answers_are_to_a_request"):
        row(w, AssistNote, kind="answer", text="x", about=call)
    with refused("answers_are_to_a_request"):
        row(w, AssistNote, kind="outcome", text="x", about=request)
    with refused("whoever_joined_is_of_the_desk"):
        row(w, AssistNote, kind="outcome", text="x", about=call, joined=[10**9])
    row(w, AssistNote, kind="outcome", text="x", about=call, joined=[w.ana.pk])
    with pytest.raises(IntegrityError, match="a_call_ends_once"), transaction.atomic():
        row(w, AssistNote, kind="outcome", text="y", about=call)


def test_nothing_crosses_to_another_engagement(w):
    other = requested(w.contract, ticket=w.ticket)
    signed(offered(other, w.robin, when=at(18), answer_by=at(20)), w.robin, at(18))
    request = row(w, AssistNote, **REQUEST)
    with refused("answers_are_to_a_request"):
        row(w, engagement=other, answers=request)
    with refused("answers_are_to_a_request"):
        row(w, AssistNote, engagement=other, kind="answer", text="x", about=request)


@pytest.mark.parametrize(
    "fields",
    [
        {**CASE, "case_number": ""},
        {**REQUEST, "text": ""},
        {"kind": "call"},
        {"kind": "rumour", "text": "x"},
    ],
)
def test_a_note_says_what_it_is(w, fields):
    with pytest.raises(IntegrityError, match="assist_note_says_what_it_is"), transaction.atomic():
        row(w, AssistNote, **fields)
    with pytest.raises(IntegrityError, match="whoever_joined_joined_a_call"), transaction.atomic():
        row(w, AssistNote, **CASE, joined=[w.ana.pk])


@pytest.mark.parametrize("table", TABLES)
def test_they_are_only_ever_added(w, table):
    for attack in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id", f"TRUNCATE {table} CASCADE"):
        with refused("permission denied"):
            run(attack)


def test_even_the_owners_slip_is_stopped(own_database):
    with connection.as_owner():
        for table in TABLES:
            for attack in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
                with refused(f"{table}_append_only"):
                    run(attack)


@both
def test_what_is_written_at_once_is_numbered_one_after_the_other(own_database, guarded):
    w = world()
    if not guarded:
        take_off(("billing_assistnote", "guard"))

    def tell(i):
        said = {"case_number": f"{i}", "severity": "", "on": at(18).date()}
        try:
            return assist_notes.tell_case(w.engagement, **said, by=Actor.of(w.ana), at=at(18)).number
        except IntegrityError:
            return None

    numbers = at_once(4, tell, clock=at(18))
    set_clock(None)
    assert sorted(numbers, key=str) == ([1, 2, 3, 4] if guarded else [0, None, None, None])


@both
def test_a_pack_waits_for_the_end_of_its_engagement_and_is_refused(own_database, guarded):
    w, ended, done = world(), Event(), Event()
    file = stored(w)
    if not guarded:
        take_off(("billing_assistpack", "guard"))

    def end():
        with transaction.atomic():
            engaging.finish(w.engagement, by=Actor.of(w.ana), at=at(18))
            ended.set()
            while not done.is_set() and not run(BLOCKED)[0][0]:
                pass

    def make():
        ended.wait()
        try:
            return row(w, file=file, number=1).number
        except IntegrityError as error:
            return error.__cause__.diag.constraint_name
        finally:
            done.set()

    answers = at_once(2, lambda i: make() if i else end(), clock=at(18))
    set_clock(None)
    assert answers[1] == ("packs_are_of_open_work" if guarded else 1)

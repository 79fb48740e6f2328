"""Remote hands and site access: who may ask for what, each step, the wait, and who is told."""

from datetime import timedelta

import pytest

from escalations import onsite
from escalations.forms_onsite import shows_a_number
from escalations.models import Help, OnsiteRequest
from support.actors import Actor
from support.models import Mail, Wait
from support.refusal import Refused
from tests.attacks import run
from tests.escalations.onsite_cases import (
    EQUIPMENT,
    TASK,
    arrive,
    ask_access,
    ask_hands,
    authorise,
    let_in,
    onsite_ticket,
    step,
    turned_away,
)
from tests.factories import ANA, TESTS, ContactFactory, granted
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def robin(cast, clock):
    clock(utc("2026-10-14 09:00"))
    return authorise(cast.robin_contact)


@pytest.fixture
def ticket(cast, robin):
    return onsite_ticket(cast.northwind)


def kinds(ticket):
    return [event.kind for event in ticket.events.order_by("seq") if event.kind.startswith("onsite.")]


def test_the_tasks_are_the_services_and_a_service_without_them_knows_none(ticket, cast):
    tasks = onsite.known(ticket)[Help.HANDS].choices
    assert {"Power cycle", TASK, "Install a cable", "Disconnect a device"} <= set(tasks)
    assert onsite.known(onsite_ticket(None, "exponential-e-ucc")) == {}


def test_a_service_without_onsite_assistance_refuses_it_in_words(robin, clock):
    other = onsite_ticket(None, "exponential-e-ucc")
    with pytest.raises(Refused, match="knows no onsite assistance"):
        ask_hands(other, robin, clock)


def test_remote_hands_go_from_the_request_to_what_was_done_and_by_whom(ticket, robin, clock):
    request = ask_hands(ticket, robin, clock)
    assert (request.position, request.state, request.task, request.equipment) == (
        1,
        "requested",
        TASK,
        EQUIPMENT,
    )
    step(request, "accepted", clock, "2026-10-14 09:20")
    done = step(request, "done", clock, "2026-10-14 10:00", words="Drive 7 replaced.", by_whom="Chris Rack")
    request.refresh_from_db()
    assert (request.state, done.by_whom, request.open) == ("done", "Chris Rack", False)
    assert kinds(ticket) == ["onsite.requested", "onsite.accepted", "onsite.done"]


def test_site_access_goes_from_the_request_to_the_leaving(ticket, robin, clock):
    request = ask_access(ticket, robin, clock)
    step(request, "approved", clock, "2026-10-14 09:30")
    here = arrive(request, clock)
    step(request, "left", clock, "2026-10-14 15:00")
    request.refresh_from_db()
    assert request.state == "left"
    assert list(here.visitors.values_list("name", "document", "by_whom")) == [
        ("Jamie Doe", "passport", "Sasha Guard"),
        ("Lou Grant", "passport", "Sasha Guard"),
    ]
    assert kinds(ticket) == ["onsite.requested", "onsite.approved", "onsite.arrived", "onsite.left"]


def test_the_timeline_holds_ids_alone_and_no_clock_moves(ticket, robin, clock):
    before = list(ticket.clocks.order_by("position").values_list("key", "state", "due_at"))
    request = ask_access(ticket, robin, clock)
    facts = [event.facts for event in ticket.events.filter(kind__startswith="onsite.")]
    assert facts == [{"ids": [request.pk]}]
    assert list(ticket.clocks.order_by("position").values_list("key", "state", "due_at")) == before


@pytest.mark.parametrize("why", ["not authorised", "disabled", "a stranger"])
def test_only_an_authorised_contact_of_the_customer_asks(ticket, cast, robin, clock, why):
    asker = robin
    if why == "not authorised":
        authorise(robin, may=False)
    elif why == "disabled":
        robin.active = False
        robin.by(TESTS, utc("2026-10-14 09:00")).save()
    else:
        asker = authorise(cast.kim_contact)
    with pytest.raises(Refused, match="authorised"):
        ask_hands(ticket, asker, clock)
    assert not OnsiteRequest.objects.exists()


def test_a_partners_contact_asks_only_by_grant(ticket, cast, clock):
    partner = authorise(ContactFactory(customer=cast.tailspin))
    assert partner not in onsite.authorised(ticket)
    granted(partner, cast.northwind, utc("2026-10-14 09:00"))
    assert partner in onsite.authorised(ticket)
    assert ask_hands(ticket, partner, clock).pk


def test_a_contact_asks_in_his_own_name_and_cancels(ticket, cast, robin, clock):
    by = Actor.of(robin)
    other = authorise(ContactFactory(customer=cast.northwind))
    with pytest.raises(Refused, match="in his own name"):
        ask_hands(ticket, other, clock, by=by)
    request = ask_hands(ticket, robin, clock, by=by)
    step(request, "cancelled", clock, "2026-10-14 09:30", by=by, words="It came back by itself.")
    request.refresh_from_db()
    assert request.state == "cancelled"


def test_a_ticket_that_is_done_sends_nobody(ticket, robin, clock):
    ticket.resolve(outcome="resolved", by=TESTS, at=clock(utc("2026-10-14 09:05")))
    with pytest.raises(Refused, match="is done"):
        ask_hands(ticket, robin, clock)


def test_a_step_that_does_not_follow_is_refused_with_where_it_stands(ticket, robin, clock):
    request = ask_hands(ticket, robin, clock)
    with pytest.raises(Refused, match="stands at “Requested”: “Done” does not follow"):
        step(request, "done", clock, "2026-10-14 10:00", words="x", by_whom="Chris")
    with pytest.raises(Refused, match="does not follow"):
        step(request, "approved", clock, "2026-10-14 10:00")


@pytest.mark.parametrize(
    ("at", "told", "sentence"),
    [
        ("2026-10-14 12:30", "2026-10-14 12:30", "within the window alone"),
        ("2026-10-14 18:00", "2026-10-14 17:30", "within the window alone"),
        ("2026-10-14 13:30", "2026-10-14 14:00", "write a time that is past"),
    ],
)
def test_nobody_arrives_outside_the_window_or_tomorrow(ticket, robin, clock, at, told, sentence):
    request = ask_access(ticket, robin, clock)
    step(request, "approved", clock, "2026-10-14 09:30")
    with pytest.raises(Refused, match=sentence):
        arrive(request, clock, at, happened_at=utc(told))
    assert arrive(request, clock, "2026-10-14 18:00", happened_at=utc("2026-10-14 17:00")).pk


def test_nobody_came_is_said_only_once_the_window_is_over(ticket, robin, clock):
    request = ask_access(ticket, robin, clock)
    step(request, "approved", clock, "2026-10-14 09:30")
    with pytest.raises(Refused, match="not over yet"):
        step(request, "no_show", clock, "2026-10-14 16:59")
    assert step(request, "no_show", clock, "2026-10-14 17:00").pk


NUMBERS = [
    "AB1234567",
    "passport 12-34-56 7",
    "no. 1 2 3 4 5",
    "X12 34 5",
    "AB\u00a012\u00a034\u00a056\u00a078",
    "12\u200b34\u200b56\u200b78",
    "1\u200b\u200b\u200b2\u200b\u200b\u200b3\u200b\u200b\u200b4\u200b\u200b\u200b5",
    "1234\u20135678\u201390",
    "#12,345,678",
    "12:34:56:78",
    "12_34_56",
    "1234\n5678",
    "\uff11\uff12\uff13\uff14\uff15",
    "\u0661\u0662\u0663\u0664\u0665",
    "\u09e7\u09e8\u09e9\u09ea\u09eb",
    "\u2460\u2461\u2462\u2463\u2464",
]


@pytest.mark.parametrize("text", NUMBERS)
def test_forms_and_the_database_know_the_same_numbers(db, text):
    assert shows_a_number(text)
    assert run("SELECT shows_a_document_number(%s)", text) == [(True,)]


@pytest.mark.parametrize(
    "text", [EQUIPMENT, "", "Room 1.04, door 7", "Sasha Guard", "4711", "\u0661\u0662 \u65e5\u672c"]
)
def test_what_is_no_number_of_a_document_may_be_written(db, text):
    assert not shows_a_number(text)
    assert run("SELECT shows_a_document_number(%s)", text) == [(False,)]


def test_the_equipment_of_a_visit_holds_no_number_of_a_document(ticket, robin, clock):
    with pytest.raises(Refused, match="looks like the number of a document"):
        ask_access(ticket, robin, clock, equipment="Rack 4, passport 123456789")
    ask_access(ticket, robin, clock)


@pytest.mark.parametrize("text", NUMBERS)
def test_what_looks_like_the_number_of_a_document_is_kept_nowhere(ticket, robin, clock, text):
    for field in ["company", "visitors", "words"]:
        with pytest.raises(Refused, match="looks like the number of a document"):
            ask_access(ticket, robin, clock, **{field: text})
    request = ask_access(ticket, robin, clock)
    step(request, "approved", clock, "2026-10-14 09:30", words="Gate 12, from 9:00.")
    for said in [
        {"words": text},
        {"visitors": let_in(by_whom=text)},
        {"visitors": [*let_in("passport"), turned_away(2, text)]},
    ]:
        with pytest.raises(Refused, match="looks like the number of a document"):
            arrive(request, clock, **said)


def test_the_ticket_waits_for_site_access_until_somebody_is_there(ticket, robin, clock):
    request = ask_access(ticket, robin, clock, waits=True)
    wait = Wait.objects.get(ticket=ticket)
    assert (wait.reason, wait.awaited, request.wait) == ("site_access", "Fibre Works", wait)
    other = ask_access(ticket, robin, clock, "2026-10-14 09:20", waits=True)
    step(other, "declined", clock, "2026-10-14 09:25", words="One crew is enough.")
    wait.refresh_from_db()
    assert wait.ended_at is None
    step(request, "approved", clock, "2026-10-14 09:30")
    arrive(request, clock)
    wait.refresh_from_db()
    ticket.refresh_from_db()
    assert (wait.ended_at, ticket.state) == (utc("2026-10-14 13:30"), "open")


def test_the_desk_is_mailed_a_request_and_whoever_asked_each_step_in_his_zone(ticket, robin, clock):
    robin.time_zone = "Europe/London"
    robin.by(TESTS, utc("2026-10-14 09:00")).save()
    request = ask_access(ticket, robin, clock)
    [asked] = Mail.objects.filter(key=f"onsite:{request.pk}:requested")
    assert "Robin Sample asks for site access" in asked.text
    assert "13:00 to 17:00 (UTC); at the site Wed 14 Oct, 09:00 to 13:00 (America/New_York)" in asked.text
    step(request, "declined", clock, "2026-10-14 09:30", words="The hall is closed.")
    [told] = Mail.objects.filter(key=f"onsite:{request.pk}:declined")
    assert told.to == [robin.email]
    assert "is declined." in told.text
    assert "The hall is closed." in told.text
    assert "Wed 14 Oct, 14:00 to 18:00 (Europe/London)" in told.text
    assert f"/my/tickets/{ticket.number}/onsite/" in told.text


def test_an_owner_is_not_mailed_what_he_wrote_down_himself(ticket, robin, clock, cast):
    ticket.hand_to(cast.ana, by=TESTS, at=clock(utc("2026-10-14 09:05")))
    row = ask_hands(ticket, robin, clock, by=Actor.of(cast.ana))
    assert not Mail.objects.filter(key=f"onsite:{row.pk}:requested").exists()


def test_whoever_cancels_what_he_asked_for_is_not_mailed_it(ticket, robin, clock):
    row = ask_hands(ticket, robin, clock)
    step(row, "cancelled", clock, "2026-10-14 09:30", words="Not needed.", by=Actor.of(robin))
    assert not Mail.objects.filter(key__endswith=":cancelled").exists()


def test_a_contact_who_sees_it_no_longer_is_not_mailed(ticket, robin, clock):
    request = ask_hands(ticket, robin, clock)
    robin.active = False
    robin.by(TESTS, utc("2026-10-14 09:00")).save()
    request.refresh_from_db()
    step(request, "declined", clock, "2026-10-14 09:30", words="He has left.")
    assert not Mail.objects.filter(key=f"onsite:{request.pk}:declined").exists()


def test_what_was_done_in_the_minute_of_the_step_before_comes_after_it(ticket, robin, clock):
    row = ask_hands(ticket, robin, clock)
    accepted = utc("2026-10-14 09:30") + timedelta(seconds=20)
    onsite.step(row, "accepted", by=ANA, at=clock(accepted), happened_at=accepted)
    done = {"words": "Done.", "by_whom": "Chris", "by": ANA, "at": clock(accepted + timedelta(seconds=30))}
    with pytest.raises(Refused, match="before the step that came before"):
        onsite.step(row, "done", happened_at=utc("2026-10-14 09:29"), **done)
    onsite.step(row, "done", happened_at=utc("2026-10-14 09:30"), **done)  # as the form comes with it
    assert row.steps.get(kind="done").happened_at == accepted

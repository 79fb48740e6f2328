"""Pages of hand-offs: the board, a ticket's own page, its verbs; who may, who reads 409, and what customers never see."""

import re
import uuid

import pytest
from django.urls import reverse

from escalations import handing, handoff_alarms
from escalations.models import HandOff, HandOffStep
from support.actors import Actor
from tests.escalations.handoff_cases import (
    WORDS,
    away,
    deferred,
    offered,
    on_duty,
    person,
    severe,
    sol_at_midnight,
)
from tests.escalations.vendor_cases import open_case
from tests.factories import TESTS
from tests.support.desk_cases import utc
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db

BOARD_QUERIES, PAGE_QUERIES = 15, 8
LATER = {"ask": {"text": "For all of them?"}, "withdraw": {"text": "It is nearly fixed."}}
POSTS = {"write": {"receiver": "region", **WORDS}, "accept": {}, **LATER, "answer": {"text": "For finance."}}


@pytest.fixture
def sol(cast, now):
    return sol_at_midnight(now)


@pytest.fixture
def ticket(cast, sol):
    return deferred(cast)


def offer(ticket, cast, now, at="2026-10-14 23:00", **fields):
    return offered(ticket, now, Actor.of(cast.ana), at, **fields)


def send(client, who, name, number, **data):
    """As the page stands now, unless `about` says what stood there when it was opened."""
    client.force_login(who)
    if name != "write":
        data.setdefault("about", HandOff.objects.filter(ticket__number=number).count() or 1)
    return post(client, f"escalations:handoff-{name}", number, **data)


def read(client, who, name="board", *args):
    client.force_login(who)
    return client.get(reverse(f"escalations:handoff-{name}", args=args))


def ready(name, ticket, cast, now, sol):
    """As the ticket has to stand before this verb works; who does it."""
    if name == "write":
        return cast.ana
    row = offer(ticket, cast, now)
    if name == "answer":
        handing.ask_back(row, text="Why?", by=Actor.of(sol), at=now("2026-10-14 23:01"))
    return sol if name in ("accept", "ask") else cast.ana


@pytest.mark.parametrize("name", POSTS)
def test_each_verb_works_once(client, cast, ticket, sol, now, name):
    who, key = ready(name, ticket, cast, now, sol), uuid.uuid4()
    before = HandOffStep.objects.count() + HandOff.objects.count()
    now("2026-10-14 23:05")
    answers = [send(client, who, name, ticket.number, key=key, **POSTS[name]) for _ in range(2)]
    here = reverse("escalations:handoff-write", args=[ticket.number])
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, here)] * 2
    assert HandOffStep.objects.count() + HandOff.objects.count() == before + 1


@pytest.mark.parametrize("name", POSTS)
def test_strangers_finance_and_get_do_nothing(client, cast, ticket, sol, now, name):
    ready(name, ticket, cast, now, sol)
    before = HandOffStep.objects.count() + HandOff.objects.count()
    for who in (cast.kim, cast.robin):
        assert send(client, who, name, ticket.number, **POSTS[name]).status_code in (403, 404)
    assert send(client, cast.fin, name, ticket.number, **POSTS[name]).status_code == 403
    assert send(client, cast.ana, name, "SR-999999", **POSTS[name]).status_code == 404
    if name != "write":
        assert read(client, cast.ana, name, ticket.number).status_code == 405
    assert HandOffStep.objects.count() + HandOff.objects.count() == before


@pytest.mark.parametrize("name", [name for name in POSTS if name != "write"])
def test_nothing_is_done_before_an_offer_or_after_its_end(client, cast, ticket, sol, now, name):
    assert send(client, sol, name, ticket.number, **POSTS[name]).status_code == 409
    row = offer(ticket, cast, now)
    handing.accept(row, by=Actor.of(sol), at=now("2026-10-14 23:01"))
    response = send(client, sol, name, ticket.number, **POSTS[name])
    assert response.status_code == 409
    assert "Sol has accepted it already" in response.content.decode()


def test_whoever_is_not_on_the_rota_reads_why_he_may_not_accept(client, cast, ticket, now):
    offer(ticket, cast, now)
    response = send(client, cast.max, "accept", ticket.number)
    assert response.status_code == 409
    assert "Only somebody on the rota of Australia" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "data"), [("write", {"receiver": "region", "standing": "Half."}), ("ask", {"text": ""})]
)
def test_a_form_that_lacks_something_comes_back_with_its_words(client, cast, ticket, sol, now, name, data):
    who = ready(name, ticket, cast, now, sol)
    response = send(client, who, name, ticket.number, **data)
    assert response.status_code == 422
    assert name == "ask" or "Half." in response.content.decode()
    assert not HandOffStep.objects.exists()


def test_the_form_is_prefilled_and_says_what_goes_with_it(client, cast, ticket, sol, now):
    open_case(ticket, now, "2026-10-14 20:10")
    now("2026-10-14 22:00")
    html = read(client, cast.ana, "write", ticket.number).content.decode()
    assert "Australia, before Thu 15 Oct, 00:00" in html
    assert "Robin Sample" in html
    assert "TrackingID#2610140040001234" in html
    row = offer(ticket, cast, now)
    handing.take_back(row, text="Not yet.", by=Actor.of(cast.ana), at=now("2026-10-14 23:01"))
    again = read(client, cast.ana, "write", ticket.number)
    assert again.context["forms"]["write"].initial == {**WORDS, "closing": "2026-10-15T00:00:00+00:00"}


def test_to_a_person_it_takes_the_instant_at_which_one_goes_off(client, cast, ticket, now):
    data = {**WORDS, "receiver": str(cast.max.pk)}
    assert (
        "Write when you go off duty"
        in send(client, cast.ana, "write", ticket.number, **data).content.decode()
    )
    now("2026-10-14 22:00")
    assert (
        send(client, cast.ana, "write", ticket.number, **data, off_at="2026-10-14T23:00").status_code == 302
    )
    assert HandOff.objects.get().to_person == cast.max


def test_the_board_shows_who_is_on_what_is_missing_and_what_was_taken(client, cast, ticket, sol, now):
    second, third = (severe("2026-10-14 20:01", owner=cast.ana, title=title) for title in ("Second", "Third"))
    severe("2026-10-14 20:02", owner=cast.ana, priority="B", title="Not urgent")
    asked = offer(second, cast, now, "2026-10-14 23:10")
    handing.ask_back(asked, text="Whose phone?", by=Actor.of(sol), at=now("2026-10-14 23:11"))
    taken = offer(third, cast, now, "2026-10-14 23:12")
    handing.accept(taken, by=Actor.of(sol), at=now("2026-10-14 23:13"))
    now("2026-10-14 23:15")
    html = read(client, sol).content.decode()
    assert "United States closes at 11:00, in 45 min" in html
    assert "Taking over: Sol." in html
    assert "2 of 3 tickets that cross have no accepted hand-off." in html
    assert "At 10:30 the managers are told." in html
    assert "Whose phone?" in html
    assert "Accepted by Sol, 10:13" in html
    assert "Not urgent" not in html
    board = read(client, sol).context["board"]
    assert [len(cards) for cards in (board.write, board.offered, board.accepted)] == [1, 1, 1]


def test_the_board_says_how_each_region_is_reached_and_refreshes_itself(client, cast, ticket, now):
    now("2026-10-14 23:15")
    html = read(client, cast.ana).text
    told = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert "The second-level line for resellers, option 1." in told
    assert "Covers besides: Severity A of other countries while they are closed." in told
    board = reverse("escalations:handoff-board")
    assert f'hx-get="{board}" hx-trigger="every 20s" hx-swap="outerHTML"' in html


@pytest.mark.parametrize("there", ["now", "next week", "away"])
def test_the_board_offers_to_accept_only_to_whom_the_verb_lets(client, cast, ticket, sol, now, there):
    other = person("Kim")
    if there != "now":
        on_duty(other, begin="2026-10-21 00:00", end="2026-10-21 10:00")
    if there == "away":
        on_duty(other)
        away(other)
    offer(ticket, cast, now)
    [card] = read(client, sol if there == "now" else other).context["board"].offered
    assert card.may_take is (there == "now")


def test_after_the_gap_the_board_keeps_what_nobody_took(client, cast, ticket, now):
    now("2026-10-14 23:45")
    handoff_alarms.sweep()
    assert "The managers have been told." in read(client, cast.ana).content.decode()
    now("2026-10-15 00:10")
    html = read(client, cast.ana).content.decode()
    assert "The gap is open" in html
    assert "Australia closes at 10:00, in 9 h 50" in html


def test_the_board_reads_as_many_rows_with_as_many_queries(
    client, cast, ticket, sol, now, django_assert_num_queries
):
    for minute in range(1, 9):
        row = offer(severe(f"2026-10-14 20:0{minute}", owner=cast.ana), cast, now, f"2026-10-14 23:0{minute}")
        if minute % 2:
            handing.accept(row, by=Actor.of(sol), at=now(f"2026-10-14 23:1{minute}"))
    now("2026-10-14 23:25")
    client.force_login(cast.ana)
    client.get(reverse("escalations:handoff-board"))
    with django_assert_num_queries(BOARD_QUERIES):
        client.get(reverse("escalations:handoff-board"))


def test_late_ones_cost_the_board_no_more_queries(client, cast, ticket, now, django_assert_num_queries):
    uma = person("Uma", zone="America/New_York")
    on_duty(uma, "us", "2026-10-12 10:00", "2026-10-18 00:00")
    for minute in range(1, 6):
        offer(severe(f"2026-10-14 20:0{minute}", owner=cast.ana), cast, now, f"2026-10-14 23:0{minute}")
    now("2026-10-15 10:05")
    client.force_login(uma)
    client.get(reverse("escalations:handoff-board"))
    with django_assert_num_queries(BOARD_QUERIES):
        page = client.get(reverse("escalations:handoff-board"))
    assert page.text.count("Accept") >= 5


def test_the_page_of_a_ticket_with_many_hand_offs_has_as_many_queries(
    client, cast, ticket, sol, now, django_assert_num_queries
):
    for minute in range(5):
        row = offer(ticket, cast, now, f"2026-10-14 23:{minute * 2:02}")
        handing.take_back(
            row, text="Not yet.", by=Actor.of(cast.ana), at=now(f"2026-10-14 23:{minute * 2 + 1:02}")
        )
    offer(ticket, cast, now, "2026-10-14 23:20")
    read(client, cast.ana, "write", ticket.number)
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(reverse("escalations:handoff-write", args=[ticket.number]))


def test_the_part_that_refreshes_itself_holds_no_field_to_type_in(client, cast, ticket, sol, now):
    offer(ticket, cast, now)
    client.force_login(sol)
    response = client.get(reverse("escalations:handoff-board"), headers={"HX-Request": "true"})
    html = response.content.decode()
    assert html.lstrip().startswith('<div class="stack" id="handoff-live"')
    assert "<textarea" not in html
    assert 'type="text"' not in html
    assert "HX-Request" in response["Vary"]


def test_customers_read_nothing_of_it(client, cast, ticket, sol, now):
    handing.ask_back(
        offer(ticket, cast, now), text="Whose phone?", by=Actor.of(sol), at=now("2026-10-14 23:05")
    )
    client.force_login(cast.robin)
    html = client.get(reverse("support:own-page", args=[ticket.number])).content.decode()
    assert "hand-off" not in html.lower()
    assert "Sol" not in html
    assert read(client, cast.robin).status_code in (403, 404)
    client.force_login(cast.ana)
    told = client.get(ticket.get_absolute_url()).content.decode()
    assert "Sol asked back before accepting the hand-off" in told


def test_a_done_ticket_has_nothing_to_hand_over(client, cast, ticket, now):
    ticket.resolve(outcome="resolved", by=Actor.of(cast.ana), at=utc("2026-10-14 21:00"))
    assert read(client, cast.ana, "write", ticket.number).status_code == 409
    assert '/handoff/"' not in client.get(ticket.get_absolute_url()).content.decode().replace(
        'href="/handoff/"', ""
    )


def test_the_board_counts_a_lost_acceptance_as_untaken_and_another_one_may_be_written(
    client, cast, ticket, sol, now
):
    handing.accept(offer(ticket, cast, now), by=Actor.of(sol), at=now("2026-10-14 23:10"))
    board = read(client, cast.ana).context["board"]
    assert (board.untaken, len(board.accepted)) == (0, 1)
    sol.disable(by=TESTS, at=now("2026-10-14 23:20"))
    board = read(client, cast.ana).context["board"]
    assert (board.untaken, len(board.accepted), [card.ticket for card in board.write]) == (1, 0, [ticket])
    assert send(client, cast.ana, "write", ticket.number, receiver="region", **WORDS).status_code == 302

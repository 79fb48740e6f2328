"""A hand-off that nobody can take over any more is only taken back: on the board, on its page, by verb and in the database."""

import pytest

from escalations import handing, handoff_alarms, handoff_board
from escalations.models import HandOff
from support.actors import Actor
from support.models import Mail, User
from tests.attacks import refused
from tests.escalations.handoff_cases import WORDS, offered, person, region, severe, swept
from tests.escalations.test_handoff_guards import step
from tests.escalations.test_handoff_pages import read, send
from tests.factories import ANA, TESTS
from tests.support.desk_cases import utc
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db


@pytest.fixture
def to_max(ticket, cast, now):
    """Ana's ticket, offered to Max for when she goes off; he has asked, or not."""
    off_at = utc("2026-10-15 00:30")
    return offered(ticket, now, Actor.of(cast.ana), "2026-10-14 21:00", person=cast.max, off_at=off_at)


@pytest.fixture
def given_away(ticket, to_max, now):
    ticket.refresh_from_db()
    ticket.hand_to(person("Sue"), by=ANA, at=now("2026-10-14 21:10"))


def test_a_ticket_of_somebody_else_by_now_is_offered_to_nobody(client, cast, ticket, to_max, given_away):
    [card] = handoff_board.board(cast.max, utc("2026-10-14 21:11")).offered
    assert (card.may_take, "was given to Sue since: take this hand-off back." in card.words) == (False, True)
    page = read(client, cast.max, "write", ticket.number).text
    assert "was given to Sue since: take this hand-off back." in page
    assert "Accept: the ticket" not in page
    asked = send(client, cast.max, "ask", ticket.number, text="Which site is it?")
    assert (asked.status_code, "Which site is it?" in asked.text) == (422, True)
    assert send(client, cast.max, "accept", ticket.number).status_code == 409
    assert send(client, cast.ana, "withdraw", ticket.number, text="Sue has it.").status_code == 302


def test_nothing_is_asked_or_answered_on_a_ticket_that_is_done(client, cast, ticket, to_max, now):
    handing.ask_back(to_max, text="Which site?", by=Actor.of(cast.max), at=now("2026-10-14 21:05"))
    ticket.refresh_from_db()
    ticket.resolve(outcome="resolved", by=ANA, at=now("2026-10-14 21:10"))
    assert "is done: there is nothing to hand over." in read(client, cast.max, "write", ticket.number).text
    for who, name in [(cast.max, "ask"), (cast.ana, "answer")]:
        late = send(client, who, name, ticket.number, text="The third one.")
        assert (late.status_code, "The third one." in late.text) == (422, True)
    assert to_max.steps.count() == 1


@pytest.mark.parametrize("kind", ["accepted", "asked", "answered"])
def test_no_script_goes_on_with_it(cast, ticket, to_max, given_away, now, kind):
    with refused("handoff_from_its_owner"):
        step(to_max, kind, cast.max)
    ticket.refresh_from_db()
    ticket.resolve(outcome="resolved", by=ANA, at=now("2026-10-14 21:15"))
    with refused("handoff_of_an_undone_ticket"):
        step(to_max, kind, cast.max)
    step(to_max, "withdrawn", cast.max)


def leaving(client, who, tickets, person):
    client.force_login(who)
    said = {"person": str(person.pk), "off_at": "2026-10-15T12:00", **WORDS}
    return post(client, "escalations:handoff-leave", tickets=[ticket.number for ticket in tickets], **said)


def test_whoever_goes_off_reads_what_went_meanwhile_and_keeps_his_words(client, cast, ticket, to_max):
    page = leaving(client, cast.ana, [ticket], cast.max)
    assert "What you wrote stands here to be copied." in page.text
    assert "Offer those chosen" not in page.text
    gone = f"{ticket.number}: done, offered already or no longer yours: open it to see."
    assert (page.status_code, gone in page.text, WORDS["tried"] in page.text) == (422, True, True)
    other = severe("2026-10-14 21:01", owner=cast.ana)
    assert leaving(client, cast.ana, [ticket, other], cast.max).status_code == 302
    page = read(client, cast.ana, "leave").text
    assert ("1 ticket is offered." in page, gone in page, HandOff.objects.count()) == (True, True, 2)


def test_what_another_one_had_offered_is_his_to_see_to_who_has_it_now(
    client, cast, ticket, to_max, given_away
):
    sue = User.objects.get(name="Sue")
    assert ticket.number in read(client, sue, "leave").text
    page = leaving(client, sue, [ticket], cast.max)
    assert page.status_code == 422
    assert "is open already. " in page.text
    assert "was given to Sue since: take this hand-off back." in page.text


def test_whoever_it_is_for_has_left_the_desk_since(client, cast, ticket, to_max, now):
    """His name alone would say that somebody comes: board, page and managers say that nobody does, and whoever goes off sees to it."""
    cast.max.disable(by=ANA, at=now("2026-10-14 21:10"))
    left = "Max has left the desk: take this hand-off back."
    [card] = handoff_board.board(cast.ana, utc("2026-10-14 21:11")).offered
    assert left in card.words
    page = read(client, cast.ana, "write", ticket.number).text
    assert (left in page, "Nobody is on the rota" in page) == (True, False)
    assert ticket.number in read(client, cast.ana, "leave").text
    assert swept(now, "2026-10-15 00:30") >= 1
    assert (
        f"Its hand-off to Max is open. {left}"
        in Mail.objects.filter(key__startswith="handoff-alarm:").last().text
    )
    assert send(client, cast.ana, "withdraw", ticket.number, text="Max has left.").status_code == 302


def test_an_offer_for_a_closing_that_counts_no_more_is_his_to_take_back(client, cast, now):
    """No closing within two days: new hours count before the one it was written for."""
    for code, calendar in [("us", "us-distributor-weekdays"), ("au", "vendor-business")]:
        changed_to(code, calendar, now("2026-10-01 10:00"))
    weekend = severe("2026-10-10 13:00", owner=cast.ana)
    row = offered(weekend, now, Actor.of(cast.ana), "2026-10-10 14:00")
    assert weekend.number not in read(client, cast.ana, "leave").text
    changed_to(row.from_region.code, "uk-business", now("2026-10-10 15:00"))
    now("2026-10-10 15:01")
    assert weekend.number in read(client, cast.ana, "leave").text
    page = leaving(client, cast.ana, [weekend], cast.max)
    assert (page.status_code, "take this hand-off back and write another one" in page.text) == (422, True)


def changed_to(code, calendar, at):
    row = region(code)
    row.calendar = calendar
    row.by(TESTS, at).save()


def test_the_loss_of_what_was_reopened_after_the_closing_is_told(cast, ticket, now, sol):
    now("2026-10-14 23:31")
    assert handoff_alarms.sweep() == 1
    ticket.refresh_from_db()
    ticket.resolve(outcome="resolved", by=ANA, at=now("2026-10-14 23:45"))
    ticket.reopen(by=ANA, at=now("2026-10-15 00:10"))
    row = offered(ticket, now, Actor.of(cast.ana), "2026-10-15 00:15")
    assert row.closes_at == utc("2026-10-15 00:00")
    handing.accept(row, by=Actor.of(sol), at=now("2026-10-15 00:20"))
    ticket.refresh_from_db()
    ticket.hand_to(cast.ana, by=ANA, at=now("2026-10-15 00:30"))
    now("2026-10-15 00:31")
    assert [handoff_alarms.sweep(), handoff_alarms.sweep()] == [1, 0]

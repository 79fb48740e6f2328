"""A page that was opened before somebody else did something: its forms act on what was read there, or on nothing."""

import re

import pytest
from django.urls import reverse

from escalations import handing, levels
from escalations.models import Escalation
from support.actors import Actor
from tests.escalations import test_handoff_pages as handoffs
from tests.escalations.handoff_cases import on_duty, person, severe
from tests.escalations.ladder_cases import escalate, ladder_ticket
from tests.escalations.level_cases import a_ticket
from tests.escalations.test_ticket_escalate import send
from tests.factories import ANA
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db
STALE = {
    "escalation-accept": {},
    "escalation-acknowledge": {},
    "escalation-decline": {"item": "progressing", "words": "The carrier tests tonight."},
    "escalation-act": {"words": "The carrier tests tonight."},
    "escalation-step-down": {"reason": "The carrier tests tonight."},
    "escalation-close": {"reason": "The carrier tests tonight."},
}


@pytest.fixture
def ladder(cast, now):
    """On level 2, which somebody raised after the page of level 1 was opened."""
    now("2026-10-12 09:00")
    ticket = ladder_ticket(holder=cast.northwind)
    escalate(ticket, now, "2026-10-12 10:20")
    escalate(ticket, now, "2026-10-12 14:20")
    return ticket


def shown(client, who, address, action):
    """What the hidden field of a form on this page says."""
    client.force_login(who)
    form = re.search(
        rf'<form[^>]*action="{action}".*?</form>', client.get(address).content.decode(), re.DOTALL
    )
    return int(re.search(r'name="about" value="(\d+)"', form.group(0)).group(1))


@pytest.mark.parametrize("name", STALE)
def test_a_level_that_was_read_is_the_one_that_is_acted_on(client, cast, ladder, name):
    response = send(client, cast.ana, ladder, name, about=1, **STALE[name])
    html = response.content.decode()
    assert response.status_code == 409
    assert "Level 1 is over: the ticket stands on level 2." in html
    assert ("The carrier tests tonight." in html) == bool(STALE[name])
    assert Escalation.current(ladder).level == 2
    assert not hasattr(Escalation.current(ladder), "acknowledgement")


def test_two_who_step_down_at_once_step_down_one_level(client, cast, ladder, now):
    third = escalate(ladder, now, "2026-10-12 18:20")
    action = reverse("escalations:escalation-step-down", args=[ladder.number])
    about = shown(client, cast.ana, ladder.get_absolute_url(), action)
    assert about == third.position
    said = {"about": about, "reason": "Agreed."}
    answers = [send(client, cast.ana, ladder, "escalation-step-down", **said) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 409]
    assert Escalation.current(ladder).level == 2


def test_after_a_refusal_the_form_is_about_what_stands_there_now(client, cast, ladder):
    html = send(client, cast.ana, ladder, "escalation-close", about=1, reason="Agreed.").content.decode()
    assert set(re.findall(r'name="about" value="(\d+)"', html)) == {"2"}


@pytest.mark.parametrize("about", ["", "x", "-1", "²", "9" * 40, 7])
def test_a_form_that_does_not_say_what_it_is_about_does_nothing(client, cast, ladder, about):
    assert send(client, cast.ana, ladder, "escalation-acknowledge", about=about).status_code == 409
    assert not hasattr(Escalation.current(ladder), "acknowledgement")


def test_two_who_move_up_to_level_2_reach_level_2(client, cast, now):
    now("2026-10-12 10:00")
    ticket = a_ticket()
    page = reverse("escalations:level-page", args=[ticket.number])
    action = reverse("escalations:level-raise", args=[ticket.number])
    about = shown(client, cast.ana, page, action)
    assert about == 1
    levels.fill(ticket, {"users": 7}, {}, by=ANA, at=now("2026-10-12 10:05"))
    said = {"about": about, "reason": "Restarted, to no avail."}
    first, second = (send(client, cast.ana, ticket, "level-raise", **said) for _ in range(2))
    assert (first.status_code, second.status_code, levels.level_of(ticket)) == (302, 409, 2)
    assert "It is on level 2 now" in second.content.decode()
    assert "Restarted, to no avail." in second.content.decode()
    assert send(client, cast.ana, ticket, "level-lower", about=3, level=1, reason="x").status_code == 409
    assert levels.level_of(ticket) == 2


@pytest.fixture
def rewritten(cast, now):
    """Two hand-offs: the first was read and then taken back, the second says something else."""
    now("2026-10-14 20:00")
    sol, ticket = person("Sol"), severe(holder=cast.northwind, owner=cast.ana)
    on_duty(sol)
    first = handoffs.offer(ticket, cast, now)
    handing.take_back(first, text="Wrong.", by=Actor.of(cast.ana), at=now("2026-10-14 23:05"))
    second = handoffs.offer(ticket, cast, now, "2026-10-14 23:06", standing="Do not restart it.")
    now("2026-10-14 23:10")
    return sol, second


@pytest.mark.parametrize("name", ["accept", "ask", "answer", "withdraw"])
def test_a_hand_off_that_was_rewritten_is_not_acted_on_unread(client, rewritten, name):
    sol, second = rewritten
    said = {} if name == "accept" else {"text": "Which of the phones?"}
    response = handoffs.send(client, sol, name, second.ticket.number, about=1, **said)
    html = response.content.decode()
    assert response.status_code == 409
    assert "Ana has taken it back" in html
    assert "and another one is offered: read that first." in html
    assert ("Which of the phones?" in html) == (name != "accept")
    second.refresh_from_db()
    assert second.state == "offered"


def test_the_page_says_which_hand_off_it_shows(client, rewritten):
    sol, second = rewritten
    number = second.ticket.number
    action = reverse("escalations:handoff-accept", args=[number])
    about = shown(client, sol, reverse("escalations:handoff-write", args=[number]), action)
    assert about == second.position == 2
    assert shown(client, sol, reverse("escalations:handoff-board"), action) == about
    assert post(client, "escalations:handoff-accept", number).status_code == 409
    assert post(client, "escalations:handoff-accept", number, about=about).status_code == 302

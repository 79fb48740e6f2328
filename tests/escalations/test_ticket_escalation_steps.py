"""Accepting, declining, acting and stepping down on the ticket's page."""

import pytest

from escalations.models import Escalation
from tests.escalations.ladder_cases import escalate, ladder_ticket
from tests.escalations.ladder_contacts import duty
from tests.escalations.test_ticket_escalate import panel, send
from tests.factories import TESTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(cast, now):
    now("2026-10-12 09:00")
    return ladder_ticket(holder=cast.northwind)


@pytest.fixture
def first(ticket, now):
    row = escalate(ticket, now, "2026-10-12 10:20", contact=ticket.raised_by)
    now("2026-10-12 10:30")
    return row


def test_it_is_accepted_and_not_twice(client, cast, ticket, first):
    assert send(client, cast.ana, ticket, "escalation-accept").status_code == 302
    assert send(client, cast.ana, ticket, "escalation-accept").status_code == 409
    assert Escalation.objects.get().acceptance.actor_name == "Ana"


def test_it_is_declined_with_an_entry_and_words(client, cast, ticket, first):
    assert send(client, cast.ana, ticket, "escalation-decline").status_code == 422
    said = {"item": "progressing", "words": "The carrier tests tonight."}
    assert send(client, cast.ana, ticket, "escalation-decline", **said).status_code == 302
    assert send(client, cast.ana, ticket, "escalation-decline", **said).status_code == 409
    assert "Not accepted 10:30: The ticket is progressing" in panel(ticket, cast.ana)[0]


def test_what_is_done_is_said_after_it_was_taken(client, cast, ticket, first):
    assert send(client, cast.ana, ticket, "escalation-act", words="Called.").status_code == 409
    assert send(client, cast.ana, ticket, "escalation-acknowledge").status_code == 302
    assert send(client, cast.ana, ticket, "escalation-act").status_code == 422
    assert send(client, cast.ana, ticket, "escalation-act", words="Called the carrier.").status_code == 302
    assert "10:30, Ana: Called the carrier." in panel(ticket, cast.ana)[0]


def test_it_steps_down_a_level(client, cast, ticket, first, now):
    assert send(client, cast.ana, ticket, "escalation-step-down", reason="Agreed.").status_code == 409
    escalate(ticket, now, "2026-10-12 14:20")
    assert send(client, cast.ana, ticket, "escalation-step-down").status_code == 422
    assert send(client, cast.ana, ticket, "escalation-step-down", reason="Agreed.").status_code == 302
    assert Escalation.current(ticket) == first
    assert "Stepped down from it 14:20. Level 2 not before 18:20" in panel(ticket, cast.ana)[0]


def test_the_missed_target_is_chosen_from_those_that_were_missed(client, cast, ticket, now):
    now("2026-10-12 10:20")
    html = panel(ticket, cast.ana)[1]
    late = ticket.clocks.get(kind="response")
    assert f'<option value="{late.key}">' in html
    assert f'<option value="{ticket.clocks.get(kind="fix").key}">' not in html
    said = {"level": 1, "ground": "target-missed", "contact": ticket.raised_by.pk, "channel": "phone"}
    assert send(client, cast.ana, ticket, "ticket-escalate", **said).status_code == 422
    assert send(client, cast.ana, ticket, "ticket-escalate", missed=late.key, **said).status_code == 302
    assert "A published response or fix target was missed: First response." in panel(ticket, cast.ana)[0]


def test_the_panel_says_who_answers_and_how_to_reach_them(cast, ticket, first):
    assert "Nobody is named for this level" in panel(ticket, cast.ana)[0]
    row = duty(1)
    assert "Answers: Duty 1, +44 20 7946 0000, level1@desk.example" in panel(ticket, cast.ana)[0]
    row.active = False
    row.by(TESTS).save()
    assert "Nobody is named for this level" in panel(ticket, cast.ana)[0]


def test_finance_reads_and_does_not_act(client, cast, ticket, first):
    for name in ["accept", "decline", "act", "step-down"]:
        assert send(client, cast.fin, ticket, f"escalation-{name}").status_code == 403
    assert "<form" not in panel(ticket, cast.fin)[1]

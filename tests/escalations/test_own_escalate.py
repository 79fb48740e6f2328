"""A customer escalates on his own ticket page, reads where it stands, and why not yet."""

import re
import uuid

import pytest
from django.urls import reverse

from escalations.models import Escalation
from support.roles import Role
from tests.cases import NOON
from tests.escalations.ladder_cases import GROUND, escalate, ladder_ticket
from tests.escalations.ladder_contacts import duty
from tests.factories import TESTS, ContactFactory, UserFactory, granted
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(cast, now):
    now("2026-10-12 09:00")
    return ladder_ticket(holder=cast.northwind)


def raises(client, who, ticket, **fields):
    client.force_login(who)
    said = {"level": 1, "ground": GROUND, "reason": "Third day.", **fields}
    return post(client, "escalations:own-escalate", ticket.number, **said)


def page(client, who, ticket):
    client.force_login(who)
    html = client.get(reverse("support:own-page", args=[ticket.number])).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split()), html


def test_he_raises_the_first_level_for_himself(client, cast, ticket, now):
    now("2026-10-12 10:20")
    response = raises(client, cast.robin, ticket)
    assert (response.status_code, response.url) == (302, f"/my/tickets/{ticket.number}/")
    row = Escalation.objects.get()
    assert (row.actor_kind, row.contact, row.reason) == ("contact", cast.robin_contact, "Third day.")


def test_too_early_he_reads_from_when_on_and_why(client, cast, ticket, now):
    escalate(ticket, now, "2026-10-12 10:20")
    now("2026-10-12 11:20")
    words, html = page(client, cast.robin, ticket)
    assert "Level 2 not before 14:20, because level 1 began at 10:20." in words
    assert 'aria-disabled="true" aria-describedby="escalation-early"' in html
    response = raises(client, cast.robin, ticket, level=2, override_reason="Now.")
    assert response.status_code == 422
    assert "Level 2 not before 14:20, because level 1 began at 10:20." in response.content.decode()
    assert Escalation.objects.count() == 1


def test_he_reads_level_and_role_and_no_private_number(client, cast, ticket, now):
    contact = duty(1)
    escalate(ticket, now, "2026-10-12 10:20")
    words = page(client, cast.robin, ticket)[0]
    assert "Level 1 of 4" in words
    assert "Service Desk answers." in words
    for private in ["+44 20 7946 0000", "Duty 1", "level1@desk.example"]:
        assert private not in words
    contact.published = True
    contact.by(TESTS).save()
    assert "Service Desk answers, +44 20 7946 0000." in page(client, cast.robin, ticket)[0]


def test_of_what_the_desk_did_he_reads_the_step_and_not_the_words(client, cast, ticket, now):
    row = escalate(ticket, now, "2026-10-12 10:20", reason="Their board calls.")
    row.acknowledge(by=TESTS, at=now("2026-10-12 10:30"))
    row.act(words="Rang the carrier.", by=TESTS, at=now("2026-10-12 10:40"))
    words = page(client, cast.robin, ticket)[0]
    assert "tests acknowledged the escalation" in words
    for internal in ["Their board calls", "Rang the carrier", "acted on the escalation"]:
        assert internal not in words


def test_a_stranger_and_an_unknown_number_are_404_and_staff_403(client, cast, ticket):
    assert raises(client, cast.kim, ticket).status_code == 404
    assert raises(client, cast.ana, ticket).status_code == 403
    ticket.number = "SR-999999"
    assert raises(client, cast.robin, ticket).status_code == 404
    assert not Escalation.objects.exists()


def test_get_does_nothing(client, cast, ticket):
    client.force_login(cast.robin)
    assert client.get(reverse("escalations:own-escalate", args=[ticket.number])).status_code == 405


def test_on_a_ticket_that_is_done_nothing_is_raised(client, cast, ticket, now):
    ticket.resolve(outcome="resolved", by=TESTS, at=now("2026-10-12 10:20"))
    assert "escalate/" not in page(client, cast.robin, ticket)[1]
    assert raises(client, cast.robin, ticket).status_code == 422
    assert not Escalation.objects.exists()


def test_a_form_sent_twice_raises_one_level(client, cast, ticket, now):
    key = uuid.uuid4()
    assert [raises(client, cast.robin, ticket, key=key).status_code for _ in range(2)] == [302, 302]
    assert Escalation.objects.count() == 1


def test_a_partners_contact_raises_by_grant_alone(client, cast, ticket):
    user = UserFactory(name="Pat", email="pat@partner.example", kind="customer")
    user.give_roles([Role.CUSTOMER], by=TESTS, at=NOON)
    partner = ContactFactory(user=user, email=user.email)
    assert raises(client, user, ticket).status_code == 404
    granted(partner, cast.northwind)
    assert raises(client, user, ticket).status_code == 302
    assert Escalation.objects.get().contact == partner


def test_the_page_costs_two_queries_more_than_without_an_escalation(
    client, cast, ticket, now, django_assert_max_num_queries
):
    escalate(ticket, now, "2026-10-12 10:20")
    client.force_login(cast.robin)
    address = reverse("support:own-page", args=[ticket.number])
    client.get(address)
    with django_assert_max_num_queries(22):
        assert client.get(address).status_code == 200

"""Going off duty: one's open tickets, all or chosen ones, offered to somebody else."""

import uuid

import pytest
from django.urls import reverse

from escalations.models import HandOff
from escalations.views import going_off
from tests.escalations.handoff_cases import WORDS, person, severe
from tests.factories import TESTS
from tests.support.desk_cases import utc
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db

QUERIES = 4


@pytest.fixture
def tickets(cast, now):
    now("2026-10-14 20:00")
    other = {"service": "enghouse-premium", "priority": "P3"}
    made = [severe(owner=cast.ana), severe("2026-10-14 20:01", owner=cast.ana, **other)]
    now("2026-10-14 21:00")
    return [*made, severe("2026-10-14 20:02", owner=cast.max)]


def send(client, who, tickets, **data):
    client.force_login(who)
    said = {"tickets": [ticket.number for ticket in tickets], "off_at": "2026-10-14T23:00", **WORDS}
    return post(client, "escalations:handoff-leave", **{**said, **data})


def test_those_chosen_are_offered_once_and_nobody_elses(client, cast, tickets):
    key = uuid.uuid4()
    for _ in range(2):
        assert send(client, cast.ana, tickets, person=str(cast.max.pk), key=key).status_code == 302
    assert set(HandOff.objects.values_list("ticket", flat=True)) == {ticket.pk for ticket in tickets[:2]}
    assert {row.to_person for row in HandOff.objects.all()} == {cast.max}
    html = client.get(reverse("escalations:handoff-leave")).content.decode()
    assert "2 tickets are offered." in html
    assert "Nothing of yours is left to hand over" in html


@pytest.mark.parametrize(
    "wrong", [{"tickets": []}, {"off_at": "2026-10-14T20:30"}, {"standing": ""}, {"person": ""}]
)
def test_what_is_missing_is_said_and_the_choice_kept(client, cast, tickets, wrong):
    data = {"person": str(cast.max.pk), "tried": "Half a word.", **wrong}
    chosen = [] if data.pop("tickets", None) == [] else tickets[:1]
    response = send(client, cast.ana, chosen, **data)
    html = response.content.decode()
    assert response.status_code == 422
    assert "Half a word." in html
    assert html.count("checked") == (0 if wrong == {"tickets": []} else 1)
    assert not HandOff.objects.exists()


def test_of_very_many_the_page_says_how_many_it_leaves_out(client, cast, tickets, monkeypatch):
    """And one of those, sent all the same, is offered."""
    monkeypatch.setattr(going_off, "MOST", 1)
    client.force_login(cast.ana)
    html = client.get(reverse("escalations:handoff-leave")).content.decode()
    assert "1 more, less urgent, is listed once these are offered." in html
    assert html.count('name="tickets"') == 1
    assert send(client, cast.ana, tickets[:2], person=str(cast.max.pk)).status_code == 302
    assert HandOff.objects.count() == 2


def test_a_number_that_no_ticket_can_have_is_no_mistake_of_ours(client, cast, tickets):
    said = {"person": str(cast.max.pk), "off_at": "2026-10-14T23:00", **WORDS}
    client.force_login(cast.ana)
    assert post(client, "escalations:handoff-leave", tickets=["\0", "SR-\0"], **said).status_code == 422
    assert post(client, "support:ticket-assign", tickets=["\0"], owner=str(cast.max.pk)).status_code == 422


def test_whoever_was_chosen_and_has_left_is_named_as_such(client, cast, tickets):
    gone = person("Gone")
    gone.disable(by=TESTS, at=utc("2026-10-14 20:30"))
    page = send(client, cast.ana, tickets[:1], person=str(gone.pk), tried="Half a word.")
    assert (page.status_code, "is not of the desk any more" in page.text, "Half a word." in page.text) == (
        422,
        True,
        True,
    )


def test_it_is_for_those_who_work_on_tickets(client, cast, tickets):
    for who, status in [(cast.fin, {403}), (cast.robin, {403, 404}), (cast.kim, {403, 404})]:
        assert send(client, who, tickets, person=str(cast.max.pk)).status_code in status
    assert send(client, cast.ana, tickets[:1], person=str(cast.ana.pk)).status_code == 422
    assert send(client, cast.ana, tickets[:1], person=str(cast.robin.pk)).status_code == 422
    assert not HandOff.objects.exists()


def test_the_page_has_as_many_queries_whatever_one_has(client, cast, tickets, django_assert_num_queries):
    client.force_login(cast.ana)
    client.get(reverse("escalations:handoff-leave"))
    with django_assert_num_queries(QUERIES):
        client.get(reverse("escalations:handoff-leave"))

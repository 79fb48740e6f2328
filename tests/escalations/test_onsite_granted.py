"""Onsite assistance is granted while the ticket is not done and whoever asked still may ask; what happened is noted all the same."""

import pytest
from django.urls import reverse

from escalations.models import Help
from support.refusal import Refused
from tests.attacks import refused, run
from tests.escalations.onsite_cases import arrive, ask_access, ask_hands, authorise, onsite_ticket, step
from tests.factories import ANA, TESTS
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("ask", [ask_hands, ask_access])


@pytest.fixture
def robin(cast, now):
    now("2026-10-14 09:00")
    return authorise(cast.robin_contact)


@pytest.fixture
def ticket(cast, robin):
    return onsite_ticket(cast.northwind)


def granted(request, clock, at="2026-10-14 10:00"):
    return step(request, "approved" if request.kind == Help.ACCESS else "accepted", clock, at)


def resolved(ticket, now, at):
    ticket.refresh_from_db()
    ticket.resolve(outcome="resolved", by=TESTS, at=now(at))


@BOTH
def test_nothing_is_granted_on_a_ticket_that_is_done(ticket, robin, now, ask):
    request = ask(ticket, robin, now)
    resolved(ticket, now, "2026-10-14 09:30")
    with pytest.raises(Refused, match="is done: reopen it first, or decline"):
        granted(request, now)
    ticket.reopen(by=TESTS, at=now("2026-10-14 10:05"))
    granted(request, now, "2026-10-14 10:10")


@BOTH
@pytest.mark.parametrize("lost", ["active", "asks_onsite"])
def test_nothing_is_granted_to_whoever_may_ask_no_more(ticket, robin, now, ask, lost):
    request = ask(ticket, robin, now)
    setattr(robin, lost, False)
    robin.by(TESTS).save()
    with pytest.raises(Refused, match="may not ask for onsite assistance any more: decline"):
        granted(request, now)
    step(request, "declined", now, "2026-10-14 10:10", words="He has left.")


def test_nobody_is_let_in_after_the_window(ticket, robin, now):
    request = ask_access(ticket, robin, now)
    with pytest.raises(Refused, match="window is over: decline this request"):
        granted(request, now, "2026-10-14 17:00")
    with refused("access_while_its_window_lasts"):
        run(
            "INSERT INTO escalations_onsitestep (request_id, kind, words, by_whom, happened_at, actor_kind, actor_id, actor_name) "
            "VALUES (%s, 'approved', '', '', now(), 'staff', %s, 'Ana')",
            request.pk,
            ANA.id,
        )
    step(request, "declined", now, "2026-10-14 17:01", words="Too late.")


def test_who_stands_at_the_door_is_noted_though_the_ticket_is_done_and_the_asker_gone(ticket, robin, now):
    request = ask_access(ticket, robin, now)
    granted(request, now)
    resolved(ticket, now, "2026-10-14 11:00")
    authorise(robin, may=False)
    arrive(request, now)
    step(request, "left", now, "2026-10-14 15:00")
    request.refresh_from_db()
    assert request.state == "left"
    noted = ticket.events.filter(kind__startswith="onsite.").order_by("seq").values_list("kind", flat=True)
    assert list(noted)[-2:] == ["onsite.arrived", "onsite.left"]


def test_on_the_page_of_a_ticket_that_is_done_a_visit_is_declined_and_not_approved(
    client, cast, ticket, robin, now
):
    request = ask_access(ticket, robin, now)
    resolved(ticket, now, "2026-10-14 09:30")
    client.force_login(cast.ana)
    html = client.get(request.get_absolute_url()).text
    place = [ticket.number, 1]
    shown = [
        reverse("escalations:onsite-step", args=[*place, kind]) in html for kind in ("approved", "declined")
    ]
    assert shown == [False, True]
    answer = post(client, "escalations:onsite-step", *place, "approved")
    assert answer.status_code == 422
    assert "is done: reopen it first, or decline this request" in answer.text

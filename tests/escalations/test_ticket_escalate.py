"""The panel and its forms: who may raise a level, what a refusal says, and where errors stand."""

import re
import uuid

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse

from escalations import levels
from escalations.models import Escalation
from tests.escalations.ladder_cases import GROUND, escalate, ladder_ticket
from tests.factories import TESTS
from tests.support.desk_cases import contract_under, raise_ticket, utc
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db
VERBS = [
    "ticket-escalate",
    *(f"escalation-{verb}" for verb in ["accept", "decline", "acknowledge", "act", "step-down", "close"]),
]


@pytest.fixture
def ticket(cast, now):
    now("2026-10-12 09:00")
    return ladder_ticket(holder=cast.northwind)  # raised by Robin


def send(client, who, ticket, name="ticket-escalate", **fields):
    """As the page stands now, unless `about` says what stood there when it was opened."""
    client.force_login(who)
    if name.startswith("escalation-"):
        standing = Escalation.current(ticket)
        fields.setdefault("about", standing.position if standing else 1)
    elif name in ("level-raise", "level-lower"):
        fields.setdefault("about", levels.level_of(ticket))
    elif name == "level-sheet":
        sheet = levels.latest_sheet(ticket)
        fields.setdefault("about", sheet.number + 1 if sheet else 1)
    return post(client, f"escalations:{name}", ticket.number, **fields)


def escalated(client, who, ticket, **fields):
    return send(
        client,
        who,
        ticket,
        **{
            "level": 1,
            "ground": GROUND,
            "contact": ticket.raised_by.pk,
            "channel": "phone",
            "reason": "Third day.",
            **fields,
        },
    )


def panel(ticket, who):
    request = RequestFactory().get("/")
    request.user = who
    template = Template(
        "{% load escalations %}{% escalation_gist ticket as gist %}{% escalation_panel ticket gist %}"
    )
    html = template.render(Context({"request": request, "ticket": ticket, "csrf_token": "x"}))
    return " ".join(re.sub(r"<[^>]+>", " ", html).split()), html


def test_an_agent_raises_level_1_for_whoever_asked(client, cast, ticket, now):
    now("2026-10-12 10:20")
    response = escalated(client, cast.ana, ticket, reason="Third day.")
    assert (response.status_code, response.url) == (302, ticket.get_absolute_url())
    row = Escalation.objects.get()
    assert (row.level, row.actor_name, row.contact, row.reason) == (1, "Ana", ticket.raised_by, "Third day.")


def test_a_stranger_and_an_unknown_number_are_404(client, cast, ticket):
    for name in VERBS:
        assert send(client, cast.kim, ticket, name).status_code == 404
        ticket.number = "SR-999999"
        assert send(client, cast.ana, ticket, name).status_code == 404
        ticket.refresh_from_db()


def test_finance_reads_and_does_not_act(client, cast, ticket):
    assert escalated(client, cast.fin, ticket).status_code == 403


@pytest.mark.parametrize("name", VERBS)
def test_get_does_nothing(client, cast, ticket, name):
    client.force_login(cast.max)
    assert client.get(reverse(f"escalations:{name}", args=[ticket.number])).status_code == 405


def test_a_form_sent_twice_raises_one_level(client, cast, ticket, now):
    now("2026-10-12 10:20")
    key = uuid.uuid4()
    assert [escalated(client, cast.ana, ticket, key=key).status_code for _ in range(2)] == [302, 302]
    assert Escalation.objects.count() == 1


def test_too_early_is_refused_with_the_sentence_and_changes_nothing(client, cast, ticket, now):
    escalate(ticket, now, "2026-10-12 10:20")
    now("2026-10-12 11:20")
    response = escalated(client, cast.ana, ticket, level=2, reason="Fourth day.")
    assert response.status_code == 422
    assert "Fourth day." in response.content.decode()
    assert "Level 2 not before 14:20, because level 1 began at 10:20." in response.content.decode()
    assert Escalation.objects.count() == 1


def test_errors_stand_beside_their_field(client, cast, ticket, now):
    now("2026-10-12 10:20")
    response = escalated(client, cast.ana, ticket, ground="", reason="x" * 2001)
    assert response.status_code == 422
    form = response.context["forms"]["escalate"]
    assert form.errors["ground"] == ["Choose one of the grounds that the service names."]
    assert list(form.errors) == ["ground", "reason"]


def test_a_manager_writes_why_before_its_time(client, cast, ticket, now):
    escalate(ticket, now, "2026-10-12 10:20")
    now("2026-10-12 11:20")
    response = escalated(client, cast.max, ticket, level=2)
    assert (response.status_code, list(response.context["forms"]["escalate"].errors)) == (
        422,
        ["override_reason"],
    )
    assert escalated(client, cast.max, ticket, level=2, override_reason="Their board.").status_code == 302
    assert Escalation.objects.last().override_reason == "Their board."


def test_an_agent_cannot_smuggle_an_override(client, cast, ticket, now):
    escalate(ticket, now, "2026-10-12 10:20")
    now("2026-10-12 11:20")
    assert escalated(client, cast.ana, ticket, level=2, override_reason="Now.").status_code == 422


def test_a_level_is_taken_and_stepped_down_from(client, cast, ticket, now):
    escalate(ticket, now, "2026-10-12 10:20")
    now("2026-10-12 10:26")
    assert send(client, cast.ana, ticket, "escalation-acknowledge").status_code == 302
    assert send(client, cast.ana, ticket, "escalation-acknowledge").status_code == 409
    assert send(client, cast.ana, ticket, "escalation-close").status_code == 422
    assert send(client, cast.ana, ticket, "escalation-close", reason="Agreed.").status_code == 302
    assert send(client, cast.ana, ticket, "escalation-close", reason="Agreed.").status_code == 409


def test_the_panel_shows_every_step_and_why_not_yet(cast, ticket, now, django_assert_num_queries):
    row = escalate(ticket, now, "2026-10-12 10:20", contact=ticket.raised_by)
    row.acknowledge(by=TESTS, at=now("2026-10-12 10:26"))
    now("2026-10-12 13:05")
    fresh = type(ticket).objects.select_related("service", "raised_by").get()
    assert cast.ana.roles
    with django_assert_num_queries(
        5
    ):  # the gist, the ladder's rows, what was missed, who answers, what was done
        words, html = panel(fresh, cast.ana)
    assert "Level 1 of 4" in words
    assert "Raised 10:20 by Robin Sample (phone), acknowledged by tests 10:26." in words
    assert "Level 2 not before 14:20, because level 1 began at 10:20." in words
    assert "4 h after level 2 at the earliest." in words
    assert "16 h after level 3 at the earliest." in words
    assert "In 1 h 15. A manager may raise it earlier with a written reason." in words
    assert 'aria-disabled="true" aria-describedby="escalation-why escalation-early"' in html
    assert "override_reason" not in html


def test_only_a_manager_sees_the_form_to_override(cast, ticket, now):
    escalate(ticket, now, "2026-10-12 10:20")
    now("2026-10-12 13:05")
    assert "Why before its time" in panel(ticket, cast.max)[0]
    assert "Why before its time" not in panel(ticket, cast.ana)[0]
    assert "<form" not in panel(ticket, cast.fin)[1]


def test_the_page_of_a_ticket_holds_the_panel(client, cast, ticket, now):
    now("2026-10-12 13:05")
    client.force_login(cast.ana)
    html = client.get(ticket.get_absolute_url()).content.decode()
    assert 'id="h-escalation"' in html
    assert "May be raised now." in html


def test_where_there_is_no_ladder_the_panel_says_so(cast, now):
    now("2026-10-12 09:00")
    ticket = raise_ticket(contract_under("enghouse-standard"), utc("2026-10-12 09:00"))
    assert "Enghouse Standard Support has no escalation ladder." in panel(ticket, cast.ana)[0]

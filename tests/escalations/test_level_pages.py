"""The pages of a ticket's level, of engineering's review and of management."""

import pytest
from django.urls import reverse

from escalations import levels, managing
from escalations.models import FaultReport, ManagementEscalation, ManagementTaking
from escalations.morning.management import undriven
from support.actors import Actor
from support.desk import promising
from support.models import Team
from tests.escalations.ladder_contacts import duty
from tests.escalations.level_cases import WHOLE, a_ticket, at_engineering, filled, up, upload
from tests.escalations.test_ticket_escalate import send
from tests.factories import ANA, TESTS
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db
VERBS = {
    "level-raise": "ana",
    "level-lower": "ana",
    "level-assign": "ana",
    "level-sheet": "ana",
    "engineering-review": "ana",
    "management-take": "max",
    "management-update": "max",
    "management-close": "max",
}


@pytest.fixture
def ticket(cast, now):
    now("2026-10-12 10:00")
    return a_ticket()


@pytest.fixture
def urgent(cast, now):
    now("2026-10-12 10:00")
    ticket = a_ticket(priority="P1")
    at_engineering(ticket, now)
    return ticket


def page(client, who, name, *args):
    client.force_login(who)
    return client.get(reverse(f"escalations:{name}", args=args))


def test_the_sheet_is_filled_and_the_ticket_goes_up_and_down(client, cast, ticket):
    assert send(client, cast.ana, ticket, "level-raise", reason="Restarted.").status_code == 422
    said = {**WHOLE, "version": "", "screenshots": upload()}
    assert send(client, cast.ana, ticket, "level-sheet", **said).status_code == 302
    assert "Missing: Product version." in page(client, cast.ana, "level-page", ticket.number).content.decode()
    assert send(client, cast.ana, ticket, "level-raise", reason="Restarted.").status_code == 302
    refused = send(client, cast.ana, ticket, "level-raise", reason="Restarted.")
    assert refused.status_code == 422
    assert "Level 3 receives a complete sheet. Missing: Product version." in refused.content.decode()
    assert send(client, cast.ana, ticket, "level-lower", level=2, reason="x").status_code == 422
    assert (
        send(client, cast.ana, ticket, "level-lower", level=1, reason="Theirs after all.").status_code == 302
    )
    assert levels.level_of(ticket) == 1


def test_a_stale_sheet_empties_nothing(client, cast, ticket):
    assert send(client, cast.ana, ticket, "level-sheet", about=1, **WHOLE).status_code == 302
    code, answer = next((code, answer) for code, answer in WHOLE.items() if code != "users" and answer)
    late = send(client, cast.max, ticket, "level-sheet", about=1, users="77")
    assert late.status_code == 409
    assert "Somebody has filled the sheet since you opened it" in late.text
    form = late.context["sheet"]
    assert (form["users"].value(), form[code].value()) == ("77", str(answer))
    assert FaultReport.objects.count() == 1
    assert late.context["edition"] == 2
    again = send(client, cast.max, ticket, "level-sheet", about=2, **{**WHOLE, "users": "77"})
    assert again.status_code == 302
    assert FaultReport.objects.count() == 2


def test_a_number_that_is_none_stands_beside_its_field(client, cast, ticket):
    response = send(client, cast.ana, ticket, "level-sheet", users="many")
    assert (response.status_code, list(response.context["sheet"].errors)) == (422, ["users"])


def test_a_file_that_is_too_large_loses_none_of_the_answers(client, cast, ticket, settings):
    settings.UPLOAD_MAX_BYTES = 2
    said = {code: answer for code, answer in WHOLE.items() if code != "users"}
    response = send(
        client, cast.ana, ticket, "level-sheet", about=1, users="77", screenshots=upload(), **said
    )
    assert (response.status_code, response.context["sheet"]["users"].value()) == (422, "77")
    assert "larger than" in f"{response.context['sheet'].errors}"
    assert not FaultReport.objects.exists()


def test_a_group_is_assigned(client, cast, ticket):
    assert send(client, cast.ana, ticket, "level-assign", team=999999).status_code == 422
    assert send(client, cast.ana, ticket, "level-assign", team="").status_code == 302


def test_a_group_that_somebody_else_chose_meanwhile_is_not_replaced_unseen(client, cast, ticket):
    core, edge = Team(name="Core").by(TESTS), Team(name="Edge").by(TESTS)
    core.save()
    edge.save()
    assert send(client, cast.ana, ticket, "level-assign", team=core.pk, was="").status_code == 302
    late = send(client, cast.max, ticket, "level-assign", team=edge.pk, was="")
    assert (late.status_code, "given it to Core meanwhile" in late.text) == (409, True)
    ticket.refresh_from_db()
    assert ticket.team == core
    assert send(client, cast.max, ticket, "level-assign", team=edge.pk, was=f"{core.pk}").status_code == 302


def test_where_the_service_knows_no_levels_it_says_so(client, cast, now):
    from tests.support.desk_cases import contract_under, raise_ticket

    bare = raise_ticket(contract_under(""), utc("2026-10-12 09:00"))
    response = page(client, cast.ana, "level-page", bare.number)
    assert response.status_code == 409
    assert "knows no support levels" in response.content.decode()


def test_engineering_is_ordered_by_what_it_means_for_the_business(client, cast, now):
    now("2026-10-12 10:00")
    some, little = a_ticket(), a_ticket(priority="P4")
    at_engineering(some, now, impact=3)
    at_engineering(little, now, impact=4)
    order = lambda: [row["move"].ticket for row in page(client, cast.ana, "engineering-list").context["rows"]]  # noqa: E731
    assert order() == [some, little]
    now("2026-10-12 11:00")
    said = {"impact": 1, "words": "Their billing depends on it."}
    assert send(client, cast.ana, little, "engineering-review", **said).status_code == 302
    assert order() == [little, some]


def test_a_week_after_the_last_review_the_next_is_overdue_and_a_promise_is_shown(client, cast, ticket, now):
    at_engineering(ticket, now)
    levels.review(ticket, impact=2, words="A patch is in test.", by=ANA, at=now("2026-10-13 10:00"))
    now("2026-10-20 09:59")
    html = page(client, cast.ana, "engineering-list").content.decode()
    assert "Overdue" not in html
    assert "no solution known yet" in html
    promising.promise(ticket, utc("2026-10-23 12:00"), "", by=ANA, at=now("2026-10-20 10:00"))
    html = page(client, cast.ana, "engineering-list").content.decode()
    assert "Overdue" in html
    assert "Fri 23 Oct, 12:00" in html


def test_a_review_of_what_is_not_at_engineering_is_refused(client, cast, ticket):
    said = {"impact": 1, "words": "Their billing depends on it."}
    late = send(client, cast.ana, ticket, "engineering-review", **said)
    assert (late.status_code, "is not at engineering" in late.text, said["words"] in late.text) == (
        422,
        True,
        True,
    )
    lacking = send(client, cast.ana, ticket, "engineering-review", words=said["words"])
    assert "Say what it means for the business." in lacking.text
    assert (lacking.status_code, said["words"] in lacking.text) == (422, True)


def test_management_says_who_drives_it_and_when_the_customer_hears_next(client, cast, urgent, now):
    now("2026-10-12 10:40")
    html = page(client, cast.ana, "management-list").content.decode()
    assert "Nobody yet" in html
    assert "11:00" in html  # updates on P1 every 2 h
    assert send(client, cast.max, urgent, "management-take", driver=cast.max.pk).status_code == 302
    assert send(client, cast.max, urgent, "management-update", words="Called engineering.").status_code == 302
    now("2026-10-12 11:30")
    html = page(client, cast.ana, "management-list").content.decode()
    assert "Max" in html
    assert "Overdue" in html
    client.force_login(cast.max)
    shown = client.get(urgent.get_absolute_url()).content.decode()
    assert "Max drives it." in shown
    assert "10:40, Max: Called engineering." in shown
    assert send(client, cast.max, urgent, "management-close").status_code == 422
    closing = {"reason": "Fixed.", "newest": managing.newest_of(urgent)}
    assert send(client, cast.max, urgent, "management-close", **closing).status_code == 302
    assert send(client, cast.max, urgent, "management-close", **closing).status_code == 409
    assert not ManagementEscalation.objects.open().exists()


def test_only_a_manager_drives(client, cast, urgent):
    assert send(client, cast.ana, urgent, "management-take", driver=cast.max.pk).status_code == 403
    assert send(client, cast.max, urgent, "management-take", driver=cast.ana.pk).status_code == 422
    assert not ManagementTaking.objects.exists()


@pytest.mark.parametrize("name", VERBS)
def test_a_stranger_is_404_and_get_is_405(client, cast, ticket, name):
    assert send(client, cast.kim, ticket, name).status_code == 404
    client.force_login(getattr(cast, VERBS[name]))
    assert client.get(reverse(f"escalations:{name}", args=[ticket.number])).status_code == 405


@pytest.mark.parametrize("name", ["engineering-list", "management-list"])
def test_more_rows_cost_no_more_queries(client, cast, urgent, now, django_assert_num_queries, name):
    for _ in range(3):
        at_engineering(a_ticket(priority="P2"), now)
    page(client, cast.ana, name)
    with django_assert_num_queries(4):
        client.get(reverse(f"escalations:{name}"))


def test_a_customer_reads_no_level_and_nothing_of_management(client, cast, now):
    now("2026-10-12 10:00")
    ticket = a_ticket(priority="P1", holder=cast.northwind)
    filled(ticket)
    up(ticket, 2, now)
    for name, *args in [("level-page", ticket.number), ("engineering-list",), ("management-list",)]:
        assert page(client, cast.robin, name, *args).status_code == 404
    client.force_login(cast.robin)
    html = client.get(reverse("support:own-page", args=[ticket.number])).content.decode()
    for internal in ["fault-report", "level 1 to level 2", "management"]:
        assert internal not in html.lower()


def test_a_manager_finds_them_in_the_records(client, cast, urgent):
    client.force_login(cast.max)
    levels.review(urgent, impact=1, words="x", by=ANA, at=utc("2026-10-12 10:30"))
    models = [
        "laddercontact",
        "levelmove",
        "faultreport",
        "engineeringreview",
        "managementescalation",
        "escalation",
    ]
    for model in models:
        assert client.get(f"/admin/escalations/{model}/").status_code == 200
    assert client.get("/admin/escalations/escalation/?taken=no").status_code == 200
    assert client.get("/admin/escalations/laddercontact/add/").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"service": "exponential-e-ucx"}, "No support service has this code"),
        ({"level": 77}, "has no such level"),
        ({"duty_role": "\u200b"}, "nothing can be read here"),
        ({}, ""),
        ({"level": 0}, ""),
        ({"service": "egroup-csp-advantage", "level": 0}, ""),
    ],
)
def test_whoever_answers_on_a_level_answers_on_one_that_is_there(client, cast, wrong, sentence):
    said = {
        "service": "exponential-e-ucc",
        "level": 2,
        "duty_role": "Desk",
        "email": "d@desk.example",
        "active": "on",
    }
    a_ticket("egroup-csp-advantage", priority="A")
    client.force_login(cast.max)
    page = client.post("/admin/escalations/laddercontact/add/", {**said, **wrong})
    assert page.status_code == (200 if sentence else 302)
    assert sentence in page.text


def test_one_that_was_named_wrongly_before_can_be_switched_off(client, cast):
    row = duty(77, service="exponential-e-ucx")
    client.force_login(cast.max)
    said = {
        "service": row.service,
        "level": 77,
        "duty_role": row.duty_role,
        "email": row.email,
        "phone": row.phone,
    }
    assert client.post(f"/admin/escalations/laddercontact/{row.pk}/change/", said).status_code == 302
    row.refresh_from_db()
    assert not row.active


def test_a_ticket_that_comes_back_to_management_is_driven_by_nobody(client, cast, now):
    now("2026-10-12 10:00")
    ticket = a_ticket(priority="P1")
    at_engineering(ticket, now)
    by, at = Actor.of(cast.max), now("2026-10-12 11:00")
    managing.take(ticket, driver=cast.max, by=by, at=at)
    assert undriven(cast.max, at).count == 0
    managing.close(ticket, reason="Solved.", by=by, at=at)
    levels.move(ticket, 3, reason="Theirs after all.", by=by, at=now("2026-10-12 11:30"))
    up(ticket, 4, now, "2026-10-12 12:00", impact=1)
    assert undriven(cast.max, at).count == 1
    rows = page(client, cast.max, "management-list").context["rows"]
    assert [row.driver_name for row, *_rest in rows] == [None]
    managing.take(ticket, driver=cast.max, by=by, at=now("2026-10-12 12:10"))
    assert undriven(cast.max, at).count == 0

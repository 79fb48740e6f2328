"""Pages of onsite assistance: the desk's, the customer's, the list and the records."""

import pytest
from django.urls import reverse

from escalations.models import OnsiteRequest, OnsiteStep
from tests.escalations.onsite_cases import (
    EQUIPMENT,
    TASK,
    ask_access,
    ask_hands,
    authorise,
    let_in,
    onsite_ticket,
    step,
)
from tests.factories import TESTS
from tests.support.desk_cases import utc
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db
PAGE_QUERIES, LIST_QUERIES, OWN_QUERIES = 9, 6, 8
HANDS = {"task": TASK, "equipment": EQUIPMENT}
ACCESS = {
    "company": "Fibre Works",
    "visitors": "Jamie Doe\n\n Lou Grant ",
    "equipment": EQUIPMENT,
    "zone": "America/New_York",
    "window_from": "2026-10-14T09:00",
    "window_until": "2026-10-14T13:00",
}
ARRIVAL = {
    "document_1": "passport",
    "by_whom_1": "Sasha",
    "document_2": "away",
    "by_whom_2": "Chris",
    "turned_away_2": "Nothing to show.",
    "happened_at": "2026-10-14T09:30",
}
STEPS = {  # kind of step → which request, the steps before it, when, what it takes
    "accepted": ("hands", [], "09:30", {}),
    "approved": ("access", [], "09:30", {}),
    "declined": ("hands", [], "09:30", {"words": "No spare drive."}),
    "cancelled": ("access", [], "09:30", {}),
    "done": (
        "hands",
        ["accepted"],
        "10:00",
        {"words": "Replaced.", "by_whom": "Chris", "happened_at": "2026-10-14T09:50"},
    ),
    "arrived": ("access", ["approved"], "13:40", ARRIVAL),
    "no_show": ("access", ["approved"], "17:30", {}),
    "left": ("access", ["approved", "arrived"], "15:00", {"happened_at": "2026-10-14T10:45"}),
}


@pytest.fixture
def robin(cast, now):
    now("2026-10-14 09:00")
    return authorise(cast.robin_contact)


@pytest.fixture
def ticket(cast, robin):
    return onsite_ticket(cast.northwind)


def send(client, who, name, ticket, *args, **data):
    client.force_login(who)
    return post(client, f"escalations:{name}", ticket.number, *args, **data)


def prepared(kind, ticket, robin, now):
    """A request on which this step follows next."""
    which, before, at, said = STEPS[kind]
    request = (ask_hands if which == "hands" else ask_access)(ticket, robin, now)
    for each in before:
        told = {"visitors": let_in()} if each == "arrived" else {}
        step(request, each, now, "2026-10-14 13:30" if each == "arrived" else "2026-10-14 09:20", **told)
    now(f"2026-10-14 {at}")
    return request, said


@pytest.mark.parametrize(("name", "data"), [("hands", HANDS), ("access", ACCESS)])
def test_an_agent_asks_for_an_authorised_contact(client, cast, ticket, robin, name, data):
    answer = send(client, cast.ana, f"onsite-{name}", ticket, contact=robin.pk, **data)
    row = OnsiteRequest.objects.get()
    assert (answer.status_code, row.kind, row.contact, row.actor_name) == (302, name, robin, "Ana")


def test_the_window_is_typed_in_the_sites_time_and_names_one_a_line(client, cast, ticket, robin):
    send(client, cast.ana, "onsite-access", ticket, contact=robin.pk, waits="on", **ACCESS)
    row = OnsiteRequest.objects.get()
    assert (row.window_from, row.window_until) == (utc("2026-10-14 13:00"), utc("2026-10-14 17:00"))
    assert row.visitors == "Jamie Doe\nLou Grant"
    assert row.wait is not None
    html = client.get(row.get_absolute_url()).text
    assert "Wed 14 Oct, 13:00 to 17:00, UTC" in html
    assert "at the site Wed 14 Oct, 09:00 to 13:00, America/New_York" in html


@pytest.mark.parametrize(("name", "data"), [("hands", HANDS), ("access", ACCESS)])
def test_the_customer_asks_on_his_own_page(client, cast, ticket, robin, name, data):
    answer = send(client, cast.robin, f"own-onsite-{name}", ticket, **data)
    row = OnsiteRequest.objects.get()
    assert (answer.status_code, row.contact, row.actor_kind) == (302, robin, "contact")
    client.force_login(cast.robin)
    assert EQUIPMENT in client.get(reverse("escalations:own-onsite", args=[ticket.number])).text
    link = reverse("escalations:own-onsite", args=[ticket.number])
    assert link in client.get(reverse("support:own-page", args=[ticket.number])).text


@pytest.mark.parametrize("where", ["onsite", "own-onsite"])
def test_what_lacks_something_comes_back_with_its_words(client, cast, ticket, robin, where):
    who = cast.ana if where == "onsite" else cast.robin
    bad = {**ACCESS, "contact": robin.pk, "visitors": "Jo, card 123456", "window_until": "2026-10-14T08:00"}
    answer = send(client, who, f"{where}-access", ticket, **bad)
    assert answer.status_code == 422
    assert "looks like the number of a document" in answer.text
    assert "The window ends after it begins." in answer.text
    assert send(client, who, f"{where}-hands", ticket, equipment="x", contact=robin.pk).status_code == 422
    assert not OnsiteRequest.objects.exists()


@pytest.mark.parametrize("kind", STEPS)
def test_each_step_works_and_is_refused_where_it_does_not_follow(client, cast, ticket, robin, now, kind):
    request, said = prepared(kind, ticket, robin, now)
    answer = send(client, cast.ana, "onsite-step", ticket, 1, kind, **said)
    assert (answer.status_code, answer.url) == (302, request.get_absolute_url())
    request.refresh_from_db()
    assert request.state == kind
    assert send(client, cast.ana, "onsite-step", ticket, 1, kind, **said).status_code == 409


@pytest.mark.parametrize("kind", STEPS)
def test_strangers_finance_and_get_do_nothing(client, cast, ticket, robin, now, kind):
    _request, said = prepared(kind, ticket, robin, now)
    before = OnsiteStep.objects.count()
    for who, status in [(cast.kim, 404), (cast.robin, 404), (cast.fin, 403)]:
        assert send(client, who, "onsite-step", ticket, 1, kind, **said).status_code == status
    assert send(client, cast.ana, "onsite-step", ticket, 2, kind, **said).status_code == 404
    assert send(client, cast.ana, "onsite-step", ticket, 1, "nonsense", **said).status_code == 404
    assert client.get(reverse("escalations:onsite-step", args=[ticket.number, 1, kind])).status_code == 405
    assert OnsiteStep.objects.count() == before


@pytest.mark.parametrize("name", ["onsite-hands", "onsite-access", "own-onsite-hands", "own-onsite-access"])
def test_asking_is_for_whoever_sees_the_ticket(client, cast, ticket, robin, name):
    data = {**(HANDS if name.endswith("hands") else ACCESS), "contact": robin.pk}
    assert send(client, cast.kim, name, ticket, **data).status_code == 404
    assert send(client, cast.fin, name, ticket, **data).status_code in (403, 404)
    assert client.get(reverse(f"escalations:{name}", args=[ticket.number])).status_code in (403, 404, 405)
    client.force_login(cast.robin if name.startswith("own") else cast.ana)
    assert client.get(reverse(f"escalations:{name}", args=[ticket.number])).status_code == 405
    assert not OnsiteRequest.objects.exists()


def test_a_contact_without_the_authority_reads_and_does_not_ask(client, cast, ticket, robin, now):
    ask_hands(ticket, robin, now)
    authorise(robin, may=False)
    client.force_login(cast.robin)
    html = client.get(reverse("escalations:own-onsite", args=[ticket.number])).text
    assert EQUIPMENT in html
    assert "You are not among those who ask for onsite assistance here" in html
    assert send(client, cast.robin, "own-onsite-hands", ticket, **HANDS).status_code == 409
    assert send(client, cast.robin, "own-onsite-cancel", ticket, 1).status_code == 409
    assert OnsiteRequest.objects.get().state == "requested"


def test_the_customer_cancels_what_nobody_has_begun(client, cast, ticket, robin, now):
    ask_hands(ticket, robin, now)
    for who, status in [(cast.kim, 404), (cast.ana, 404)]:
        assert send(client, who, "own-onsite-cancel", ticket, 1).status_code in (status, 403)
    assert send(client, cast.robin, "own-onsite-cancel", ticket, 1, words="Solved.").status_code == 302
    assert send(client, cast.robin, "own-onsite-cancel", ticket, 1).status_code == 409
    assert client.get(reverse("escalations:own-onsite-cancel", args=[ticket.number, 1])).status_code == 405
    assert OnsiteStep.objects.get().words == "Solved."


def test_a_service_without_it_says_so_and_takes_no_request(client, cast, robin):
    other = onsite_ticket(cast.northwind, "exponential-e-ucc")
    for who, name in [(cast.ana, "onsite-page"), (cast.robin, "own-onsite")]:
        client.force_login(who)
        html = client.get(reverse(f"escalations:{name}", args=[other.number])).text
        assert "The service of this ticket knows no onsite assistance." in html
    assert send(client, cast.ana, "onsite-hands", other, contact=robin.pk, **HANDS).status_code == 409
    assert send(client, cast.robin, "own-onsite-access", other, **ACCESS).status_code == 409


def test_a_ticket_that_is_done_takes_no_request(client, cast, ticket, robin):
    ticket.resolve(outcome="resolved", by=TESTS, at=utc("2026-10-14 09:00"))
    assert send(client, cast.ana, "onsite-hands", ticket, contact=robin.pk, **HANDS).status_code == 422
    assert "is done: reopen it" in send(client, cast.robin, "own-onsite-hands", ticket, **HANDS).text


def test_the_list_shows_what_is_not_over_and_what_is_asked_for(client, cast, ticket, robin, now):
    over = ask_hands(ticket, robin, now)
    step(over, "declined", now, "2026-10-14 09:20", words="No.")
    visit = ask_access(ticket, robin, now, "2026-10-14 09:30")
    client.force_login(cast.fin)
    address = reverse("escalations:onsite-list")

    def listed(query=""):
        return [each.request for each in client.get(address + query).context["rows"]]

    assert listed() == [visit]
    assert listed("?state=declined") == [over]
    assert listed("?kind=hands") == []
    assert listed("?text=north") == [visit]
    client.force_login(cast.robin)
    assert client.get(address).status_code == 404


def test_more_requests_cost_no_more_queries(client, cast, ticket, robin, now, django_assert_num_queries):
    for who, name, args, queries in [
        (cast.ana, "onsite-page", [ticket.number], PAGE_QUERIES),
        (cast.ana, "onsite-list", [], LIST_QUERIES),
        (cast.robin, "own-onsite", [ticket.number], OWN_QUERIES),
    ]:
        client.force_login(who)
        for _ in range(2):
            step(ask_hands(ticket, robin, now), "accepted", now, "2026-10-14 09:20")
            client.get(reverse(f"escalations:{name}", args=args))
            with django_assert_num_queries(queries):
                client.get(reverse(f"escalations:{name}", args=args))


def test_each_visitor_is_let_in_or_turned_away_and_both_sides_read_it(client, cast, ticket, robin, now):
    request, said = prepared("arrived", ticket, robin, now)
    client.force_login(cast.ana)
    form = client.get(request.get_absolute_url()).text
    for label in ["Jamie Doe showed", "Lou Grant, checked by", "Lou Grant, why turned away"]:
        assert label in form
    assert send(client, cast.ana, "onsite-step", ticket, 1, "arrived", **said).status_code == 302
    for who, name in [(cast.ana, "onsite-page"), (cast.robin, "own-onsite")]:
        client.force_login(who)
        html = client.get(reverse(f"escalations:{name}", args=[ticket.number])).text
        assert "Jamie Doe: Passport, valid. Checked by Sasha." in html
        assert "Lou Grant was turned away by Chris: Nothing to show." in html


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"document_1": ""}, "Say what was shown, or that he was turned away."),
        ({"by_whom_1": ""}, "This field is required."),
        ({"turned_away_2": " "}, "Write why he was turned away."),
        (
            {"document_1": "away", "turned_away_1": "Drunk."},
            "Everybody was turned away, so nobody has arrived: cancel it below",
        ),
        ({"by_whom_2": "Card 991234567"}, "looks like the number of a document"),
        ({"turned_away_2": "Card 991234567"}, "looks like the number of a document"),
    ],
)
def test_what_an_arrival_lacks_is_said(client, cast, ticket, robin, now, change, sentence):
    request, said = prepared("arrived", ticket, robin, now)
    answer = send(client, cast.ana, "onsite-step", ticket, 1, "arrived", **{**said, **change})
    assert (answer.status_code, sentence in answer.text) == (422, True)
    request.refresh_from_db()
    assert request.state == "approved"


def test_visitors_are_found_in_the_records_and_not_changed(client, cast, ticket, robin, now):
    _request, said = prepared("arrived", ticket, robin, now)
    send(client, cast.ana, "onsite-step", ticket, 1, "arrived", **said)
    client.force_login(cast.max)
    address = reverse("admin:escalations_onsitevisitor_changelist")
    for query, count in [({"q": ticket.number}, 2), ({"door": "away"}, 1), ({"door": "in"}, 1)]:
        assert client.get(address, query).context["cl"].result_count == count
    assert client.get(reverse("admin:escalations_onsitevisitor_add")).status_code == 403


@pytest.mark.parametrize("model", ["onsiterequest", "onsitestep"])
def test_in_the_records_it_is_read_and_not_changed(client, cast, ticket, robin, now, model):
    step(ask_hands(ticket, robin, now), "accepted", now, "2026-10-14 09:20")
    for who in [cast.max, cast.fin]:
        client.force_login(who)
        found = client.get(reverse(f"admin:escalations_{model}_changelist"), {"q": ticket.number})
        assert found.context["cl"].result_count == 1
        row = found.context["cl"].result_list[0]
        assert "_save" not in client.get(reverse(f"admin:escalations_{model}_change", args=[row.pk])).text
        assert client.get(reverse(f"admin:escalations_{model}_add")).status_code == 403
        assert client.get(reverse(f"admin:escalations_{model}_delete", args=[row.pk])).status_code == 403
    client.force_login(cast.ana)
    assert client.get(reverse(f"admin:escalations_{model}_changelist")).status_code == 403


def test_the_equipment_of_a_visit_takes_no_number_of_a_document(client, cast, ticket, robin):
    said = {**ACCESS, "contact": robin.pk, "equipment": "Rack 4, passport 12\u00a0345\u00a0678"}
    answer = send(client, cast.ana, "onsite-access", ticket, **said)
    assert answer.status_code == 422
    assert "looks like the number of a document" in answer.text
    assert not ticket.onsite_requests.exists()

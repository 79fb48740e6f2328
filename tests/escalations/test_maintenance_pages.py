"""Pages of maintenance: announcing with a preview, moving, withdrawing, who was told, and what a customer reads before and during."""

import uuid

import pytest
from django.urls import reverse

from escalations import maintenance_stops
from escalations.models import (
    MaintenanceContract,
    MaintenanceNotice,
    MaintenanceRecipient,
    MaintenanceStop,
    MaintenanceWindow,
)
from support.models import Mail
from tests.escalations.maintenance_cases import announce, kept_contract, move, withdraw
from tests.factories import granted
from tests.support.desk_cases import raise_ticket
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db
LIST_QUERIES, PAGE_QUERIES, SCOPE_QUERIES = 4, 7, 5
SAID = {
    "title": "New storage",
    "details": "The array is replaced.",
    "begins_at": "2026-11-14T22:00",
    "ends_at": "2026-11-15T02:00",
}
POSTS = {
    "withdraw": {"text": "The supplier cannot come."},
    "move": {
        "text": "They come later.",
        "begins_at": "2026-12-14T22:00",
        "ends_at": "2026-12-15T02:00",
    },
}
MODELS = [
    MaintenanceWindow,
    MaintenanceContract,
    MaintenanceNotice,
    MaintenanceRecipient,
    MaintenanceStop,
]


@pytest.fixture
def contract(cast, now):
    now("2026-10-14 09:00")
    return kept_contract(cast.northwind)


@pytest.fixture
def window(cast, now, contract):
    return announce(cast.ana, now, contract)


def announcing(client, who, contract, scope="enghouse-premium", **data):
    client.force_login(who)
    said = {**SAID, "contracts": [contract.number], **data}
    return post(client, "escalations:maintenance-announce", query=f"?for={scope}", **said)


def send(client, who, name, *args, **data):
    client.force_login(who)
    return post(client, f"escalations:maintenance-{name}", *args, **data)


def test_an_agent_announces_after_a_preview_and_it_acts_once(client, cast, contract):
    key = uuid.uuid4()
    page = announcing(client, cast.ana, contract, key=key, preview="1")
    html = page.content.decode()
    assert (page.status_code, page.context["preview"]["count"]) == (200, 1)
    for words in ["Begins: Sat 14 Nov 2026", "Duration: 4 h", "Fri 13 Nov, 00:00", "The array is replaced."]:
        assert words in html, words
    assert not MaintenanceWindow.objects.exists()
    answers = [announcing(client, cast.ana, contract, key=key) for _ in range(2)]
    window = MaintenanceWindow.objects.get()
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, window.get_absolute_url())] * 2
    assert (window.actor_name, Mail.objects.count()) == ("Ana", 1)


def test_too_soon_is_a_managers_with_a_reason(client, cast, contract):
    soon = {"begins_at": "2026-10-20T22:00", "ends_at": "2026-10-20T23:00"}
    page = announcing(client, cast.ana, contract, preview="1", **soon)
    assert f"{contract.number}: 30 days before" in page.content.decode()
    for who, reason in [(cast.ana, ""), (cast.ana, "A disk fails."), (cast.max, "")]:
        page = announcing(client, who, contract, reason=reason, **soon)
        assert page.status_code == 422
        assert page.context["form"].errors
    assert announcing(client, cast.max, contract, reason="A disk fails.", **soon).status_code == 302
    client.force_login(cast.ana)
    html = client.get(MaintenanceWindow.objects.get().get_absolute_url()).content.decode()
    assert "A disk fails." in html
    assert "Announced later than promised" in html


def test_what_is_missing_or_may_not_be_is_said_beside_its_field(client, cast, contract):
    for wrong, field in [
        ({"contracts": []}, "contracts"),
        ({"contracts": ["C-none"]}, "contracts"),
        ({"title": ""}, "title"),
        ({"details": " "}, "details"),
        ({"begins_at": "2026-10-14T08:00"}, "begins_at"),
        ({"ends_at": "2026-11-14T22:00"}, "ends_at"),
    ]:
        page = announcing(client, cast.max, contract, **wrong)
        assert (page.status_code, field in page.context["form"].errors) == (422, True), wrong
    assert announcing(client, cast.ana, contract, scope="nothing").status_code == 409
    assert not MaintenanceWindow.objects.exists()


def test_a_contract_that_is_sent_twice_is_concerned_once(client, cast, contract):
    assert announcing(client, cast.ana, contract, contracts=[contract.number] * 2).status_code == 302
    assert MaintenanceWindow.objects.get().contracts.count() == 1


def test_announcing_is_for_the_desk(client, cast, contract):
    url = reverse("escalations:maintenance-announce")
    for who in (cast.kim, cast.robin, cast.fin):
        assert announcing(client, who, contract).status_code in (403, 404)
        assert client.get(url).status_code in (403, 404)
    assert not MaintenanceWindow.objects.exists()


def test_what_can_be_worked_on_is_listed_by_service_and_product(
    client, cast, contract, django_assert_num_queries
):
    client.force_login(cast.ana)
    url = reverse("escalations:maintenance-announce")
    assert len(client.get(url).context["scopes"]) == 2
    for _ in range(3):
        kept_contract()
    with django_assert_num_queries(SCOPE_QUERIES):
        client.get(url)
    assert "1 person is told" in client.get(f"{url}?for=enghouse-premium").content.decode()


@pytest.mark.parametrize("name", POSTS)
def test_each_verb_works_once_and_is_refused_when_it_is_called_off(client, cast, window, now, name):
    key = uuid.uuid4()
    answers = [send(client, cast.ana, name, window.number, key=key, **POSTS[name]) for _ in range(2)]
    newest = MaintenanceWindow.objects.latest("pk")
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, newest.get_absolute_url())] * 2
    assert MaintenanceNotice.objects.filter(window=window).count() == 2
    assert Mail.objects.count() == 2
    assert send(client, cast.ana, name, window.number, **POSTS[name]).status_code == 409
    page = client.get(window.get_absolute_url())
    assert page.context["forms"] == {}


@pytest.mark.parametrize("name", POSTS)
def test_words_are_asked_for_and_strangers_finance_and_get_do_nothing(client, cast, window, name):
    page = send(client, cast.ana, name, window.number, **{**POSTS[name], "text": " "})
    assert (page.status_code, "text" in page.context["forms"][name].errors) == (422, True)
    assert send(client, cast.ana, name, "MW-0", **POSTS[name]).status_code == 404
    for who in (cast.kim, cast.robin, cast.fin):
        assert send(client, who, name, window.number, **POSTS[name]).status_code in (403, 404)
    client.force_login(cast.ana)
    assert client.get(reverse(f"escalations:maintenance-{name}", args=[window.number])).status_code == 405
    assert MaintenanceNotice.objects.count() == 1


def test_the_list_has_what_is_to_come_first_and_costs_the_same(
    client, cast, contract, now, django_assert_num_queries
):
    early = announce(cast.max, now, contract, begins="2026-10-15 22:00", ends="2026-10-15 23:00", reason="x")
    late = announce(cast.ana, now, contract, at="2026-10-14 09:00")
    now("2026-10-16 09:00")
    client.force_login(cast.fin)
    url = reverse("escalations:maintenance-list")

    def numbers(**said):
        return [row.window.number for row in client.get(url, said).context["rows"]]

    assert numbers() == [late.number, early.number]
    assert numbers(state="to-come") == [late.number]
    assert numbers(state="done") == [early.number]
    assert numbers(text="northw") == numbers()
    assert numbers(text="nobody") == []
    with django_assert_num_queries(LIST_QUERIES):
        client.get(url)
    for _ in range(3):
        announce(cast.ana, now, kept_contract(), at="2026-10-14 09:00")
    with django_assert_num_queries(LIST_QUERIES):
        client.get(url)


def test_the_page_costs_the_same_whoever_is_told(client, cast, now, contract, django_assert_num_queries):
    client.force_login(cast.ana)
    for contracts in ([contract], [contract, *(kept_contract(contacts=3) for _ in range(3))]):
        window = announce(cast.ana, now, *contracts)
        client.get(window.get_absolute_url())
        with django_assert_num_queries(PAGE_QUERIES):
            assert client.get(window.get_absolute_url()).status_code == 200
    people = client.get(reverse("escalations:maintenance-received", args=[window.number]))
    assert len(people.context["page"].object_list) == 10


def test_a_customer_reads_it_on_his_own_pages_before_and_during_and_nobody_elses(client, cast, window, now):
    listing, url = reverse("support:own-list"), reverse("escalations:own-maintenance", args=[window.number])
    client.force_login(cast.robin)
    assert "Maintenance is planned" in client.get(listing).content.decode()
    html = client.get(url).content.decode()
    for words in ["New storage", "The array is replaced", "Sat 14 Nov, 22:00", "4 h"]:
        assert words in html, words
    assert "Ana" not in html
    now("2026-11-14 23:00")
    client.force_login(cast.robin)
    assert "Maintenance goes on" in client.get(listing).content.decode()
    now("2026-11-15 02:00")
    assert "New storage" not in client.get(listing).content.decode()
    assert client.get(url).status_code == 200
    client.force_login(cast.kim)
    assert client.get(url).status_code == 404
    assert "New storage" not in client.get(listing).content.decode()
    granted(cast.kim_contact, cast.northwind)
    assert client.get(url).status_code == 200


def test_moved_or_withdrawn_his_page_says_so_and_the_list_forgets_it(client, cast, window, now):
    moved = move(window, cast.ana, now, "2026-10-20 09:00", "2026-12-01 22:00", "2026-12-01 23:00")
    client.force_login(cast.robin)
    html = client.get(reverse("escalations:own-maintenance", args=[window.number])).content.decode()
    assert "The supplier comes later." in html
    assert reverse("escalations:own-maintenance", args=[moved.number]) in html
    assert window.number not in client.get(reverse("support:own-list")).content.decode()
    withdraw(moved, cast.ana, now, "2026-10-20 10:00")
    html = client.get(reverse("escalations:own-maintenance", args=[moved.number])).content.decode()
    assert "does not take place" in html
    html = client.get(reverse("escalations:own-maintenance", args=[window.number])).content.decode()
    assert "It does not take place as announced." in html
    assert "takes place at another time" not in html
    client.force_login(cast.ana)
    assert (
        f'{moved.number}</a>, <span class="soft">withdrawn'
        in client.get(window.get_absolute_url()).content.decode()
    )
    client.force_login(cast.robin)
    assert "New storage" not in client.get(reverse("support:own-list")).content.decode()


def test_a_ticket_page_mentions_it_while_it_goes_on(client, cast, contract, window, now):
    product = contract.lines.get().product
    ticket = raise_ticket(contract, now("2026-11-14 20:00"), priority="P1", product=product)
    pages = [
        (cast.ana, ticket.get_absolute_url()),
        (cast.robin, reverse("support:own-page", args=[ticket.number])),
    ]
    for at, shown in [("2026-11-14 21:59", False), ("2026-11-14 22:30", True), ("2026-11-15 02:00", False)]:
        now(at)
        maintenance_stops.sweep()
        for who, url in pages:
            client.force_login(who)
            assert ("Maintenance goes on: New storage" in client.get(url).content.decode()) is shown, at


@pytest.mark.parametrize("model", MODELS)
def test_in_the_records_it_is_read_and_not_changed(client, cast, contract, window, now, model):
    raise_ticket(contract, now("2026-11-14 21:00"), priority="P1", product=contract.lines.get().product)
    now("2026-11-14 22:00")
    maintenance_stops.sweep()

    def address(page, *args):
        return reverse(f"admin:escalations_{model._meta.model_name}_{page}", args=args)

    row = model.objects.first()
    for who in (cast.max, cast.fin):
        client.force_login(who)
        found = client.get(address("changelist"), {"q": window.number})
        assert (found.status_code, found.context["cl"].result_count > 0) == (200, True)
        assert "_save" not in client.get(address("change", row.pk)).content.decode()
        assert client.get(address("add")).status_code == 403
        assert client.get(address("delete", row.pk)).status_code == 403
    for who, status in [(cast.ana, 403), (cast.robin, 404)]:
        client.force_login(who)
        assert client.get(address("changelist")).status_code == status

"""The desk's page of mail that found no ticket: read, joined, raised, set aside, each once."""

import pytest
from django.urls import reverse

from support.models import InboundMail, Ticket
from tests.support.desk_cases import contract_under, raise_ticket, utc
from tests.support.mail_cases import ingest, message
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client, cast, time_machine):
    time_machine.move_to(utc("2026-10-14 12:00"), tick=False)
    client.force_login(cast.ana)
    return client


@pytest.fixture
def stub(db):
    return ingest(message("<b>Who</b> am I?", sender="eve@elsewhere.example", subject="Help <script>"))


@pytest.fixture
def ticket(cast):
    return raise_ticket(contract_under("exponential-e-ucc", holder=cast.northwind), utc("2026-10-14 09:00"))


def page(client, row):
    return client.get(reverse("support:inbound-page", args=[row.pk]))


def test_what_came_in_is_read_as_text(ana, stub):
    listed = ana.get(reverse("support:inbound-list")).text
    assert "Help &lt;script&gt;" in listed
    assert "nobody\u2019s contact" in listed
    assert "&lt;b&gt;Who&lt;/b&gt; am I?" in page(ana, stub).text


def test_the_bytes_are_an_attachment(ana, stub):
    answer = ana.get(reverse("support:inbound-raw", args=[stub.pk]))
    assert answer.content == bytes(stub.raw)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        "application/octet-stream",
        "nosniff",
    )
    assert answer["Content-Disposition"].startswith("attachment")


def test_it_is_put_on_a_ticket_once(ana, cast, stub, ticket):
    assert (
        post(ana, "support:inbound-join", stub.pk, number=ticket.number[3:]).url == ticket.get_absolute_url()
    )
    stub.refresh_from_db()
    assert (stub.state, stub.ticket, stub.dealt_by) == ("reply", ticket, cast.ana.name)
    again = post(ana, "support:inbound-aside", stub.pk, reason="x")
    assert (again.status_code, "dealt with it already" in again.text) == (409, True)
    assert ticket.messages.filter(text="<b>Who</b> am I?").count() == 1


def test_a_ticket_is_raised_from_it(ana, cast, stub, ticket):
    answer = post(ana, "support:inbound-raise", stub.pk, customer=cast.northwind.code)
    made = Ticket.objects.exclude(pk=ticket.pk).get()
    assert (answer.url, made.title, made.channel) == (made.get_absolute_url(), "Help <script>", "email")


def test_where_two_contracts_fit_the_one_is_named(ana, cast, stub, ticket):
    second = contract_under("enghouse-premium", holder=cast.northwind)
    asked = post(ana, "support:inbound-raise", stub.pk, customer=cast.northwind.code)
    assert (asked.status_code, "Several contracts are in force" in asked.text) == (422, True)
    post(ana, "support:inbound-raise", stub.pk, customer=cast.northwind.code, contract=second.number)
    assert Ticket.objects.exclude(pk=ticket.pk).get().contract == second


def test_nothing_comes_of_it(ana, stub):
    assert post(ana, "support:inbound-aside", stub.pk, reason=" ").status_code == 422
    assert post(ana, "support:inbound-aside", stub.pk, reason="Advertising").status_code == 302
    assert InboundMail.objects.get().why == "Advertising"
    assert "Nothing to look at" in ana.get(reverse("support:inbound-list")).text
    assert "Advertising" in ana.get(reverse("support:inbound-list"), {"state": "all"}).text


@pytest.mark.parametrize("number", ["4711", "", "SR-999999"])
def test_a_number_that_is_none_comes_back(ana, stub, number):
    answer = post(ana, "support:inbound-join", stub.pk, number=number)
    assert answer.status_code == 422
    stub.refresh_from_db()
    assert stub.state == "stub"


def test_who_may(client, cast, stub):
    client.force_login(cast.fin)
    assert page(client, stub).status_code == 200
    assert post(client, "support:inbound-aside", stub.pk, reason="x").status_code == 403
    client.force_login(cast.robin)
    for name in ("inbound-page", "inbound-raw"):
        assert client.get(reverse(f"support:{name}", args=[stub.pk])).status_code == 404


@pytest.mark.parametrize("name", ["inbound-join", "inbound-raise", "inbound-aside"])
def test_reading_changes_nothing(ana, stub, name):
    assert ana.get(reverse(f"support:{name}", args=[stub.pk])).status_code == 405
    assert post(ana, f"support:{name}", 999999).status_code == 404


def test_the_list_costs_the_same_however_long(ana, django_assert_max_num_queries):
    for n in range(7):
        ingest(message(f"{n}", sender="eve@elsewhere.example"))
    with django_assert_max_num_queries(7):
        ana.get(reverse("support:inbound-list"))

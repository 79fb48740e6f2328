"""A customer's own tickets: his, with every deadline and its reason, and nothing of the desk's own."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from support.desk import attaching
from support.models import File, Message, Ticket, Wait
from tests.factories import ANA, TESTS, granted
from tests.support.desk_cases import contract_under, raise_ticket
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(cast):
    contract = contract_under("exponential-e-ucc", holder=cast.northwind)
    return raise_ticket(
        contract, timezone.now() - timedelta(hours=2), title="No calls come in", priority="High"
    )


@pytest.fixture
def robin(client, cast, ticket):
    client.force_login(cast.robin)
    return client


def page_of(client, ticket, query=""):
    return client.get(reverse("support:own-page", args=[ticket.number]) + query)


def test_he_lands_on_his_tickets(robin, ticket):
    assert robin.get("/").url == reverse("support:own-list")
    page = robin.get(reverse("support:own-list")).text
    assert "No calls come in" in page
    assert ticket.number in page


def test_somebody_elses_ticket_is_not_there(client, cast, ticket):
    client.force_login(cast.kim)
    assert "No calls come in" not in client.get(reverse("support:own-list"), {"state": "all"}).text
    assert page_of(client, ticket).status_code == 404
    assert post(client, "support:own-reply", ticket.number, text="Mine?").status_code == 404


def test_the_desk_has_pages_of_its_own(client, cast, ticket):
    client.force_login(cast.ana)
    assert page_of(client, ticket).status_code == 403


def test_each_promise_explains_itself(robin, ticket):
    page = page_of(robin, ticket).text
    clock = ticket.clocks.filter(state="running").first()
    assert f"?why={clock.key}" in page.replace("%3A", ":")
    why = page_of(robin, ticket, f"?why={clock.key}").text
    assert "Why it is due then" in why
    assert "Counted" in why


def test_what_is_the_desks_own_is_not_shown(robin, cast, ticket):
    at = timezone.now()
    Message.note(ticket, "They never pay in time.", by=ANA, at=at)
    ticket.hand_to(cast.max, by=ANA, at=at)
    Message.reply(ticket, "We are looking.", by=ANA, at=at)
    page = page_of(robin, ticket).text
    assert "We are looking." in page
    for words in ("They never pay", "the owner", "Internal note", "Max"):
        assert words not in page


def test_files_that_the_desk_attached_for_him_are_there_and_no_others(robin, ticket):
    at = timezone.now()
    for name, visibility in [("plan.txt", "customer"), ("costs.txt", "internal")]:
        upload = SimpleUploadedFile(name, b"x")
        attaching.attach(ticket, [upload], visibility=visibility, by=ANA, at=at)
    page = page_of(robin, ticket).text
    assert "attached 1 file" in page
    assert reverse("support:file-download", args=[File.objects.get(name="plan.txt").key]) in page
    assert "costs.txt" not in page


@pytest.mark.parametrize(("visibility", "is_read"), [("internal", False), ("customer", True)])
def test_that_there_was_a_call_is_his_and_its_words_only_where_they_are_for_him(
    robin, ticket, visibility, is_read
):
    at, facts = timezone.now(), {"made": True, "connected": False, "by": ANA}
    Message.call(ticket, "Never picks up, typical.", visibility=visibility, at=at, **facts)
    page = page_of(robin, ticket).text
    assert ("typical" in page) is is_read
    assert ("called, and nobody answered" in page) is not is_read


def test_a_wait_is_said(robin, ticket):
    Wait.begin(ticket, reason="customer", awaited="call logs", by=ANA, at=timezone.now())
    assert "Waiting for" in page_of(robin, ticket).text


def test_what_he_writes_reaches_the_desk_and_ends_the_wait_for_him(robin, cast, ticket):
    wait = Wait.begin(ticket, reason="customer", awaited="call logs", by=ANA, at=timezone.now())
    upload = SimpleUploadedFile("calls.txt", b"12:00 no audio")
    answer = post(robin, "support:own-reply", ticket.number, text="Here they are.", files=upload)
    assert (answer.status_code, answer.url) == (302, reverse("support:own-page", args=[ticket.number]))
    message = Message.objects.get(ticket=ticket, text="Here they are.")
    assert (message.kind, message.contact, message.actor_kind) == ("received", cast.robin_contact, "contact")
    assert [file.name for file in message.files.all()] == ["calls.txt"]
    wait.refresh_from_db()
    assert wait.ended_at is not None


@pytest.mark.parametrize(
    ("text", "sentence"), [(" ", "This field is required"), ("\u200b", "Write something that can be read")]
)
def test_an_empty_word_comes_back_with_a_sentence(robin, ticket, text, sentence):
    page = post(robin, "support:own-reply", ticket.number, text=text)
    assert page.status_code == 422
    assert sentence in page.text


def test_a_resolved_ticket_opens_again_and_a_closed_one_does_not(robin, ticket):
    ticket.resolve(outcome="resolved", by=TESTS, at=timezone.now())
    post(robin, "support:own-reply", ticket.number, text="Still broken.")
    ticket.refresh_from_db()
    assert ticket.undone
    ticket.resolve(outcome="resolved", by=TESTS, at=timezone.now())
    ticket.close(reason="Done.", by=TESTS, at=timezone.now())
    assert "This ticket is closed" in page_of(robin, ticket).text
    page = post(robin, "support:own-reply", ticket.number, text="And again.")
    assert (page.status_code, "becomes a new one" in page.text) == (422, True)
    assert "And again." in page.text
    assert Ticket.objects.get(pk=ticket.pk).state == "closed"


def test_a_partner_writes_as_himself_and_only_by_its_grant(client, cast, ticket):
    client.force_login(cast.kim)
    assert page_of(client, ticket).status_code == 404
    granted(cast.kim_contact, cast.northwind)
    assert post(client, "support:own-reply", ticket.number, text="For them.").status_code == 302
    event = ticket.events.filter(kind="message.received").latest("seq")
    assert event.facts["sender"] == "partner"


def test_a_partners_list_names_the_company_even_where_one_alone_has_tickets(client, cast, robin, ticket):
    granted(cast.kim_contact, cast.northwind)
    client.force_login(cast.kim)
    assert 'data-label="Company">Northwind' in client.get(reverse("support:own-list")).text
    client.force_login(cast.robin)
    assert 'data-label="Company"' not in client.get(reverse("support:own-list")).text


def test_the_pages_cost_the_same_for_one_ticket_and_for_many(robin, cast, ticket, django_assert_num_queries):
    for n in range(8):
        Message.reply(ticket, f"Word {n}", by=ANA, at=timezone.now())
    robin.get(reverse("support:own-list"))
    with django_assert_num_queries(8):
        robin.get(reverse("support:own-list"))
    page_of(robin, ticket)
    with django_assert_num_queries(18):
        page_of(robin, ticket)

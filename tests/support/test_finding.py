"""Finding from anywhere: by number, words, company, phone number, address or domain, through an index each."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from support.desk import finding
from support.models import Contact, Ticket
from support.models.tickets import TicketNumber
from tests.attacks import run
from tests.factories import TESTS, ContactFactory, CustomerFactory
from tests.support.desk_cases import contract_under, raise_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(cast):
    contact = cast.robin_contact
    contact.phone, contact.email = "+44 (0)20 7946-0123", "robin@northwind.example"
    contact.by(TESTS).save()
    contract = contract_under("exponential-e-ucc", holder=cast.northwind)
    ours = raise_ticket(contract, timezone.now(), contact=contact, title="Robin\u2019s phone")
    raise_ticket(contract_under("exponential-e-ucc"), timezone.now(), title="Another company")
    return ours


@pytest.mark.parametrize(
    "typed",
    [
        "+44 20 7946 0123",
        "020 79460123",
        "(020) 7946.0123",
        "0044207946 0123",
        "7946 0123",
        "+44 (0)20 7946-0123",
    ],
)
def test_a_phone_number_however_it_is_written(world, typed):
    assert list(finding.search(Ticket.objects.all(), typed)) == [world]


@pytest.mark.parametrize(
    "typed", ["northwind.example", "@northwind.example", "Northwind.Example", "robin@northwind.example"]
)
def test_an_address_or_its_domain(world, typed):
    assert list(finding.search(Ticket.objects.all(), typed)) == [world]


@pytest.mark.parametrize(
    "typed",
    [
        "12345",
        "0124 7946",
        "wind.example",
        "x@northwind.example",
        "%%",
        "\\",
        "-",
        "-" * 40,
        "- " * 40,
        "(" * 200,
    ],
)
def test_what_leads_nowhere_finds_nothing(world, typed):
    assert not finding.search(Ticket.objects.all(), typed).exists()


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("Robin\u2019s phone", "robin"),
        ("\u201cTeams\u201d does not start", "teams"),
        ("Teams\u2014again\u2026and again", "again"),
        ("The co\u2011op", "co-op"),
        ("It isn't there", "isn\u2019t"),
        ("A\u00a0blank", "blank"),
    ],
)
def test_words_as_word_processors_write_them(title, typed):
    found = raise_ticket(contract_under("exponential-e-ucc"), timezone.now(), title=title)
    assert list(finding.search(Ticket.objects.all(), typed)) == [found]


def test_an_open_ticket_is_found_behind_any_number_of_closed_ones(client, cast, world, monkeypatch):
    """What is looked at is the newest of what the other filters leave: by its own words, and by those of its messages."""
    monkeypatch.setattr(finding, "LOOKED_AT", 1)
    now = timezone.now()
    told = raise_ticket(world.contract, now, title="Another thing", text="The attendant is deaf")
    for title, text in [("Robin\u2019s phone", "It hums"), ("A third thing", "The attendant is deaf too")]:
        done = raise_ticket(world.contract, now, title=title, text=text)
        done.resolve(outcome="resolved", by=TESTS, at=now)
    client.force_login(cast.ana)
    for words, found in [("robin", world), ("attendant", told)]:
        page = client.get(reverse("support:ticket-list"), {"q": words}).text
        assert [found.number] == re.findall(r'class="queue-title" id="([^"]+)', page)


def test_of_many_companies_the_newest_are_looked_at(world, monkeypatch):
    monkeypatch.setattr(finding, "NAMED", 1)
    monkeypatch.setattr(
        finding, "_companies", finding._companies.__wrapped__
    )  # not as it was prepared before
    newer = CustomerFactory(name=f"{world.customer.name} Two")
    theirs = raise_ticket(contract_under("exponential-e-ucc", holder=newer), timezone.now())
    assert list(finding.search(Ticket.objects.all(), world.customer.name)) == [theirs]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("482", "SR-000482"),
        ("sr100482", "SR-100482"),
        ("SR-1000482", "SR-1000482"),
        ("100 482", ""),
        ("SR-", ""),
    ],
)
def test_what_reads_as_a_number(typed, number):
    assert finding.number_in(typed) == number


def test_the_millionth_ticket_has_a_number_of_its_own(world):
    """Not the sequence itself, which no rollback resets: the words that make a number of it."""
    numbers = [999_999, 1_000_000, 12_345_678]
    made = TicketNumber().template.replace("nextval('support_ticket_number')", "%s")
    assert [run(f"SELECT {made}", number)[0][0] for number in numbers] == [
        "SR-999999",
        "SR-1000000",
        "SR-12345678",
    ]
    [[default]] = run(
        "SELECT column_default FROM information_schema.columns WHERE (table_name, column_name) = ('support_ticket', 'number')"
    )
    assert "FM9999999000000" in default


def test_who_calls_is_named_and_can_be_helped_at_once(client, cast, world):
    client.force_login(cast.ana)
    page = client.get(reverse("support:ticket-list"), {"q": "020 7946 0123", "state": "all"}).text
    assert "Robin Sample" in page
    assert f"/tickets/new/?customer={cast.northwind.code}" in page


def test_every_page_of_the_desk_can_find(client, cast):
    client.force_login(cast.ana)
    for name in ("support:deadline-list", "escalations:review-list", "support:profile"):
        assert 'id="find"' in client.get(reverse(name)).text


def test_a_phone_number_and_a_domain_are_found_by_their_index(db):
    ContactFactory()
    run("SET enable_seqscan = off")
    for found, index in [
        (Contact.objects.by_phone("32106497"), "contact_by_phone"),
        (Contact.objects.of_domain("northwind.example"), "contact_by_domain"),
    ]:
        assert index in found.order_by().explain()

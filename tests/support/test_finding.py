"""Finding from anywhere: by number, words, company, phone number, address or domain, through an index each."""

import pytest
from django.urls import reverse
from django.utils import timezone

from support.desk import finding
from support.models import Contact, Ticket
from support.models.tickets import TicketNumber
from tests.attacks import run
from tests.factories import TESTS, ContactFactory
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
        (Contact.objects.by_phone("79460123"), "contact_by_phone"),
        (Contact.objects.of_domain("northwind.example"), "contact_by_domain"),
    ]:
        assert index in found.order_by().explain()

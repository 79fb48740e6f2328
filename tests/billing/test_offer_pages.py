"""An offer as the desk reads it, what was decided before it, and what it goes by: pages that change nothing."""

import pytest
from django.urls import reverse
from django.utils import timezone

from billing import scope
from support.actors import Actor
from tests.billing.billing_cases import ese_contract, requested
from tests.billing.page_cases import engagement_for, offer_for
from tests.support.desk_cases import contract_under, raise_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(cast):
    return offer_for(cast)


def page(client, offer):
    return client.get(reverse("billing:offer-page", args=[offer.engagement.reference, offer.number]))


@pytest.mark.parametrize("who", ["ana", "max", "fin"])
def test_the_desk_reads_the_very_bytes_that_the_customer_reads(client, cast, offer, who):
    client.force_login(getattr(cast, who))
    said = page(client, offer).text
    assert bytes(offer.document).decode() in said
    for words in (bytes(offer.sha256).hex(), cast.robin_contact.name, "Waiting for a yes"):
        assert words in said
    assert "<form" not in said.split("<main")[1].split("</main")[0], "nothing is decided there"


def test_it_is_reached_from_its_engagement(client, cast, offer):
    client.force_login(cast.ana)
    engagement = client.get(reverse("billing:engagement-page", args=[offer.engagement.reference])).text
    assert reverse("billing:offer-page", args=[offer.engagement.reference, 1]) in engagement


def test_nobody_else_reads_it_and_it_takes_no_post(client, cast, offer):
    address = reverse("billing:offer-page", args=[offer.engagement.reference, 1])
    assert client.get(address).status_code == 302
    client.force_login(cast.robin)
    assert client.get(address).status_code in (403, 404)
    client.force_login(cast.ana)
    assert client.post(address).status_code == 405
    for args in ([offer.engagement.reference, 2], ["ENG-0", 1]):
        assert client.get(reverse("billing:offer-page", args=args)).status_code == 404


def test_it_costs_few_queries(client, cast, offer, django_assert_max_num_queries):
    client.force_login(cast.ana)
    page(client, offer)
    with django_assert_max_num_queries(10):
        page(client, offer)


def test_the_engagement_says_estimate_rate_and_how_time_counts(client, cast):
    engagement = engagement_for(cast)
    client.force_login(cast.ana)
    said = client.get(reverse("billing:engagement-page", args=[engagement.reference])).text
    for words in ("3 hours", "$750.00", "$250.00 an hour", "rounded up to the next 15 minutes"):
        assert words in said


def test_without_a_rate_card_it_says_so(client, cast):
    contract = contract_under(
        "egroup-csp-advantage", engagement="calltower-ese", csp="direct", holder=cast.northwind
    )
    engagement = requested(contract)
    client.force_login(cast.ana)
    said = client.get(reverse("billing:engagement-page", args=[engagement.reference])).text
    assert "The contract has no rate card" in said


def test_an_exception_is_told_with_its_item_reason_and_manager(client, cast):
    ticket = raise_ticket(ese_contract(holder=cast.northwind), timezone.now(), channel="email")
    said = {"scope": "out", "item": "network", "outcome": "engagement", "reason": "Their only site, once."}
    scope.decide(ticket, **said, override=True, by=Actor.of(cast.max), at=timezone.now())
    client.force_login(cast.ana)
    panel = client.get(ticket.get_absolute_url()).text
    for words in ("Network configuration", "not eligible", "Against the list", cast.max.name, said["reason"]):
        assert words in panel


def test_the_decision_stays_on_the_ticket_and_stands_on_the_engagement(client, cast):
    engagement = engagement_for(cast)
    client.force_login(cast.ana)
    own = reverse("billing:engagement-page", args=[engagement.reference])
    for address in (engagement.ticket.get_absolute_url(), own):
        said = client.get(address).text
        for words in ("Advanced configuration or integration", "Not in CSP.", "Out of scope"):
            assert words in said
        assert "Against the list" not in said


def test_a_customer_reads_nothing_of_how_it_was_decided(client, cast):
    engagement = engagement_for(cast)
    client.force_login(cast.robin)
    own = reverse("support:own-page", args=[engagement.ticket.number])
    for address in (own, reverse("billing:own-engagement-page", args=[engagement.reference])):
        assert "Not in CSP." not in client.get(address).text

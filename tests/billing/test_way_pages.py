"""The way that out-of-scope work takes, on the desk's pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.models import ScopeDecision, WayStep
from support.models import Message
from tests.factories import TESTS
from tests.support.desk_cases import contract_under, raise_ticket
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db

ITEMS = {"own-it": "network", "expertise": "services", "immediate": "failed-installation"}


@pytest.fixture
def ticket(cast):
    contract = contract_under("enghouse-premium", holder=cast.northwind, csp="none")
    return raise_ticket(contract, timezone.now(), channel="email", contact=cast.robin_contact)


@pytest.fixture
def max(client, cast):
    client.force_login(cast.max)
    return client


def decided(client, ticket, way, **fields):
    said = {
        "scope": "out",
        "item": ITEMS[way],
        "outcome": way,
        "reason": "It is not our software.",
        "agreed_with": "Robin Sample",
        "agreed_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "consulted": "Max",
        "override": "on" if way == "immediate" else "",
        **fields,
    }
    return post(client, "billing:scope-decide", ticket.number, **said)


def page(client, ticket):
    return client.get(reverse("billing:way-page", args=[ticket.number]))


def test_own_it_is_agreed_told_in_edited_words_and_closed(max, ticket):
    assert decided(max, ticket, "own-it", agreed_at="").status_code == 422
    assert decided(max, ticket, "own-it").url == reverse("billing:way-page", args=[ticket.number])
    decision = ScopeDecision.objects.get()
    assert (decision.agreed_with, decision.consulted) == ("Robin Sample", "Max")
    assert "As agreed, your own IT goes on with this" in page(max, ticket).text
    assert "Where it goes from here" in max.get(ticket.get_absolute_url()).text
    empty = post(max, "billing:way-close", ticket.number, text="")
    assert (empty.status_code, "Send, and close as Non-product issue" in empty.text) == (422, True)
    assert post(max, "billing:way-close", ticket.number, text="Yours now.").url == ticket.get_absolute_url()
    ticket.refresh_from_db()
    assert (ticket.outcome, Message.objects.latest("pk").text) == ("non_product", "Yours now.")
    again = post(max, "billing:way-close", ticket.number, text="Yours now.")
    assert (again.status_code, "open the ticket again" in again.text) == (409, True)


def test_system_expertise_is_estimated_ordered_and_handed_on(max, client, cast, ticket):
    decided(max, ticket, "expertise")
    early = post(max, "billing:way-order", ticket.number, reference="PO 1")
    assert early.status_code == 409
    for data in ({"minutes": "", "text": "x"}, {"minutes": "0", "text": "x"}, {"minutes": "60", "text": ""}):
        assert post(max, "billing:way-estimate", ticket.number, **data).status_code == 422
    sent = post(max, "billing:way-estimate", ticket.number, minutes="600", text="Ten hours.")
    assert sent.url == reverse("billing:way-page", args=[ticket.number])
    assert "600 minutes" in page(max, ticket).text
    assert post(max, "billing:way-order", ticket.number, reference="").status_code == 422
    assert post(max, "billing:way-order", ticket.number, reference="PO 4711").status_code == 302
    assert "PO 4711" in page(max, ticket).text
    assert "noted the estimate of professional services: 10 h" in max.get(ticket.get_absolute_url()).text
    assert post(max, "billing:way-close", ticket.number, text="They go on.").status_code == 302
    client.force_login(cast.robin)
    own = client.get(reverse("support:own-page", args=[ticket.number])).text
    for words in ("Ten hours.", "They go on."):
        assert words in own
    assert "PO 4711" not in own


def test_limited_help_waits_for_a_manager_who_says_why(client, cast, max, ticket):
    refused = decided(max, ticket, "immediate")
    assert (refused.status_code, "This way is for an accredited partner alone" in refused.text) == (422, True)
    partner = ticket.customer.partner or ticket.customer
    partner.accredited_until = timezone.localdate() + timedelta(days=30)
    partner.by(TESTS).save()
    assert decided(max, ticket, "immediate").status_code == 302
    assert f"{partner.name}, until " in page(max, ticket).text
    client.force_login(cast.ana)
    assert "tell one of them" in page(client, ticket).text
    said = {"allowed": "yes", "reason": "His engineer is on site."}
    assert post(client, "billing:way-answer", ticket.number, **said).status_code == 403
    client.force_login(cast.max)
    assert post(client, "billing:way-answer", ticket.number, allowed="yes", reason="").status_code == 422
    assert post(client, "billing:way-answer", ticket.number, **said).status_code == 302
    assert (WayStep.objects.get().step, WayStep.objects.get().reason) == ("allowed", said["reason"])
    assert "allowed limited help, as a support manager" in client.get(ticket.get_absolute_url()).text
    assert "Nothing more is asked for" in page(client, ticket).text


@pytest.mark.parametrize("name", ["page", "estimate", "order", "answer", "close"])
def test_strangers_get_404_and_get_gets_405(client, cast, max, ticket, name):
    decided(max, ticket, "own-it")
    for person, status in [(cast.kim, 404), (cast.robin, 404), (cast.fin, 403)]:
        client.force_login(person)
        address = reverse(f"billing:way-{name}", args=[ticket.number])
        answer = client.get(address) if name == "page" else post(client, f"billing:way-{name}", ticket.number)
        assert answer.status_code == status, person
    client.force_login(cast.max)
    if name != "page":
        assert client.get(address).status_code == 405
        assert post(client, f"billing:way-{name}", "SR-999999").status_code == 404


def test_without_a_way_the_page_leads_to_the_decision(max, ticket):
    assert page(max, ticket).url == reverse("billing:scope-decide", args=[ticket.number])

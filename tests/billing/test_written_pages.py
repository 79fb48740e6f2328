"""A yes on paper on the engagement page: recorded by Ana, looked at by Max, who confirms or refuses it."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.models import Approval, WrittenCheck, WrittenYes
from tests.billing.billing_cases import signed
from tests.billing.page_cases import offer_for
from tests.billing.written_cases import confirmed, recorded, upload
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(cast):
    return offer_for(cast)


@pytest.fixture
def args(offer):
    return [offer.engagement.reference, offer.number]


def came(cast, offer, **fields):
    return {
        "contact": cast.robin_contact.pk,
        "way": "order",
        "signed_name": "Robin Sample",
        "reference": "PO 4711",
        "says": "We approve offer 1.",
        "dated_on": f"{timezone.localdate():%Y-%m-%d}",
        "original": upload(),
        "shown": bytes(offer.sha256).hex(),
        **fields,
    }


def on_paper(cast, offer):
    return recorded(offer, cast.robin_contact, cast.ana, timezone.now(), dated_on=timezone.localdate())


def answer(said):
    return {"looked": "on", "shown": bytes(said.sha256).hex(), "original": said.original_sha256}


def page_of(client, offer):
    return client.get(reverse("billing:engagement-page", args=[offer.engagement.reference]))


def test_one_records_it_and_reads_why_he_does_not_confirm_it(client, cast, offer, args):
    client.force_login(cast.ana)
    assert post(client, "billing:written-record", *args, **came(cast, offer)).status_code == 302
    said = WrittenYes.objects.get()
    assert (said.actor_name, said.original.name, said.original.visibility) == (
        "Ana",
        "po-4711.pdf",
        "internal",
    )
    page = page_of(client, offer).text
    for words in ("PO 4711", "Waits for a second look", "You recorded it, so another agent or manager"):
        assert words in page
    assert reverse("support:file-download", args=[said.original.key]) in page
    assert reverse("billing:written-confirm", args=[*args, 1]) not in page
    refused = post(client, "billing:written-confirm", *args, 1, **answer(said))
    assert (refused.status_code, "Whoever recorded a written yes" in refused.text) == (409, True)
    assert not Approval.objects.exists()


def test_another_one_opens_the_original_and_confirms_it(client, cast, offer, args):
    said = on_paper(cast, offer)
    client.force_login(cast.max)
    page = page_of(client, offer).text
    assert reverse("billing:written-confirm", args=[*args, 1]) in page
    assert client.get(reverse("support:file-download", args=[said.original.key])).status_code == 200
    unseen = post(client, "billing:written-confirm", *args, 1, **{**answer(said), "looked": ""})
    assert unseen.status_code == 422
    assert post(client, "billing:written-confirm", *args, 1, **answer(said)).status_code == 302
    page = page_of(client, offer).text
    assert "Approved in writing" in page
    assert "Max compared it with the original and confirmed it" in page


def test_another_one_refuses_it_with_the_reason(client, cast, offer, args):
    on_paper(cast, offer)
    client.force_login(cast.max)
    empty = post(client, "billing:written-refuse", *args, 1, reason="")
    assert (empty.status_code, reverse("billing:written-refuse", args=[*args, 1]) in empty.text) == (
        422,
        True,
    )
    assert post(client, "billing:written-refuse", *args, 1, reason="Not signed.").status_code == 302
    page = page_of(client, offer).text
    assert "Not confirmed" in page
    assert "Not signed." in page
    assert "Record a written yes" in page


@pytest.mark.parametrize(
    "field", ["contact", "way", "signed_name", "says", "dated_on", "original", "reference"]
)
def test_what_is_missing_is_said_beside_its_field(client, cast, offer, args, field):
    client.force_login(cast.ana)
    response = post(client, "billing:written-record", *args, **came(cast, offer, **{field: ""}))
    assert response.status_code == 422
    assert response.context["forms"]["written"].errors.keys() == {field}
    assert not WrittenYes.objects.exists()


def test_an_offer_that_is_not_what_was_shown_is_not_answered(client, cast, offer, args):
    client.force_login(cast.ana)
    stale = post(client, "billing:written-record", *args, **came(cast, offer, shown="00" * 32))
    assert (stale.status_code, "open the page again" in stale.text) == (422, True)
    said = on_paper(cast, offer)
    client.force_login(cast.max)
    stale = post(client, "billing:written-confirm", *args, 1, **{**answer(said), "shown": "00" * 32})
    assert (stale.status_code, "open the page again" in stale.text) == (422, True)


def test_a_decided_offer_answers_with_the_sentence_alone(client, cast, offer, args):
    said = on_paper(cast, offer)
    signed(offer, cast.robin_contact, timezone.now())
    client.force_login(cast.max)
    assert "Never confirmed" in page_of(client, offer).text
    for name, sent, data in [
        ("record", args, came(cast, offer)),
        ("confirm", [*args, 1], answer(said)),
        ("refuse", [*args, 1], {"reason": "Late."}),
    ]:
        late = post(client, f"billing:written-{name}", *sent, **data)
        assert (late.status_code, "is approved already" in late.text) == (409, True), name


def test_a_form_that_is_sent_twice_acts_once(client, cast, offer, args):
    said, key = on_paper(cast, offer), uuid.uuid4()
    client.force_login(cast.max)
    for _ in range(2):
        assert post(client, "billing:written-confirm", *args, 1, key=key, **answer(said)).status_code == 302
    assert WrittenCheck.objects.count() == 1


@pytest.mark.parametrize("name", ["record", "confirm", "refuse"])
def test_strangers_get_404_get_gets_405_and_finance_403(client, cast, offer, args, name):
    on_paper(cast, offer)
    sent = args if name == "record" else [*args, 1]
    for person, status in [(cast.kim, 404), (cast.robin, 404), (cast.fin, 403)]:
        client.force_login(person)
        assert post(client, f"billing:written-{name}", *sent).status_code == status, person
    client.force_login(cast.max)
    assert client.get(reverse(f"billing:written-{name}", args=sent)).status_code == 405
    for place in (9, 0, 10**19):
        nowhere = [args[0], 9] if name == "record" else [*args, place]
        assert post(client, f"billing:written-{name}", *nowhere).status_code == 404


def test_the_customer_never_reads_the_original_but_how_the_yes_came(client, cast, offer, args):
    said = on_paper(cast, offer)
    confirmed(said, cast.max, timezone.now())
    client.force_login(cast.robin)
    assert client.get(reverse("support:file-download", args=[said.original.key])).status_code == 404
    page = client.get(reverse("billing:own-engagement-page", args=[args[0]])).text
    assert "Approved in writing" in page
    assert said.original.key not in page
    timeline = client.get(reverse("support:own-page", args=[offer.engagement.ticket.number])).text
    assert "Max confirmed the customer’s written yes" in timeline
    assert "recorded a written yes" not in timeline


def test_rows_on_the_page_cost_no_queries_of_their_own(client, cast, offer, django_assert_max_num_queries):
    on_paper(cast, offer)
    client.force_login(cast.fin)
    page_of(client, offer)
    with django_assert_max_num_queries(13):
        page_of(client, offer)


def test_the_list_says_where_a_second_look_is_waited_for(client, cast, offer, django_assert_max_num_queries):
    client.force_login(cast.max)
    address, words = reverse("billing:engagement-list"), "A yes on paper waits for a second look"
    assert words not in client.get(address).text
    said = on_paper(cast, offer)
    with django_assert_max_num_queries(6):
        assert words in client.get(address).text
    confirmed(said, cast.max, timezone.now())
    assert words not in client.get(address).text

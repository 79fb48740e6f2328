"""The customer's page: GET shows and changes nothing; link, code, name and a POST decide, once (invariants 5 to 7)."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from billing import offering
from billing.models import Approval, Offer, OfferCode, OfferEnd, Signature
from support.actors import Actor
from support.models import Event, Mail
from tests.billing.page_cases import figures_for, link_of, offer_for
from tests.factories import TESTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(cast):
    return offer_for(cast)


def proved(client, offer):
    """The page on which the right code was entered: its hidden fields."""
    link = link_of(offer)
    opened = hidden(client.get(link), "opened")
    assert client.post(f"{link}code/", {"opened": opened}).status_code == 302
    page = client.post(f"{link}prove/", {"code": figures_for(offer)})
    assert page.status_code == 200
    return {"proof": hidden(page, "proof"), "shown": hidden(page, "shown")}


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]


def approve(client, offer, **fields):
    said = {**proved(client, offer), "typed_name": "Robin Sample", "read": "on", **fields}
    return client.post(f"{link_of(offer)}approve/", said)


def everything():
    return [model.objects.count() for model in (Offer, OfferCode, OfferEnd, Signature, Approval, Event, Mail)]


def test_the_page_shows_the_terms_and_reading_it_changes_nothing(client, offer):
    before = everything()
    for _ in range(3):
        page = client.get(link_of(offer))
        client.head(link_of(offer))
    for words in ["Rebuild transfer routing", "$1,000.00", "240", "Send me the code", "Call captures"]:
        assert words in page.text or words == "240"
    assert everything() == before
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("verb", ["code", "prove", "approve", "decline"])
def test_get_of_a_verb_gets_405_and_an_unknown_link_404(client, offer, verb):
    assert client.get(f"{link_of(offer)}{verb}/").status_code == 405
    assert client.post(f"/offers/{'x' * 43}/{verb}/").status_code == 404
    assert client.get(f"/offers/{'x' * 43}/").status_code == 404


def test_link_code_name_and_post_approve(client, offer, cast):
    response = approve(client, offer)
    assert response.status_code == 302
    signature = Signature.objects.get()
    assert (signature.contact, signature.typed_name, signature.address) == (
        cast.robin_contact,
        "Robin Sample",
        "127.0.0.1",
    )
    assert signature.opened_at is not None
    page = client.get(response.url)
    assert "Approved in writing" in page.text
    assert bytes(offer.sha256).hex() in page.text


def test_without_the_code_nothing_is_decided(client, offer):
    fields = {
        "typed_name": "Robin Sample",
        "read": "on",
        "shown": bytes(offer.sha256).hex(),
        "proof": "forged",
    }
    response = client.post(f"{link_of(offer)}approve/", fields)
    assert response.status_code == 409
    assert "The code was not entered" in response.text
    assert not Signature.objects.exists()


def test_a_scanner_that_submits_every_form_decides_nothing(client, offer):
    link = link_of(offer)
    for verb in ["code", "prove", "approve", "decline"]:
        page = client.get(link)
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page.text))
        client.post(
            f"{link}{verb}/", {**fields, "code": "123456", "typed_name": "x", "read": "on", "reason": "x"}
        )
    assert not Approval.objects.exists()
    assert not OfferEnd.objects.exists()


def test_the_wrong_code_counts_and_the_sixth_try_is_too_many(client, offer):
    link = link_of(offer)
    client.post(f"{link}code/")
    right = figures_for(offer)
    wrong = "000000" if right != "000000" else "111111"
    for left in [4, 3, 2, 1, 0]:
        assert f"Tries left: {left}" in client.post(f"{link}prove/", {"code": wrong}).text
    page = client.post(f"{link}prove/", {"code": right})
    assert page.status_code == 422
    assert "tried too often" in page.text


def test_a_name_and_the_tick_are_needed_and_the_form_comes_back(client, offer):
    page = approve(client, offer, typed_name="", read="")
    assert page.status_code == 422
    assert hidden(page, "proof")
    assert not Approval.objects.exists()


def test_what_was_not_shown_cannot_be_approved(client, offer):
    response = approve(client, offer, shown="00" * 32)
    assert response.status_code == 409
    assert "open it again" in response.text
    assert not Approval.objects.exists()


def test_a_double_click_leads_to_the_one_answer(client, offer):
    said = {**proved(client, offer), "typed_name": "Robin Sample", "read": "on"}
    first, second = (client.post(f"{link_of(offer)}approve/", said) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert Approval.objects.count() == 1


def test_declining_without_a_word_asks_for_a_few_and_keeps_the_form_open(client, offer):
    said = proved(client, offer)
    for reason in ("", "\u200b"):
        page = client.post(f"{link_of(offer)}decline/", {**said, "reason": reason})
        assert page.status_code in (409, 422)
        assert "in a few words" in page.text
    page = client.post(f"{link_of(offer)}decline/", {**said, "reason": ""})
    assert '<details class="fold" open>' in page.text
    assert said["proof"] in page.text
    assert client.post(f"{link_of(offer)}decline/", {**said, "reason": "Too dear"}).status_code == 302


def test_declining_ends_the_offer_and_a_yes_after_it_is_refused(client, offer):
    said = proved(client, offer)
    link = link_of(offer)
    assert client.post(f"{link}decline/", {**said, "reason": "Too dear"}).status_code == 302
    page = client.get(link)
    assert "Declined" in page.text
    assert "Too dear" in page.text
    again = client.post(f"{link}approve/", {**said, "typed_name": "Robin Sample", "read": "on"})
    assert again.status_code == 302
    assert not Approval.objects.exists()


def test_a_withdrawn_offer_says_so_and_cannot_be_answered(client, offer, cast):
    said = proved(client, offer)
    offering.withdraw_offer(offer, reason="A mistake.", by=Actor.of(cast.ana), at=timezone.now())
    link = link_of(offer)
    assert "Withdrawn by us" in client.get(link).text
    response = client.post(f"{link}approve/", {**said, "typed_name": "Robin Sample", "read": "on"})
    assert response.status_code == 409
    assert client.post(f"{link}code/").status_code == 409


def test_what_was_typed_against_a_withdrawn_offer_is_not_lost(client, offer, cast):
    said = proved(client, offer)
    offering.withdraw_offer(offer, reason="A mistake.", by=Actor.of(cast.ana), at=timezone.now())
    page = client.post(f"{link_of(offer)}decline/", {**said, "reason": "Please do\n\n<half> of it."})
    assert page.status_code == 409
    for words in ("It was not sent.", "<p>Please do</p>", "<p>&lt;half&gt; of it.</p>"):
        assert words in page.text
    again = client.post(f"{link_of(offer)}approve/", {**said, "typed_name": "Robin Sample", "read": "on"})
    assert "What you wrote" not in again.text


def test_a_disabled_contact_can_no_longer_answer(client, offer, cast):
    said = proved(client, offer)
    cast.robin_contact.active = False
    cast.robin_contact.by(TESTS).save()
    response = client.post(f"{link_of(offer)}approve/", {**said, "typed_name": "Robin Sample", "read": "on"})
    assert response.status_code == 409
    assert not Approval.objects.exists()


def test_after_its_time_it_says_so(client, cast):
    now = timezone.now()
    offer = offer_for(cast, answer_by=now + timedelta(milliseconds=400))
    while timezone.now() < offer.answer_by:
        pass
    page = client.get(link_of(offer))
    assert "The time to answer is over" in page.text
    assert client.post(f"{link_of(offer)}code/").status_code == 409


def test_neither_token_nor_code_is_stored_in_any_mail(client, offer):
    client.post(f"{link_of(offer)}code/")
    token, figures = link_of(offer).split("/")[2], figures_for(offer)
    for mail in Mail.objects.all():
        assert token not in mail.text
        assert figures not in mail.text


def test_the_log_never_holds_a_token(client, offer, caplog):
    token = link_of(offer).split("/")[2]
    client.get(f"{link_of(offer)}approve/")
    [record] = [record for record in caplog.records if "/offers/" in record.getMessage()]
    assert token not in record.getMessage()
    assert "/offers/…/approve/" in record.getMessage()


def test_a_browser_under_no_referrer_can_answer(offer):
    strict = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    assert strict.post(f"{link_of(offer)}code/").status_code == 302
    page = strict.post(f"{link_of(offer)}prove/", {"code": figures_for(offer)})
    said = {
        "proof": hidden(page, "proof"),
        "shown": hidden(page, "shown"),
        "typed_name": "Robin Sample",
        "read": "on",
    }
    assert strict.post(f"{link_of(offer)}approve/", said).status_code == 302
    assert Approval.objects.exists()
    assert not strict.cookies


def test_pressing_twice_where_a_second_person_has_to_sign_leads_to_the_one_signature(client, cast):
    cast.northwind.second_signature_above = 100
    cast.northwind.by(TESTS).save()
    offer = offer_for(cast)
    said = {**proved(client, offer), "typed_name": "Robin Sample", "read": "on"}
    for _ in range(3):
        assert client.post(f"{link_of(offer)}approve/", said).status_code == 302
    assert "You have signed" in client.get(link_of(offer)).text
    assert (Signature.objects.count(), Approval.objects.count()) == (1, 0)

"""A session that ended: nothing is done, what was typed can be copied, and no page is left for the next one."""

import pytest

from support.models import Message
from tests.support.desk_cases import contract_under, raise_ticket, utc
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db
WORDS = "We have restarted the gateway <b>twice</b> and see no alarm."


@pytest.fixture
def ticket(cast):
    return raise_ticket(contract_under("exponential-e-ucc"), utc("2026-10-14 09:00"))


def test_what_was_typed_comes_back_to_be_copied(client, ticket):
    before = Message.objects.count()
    page = client.post(
        f"{ticket.get_absolute_url()}reply/",
        {"text": WORDS, "submission": "3f6f8f2e-6d6e-4a55-9d8a-000000000001"},
        headers={"Referer": f"http://testserver{ticket.get_absolute_url()}?why=x"},
    )
    assert (page.status_code, Message.objects.count()) == (403, before)
    assert "restarted the gateway &lt;b&gt;twice&lt;/b&gt;" in page.text
    assert "3f6f8f2e" not in page.text
    assert f"/accounts/login/?next={ticket.get_absolute_url()}%3Fwhy%3Dx" in page.text


def test_of_secrets_nothing_comes_back_and_of_any_script_all(client):
    said = {"password1": "Correct-horse-battery-staple-9", "new_password": "Another one of 30 letters, here"}
    said |= {"text": "我们重启了网关。", "access_token": "a" * 40, "was": "x" * 40}
    page = client.post("/admin/support/user/add/", said)
    assert (page.status_code, said["text"] in page.text) == (403, True)
    assert page.headers["Cache-Control"] == "no-store"
    for name in said.keys() - {"text"}:
        assert said[name] not in page.text, name


@pytest.mark.parametrize("referer", ["http://[x/", "//[", "http://[::1"])
def test_a_page_that_is_no_address_is_not_led_back_to(client, ticket, referer):
    page = client.post(f"{ticket.get_absolute_url()}reply/", {"text": WORDS}, headers={"Referer": referer})
    assert page.status_code == 403
    assert '/accounts/login/?next=/"' in page.text


def test_another_sites_page_is_not_led_back_to(client, ticket):
    page = client.post(f"{ticket.get_absolute_url()}reply/", headers={"Referer": "https://evil.example/x"})
    assert '/accounts/login/?next=/"' in page.text
    assert "evil" not in page.text


def test_reading_leads_to_the_sign_in_and_back(client, ticket):
    assert (
        client.get(ticket.get_absolute_url())["Location"]
        == f"/accounts/login/?next={ticket.get_absolute_url()}"
    )


def test_signing_out_clears_what_the_browser_kept(client, cast):
    client.force_login(cast.ana)
    assert "Clear-Site-Data" not in client.get("/profile/").headers
    assert post(client, "account_logout")["Clear-Site-Data"] == '"cache"'

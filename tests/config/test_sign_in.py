"""Signing in: by address and password, in one's own language and look, and telling strangers nothing."""

import logging
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from config.redacting import Tokens
from tests.factories import TESTS

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _fresh(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()
    cast.robin.set_password("a long enough one")
    cast.robin.save(update_fields=["password"])


def sign_in(client, email, password="a long enough one"):
    return client.post(LOGIN, {"login": email, "password": password})


def test_the_page_asks_for_address_and_password_and_offers_a_passkey(client):
    page = client.get(LOGIN).content.decode()
    for part in ["<h1>Sign in</h1>", 'name="login"', 'name="password"', "Sign in with a passkey"]:
        assert part in page
    assert "sign up" not in page.lower()


def test_a_customer_signs_in_and_lands_on_his_page(client, cast):
    response = sign_in(client, cast.robin.email)
    assert response.status_code == 302
    page = client.get("/profile/").content.decode()
    assert "Robin" in page
    assert "Records" not in page


def test_no_account_and_a_wrong_password_look_the_same(client, cast):
    pages = [sign_in(client, who, "wrong") for who in (cast.robin.email, "nobody@nowhere.example")]
    assert [page.status_code for page in pages] == [200, 200]
    said = [re.search(r'notice-title">([^<]+)', page.content.decode()).group(1) for page in pages]
    assert said[0] == said[1]


def test_a_forgotten_password_says_the_same_to_everybody_and_mails_only_who_is_known(client, cast):
    for who in (cast.robin.email, "nobody@nowhere.example"):
        response = client.post("/accounts/password/reset/", {"email": who}, follow=True)
        assert "If there is an account" in response.content.decode()
    assert [message.to for message in mail.outbox] == [[cast.robin.email]]


def test_a_mail_server_that_is_down_tells_nothing_either(client, cast, monkeypatch):
    def refuse(self, messages):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    response = client.post("/accounts/password/reset/", {"email": cast.robin.email})
    assert response.status_code == 302


def test_the_link_in_the_mail_sets_a_new_password(client, cast):
    client.post("/accounts/password/reset/", {"email": cast.robin.email})
    link = re.search(r"https?://[^/\s]+(/\S+)", mail.outbox[0].body).group(1)
    form = client.get(link, follow=True)
    assert "New password" in form.content.decode()
    new = {"password1": "another long one", "password2": "another long one"}
    client.post(form.redirect_chain[-1][0], new)
    assert sign_in(client, cast.robin.email, "another long one").status_code == 302


def test_too_many_tries_are_stopped(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    client.post("/accounts/password/reset/", {"email": "a@b.example"})
    response = client.post("/accounts/password/reset/", {"email": "a@b.example"})
    assert response.status_code == 429
    assert "Too many tries" in response.content.decode()


def test_nobody_signs_up_and_nobody_changes_his_own_address(client, cast):
    assert "No sign-up here" in client.get("/accounts/signup/").content.decode()
    client.force_login(cast.robin)
    assert client.get("/accounts/email/").status_code == 404


def test_a_disabled_person_is_out_from_the_next_request_on(client, cast):
    sign_in(client, cast.robin.email)
    cast.robin.disable(by=TESTS, at=timezone.now())
    assert client.get("/profile/").status_code == 302
    assert sign_in(client, cast.robin.email)["Location"] == "/accounts/inactive/"


def test_signing_out_needs_a_press_of_the_button(client, cast):
    client.force_login(cast.robin)
    assert "Sign out?" in client.get("/accounts/logout/").content.decode()
    assert client.get("/profile/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/profile/").status_code == 302


def test_the_page_wears_the_persons_theme_and_language(client, cast):
    cast.robin.theme, cast.robin.locale = "dark", "en"
    cast.robin.save()
    client.force_login(cast.robin)
    response = client.get("/profile/", headers={"accept-language": "en-gb"})
    assert '<html lang="en" data-theme="dark">' in response.content.decode()
    assert response["Content-Language"] == "en"


def test_the_key_of_a_link_stays_out_of_the_log():
    link = "Not found: /accounts/password/reset/key/1-d0x9mb-2b6b1cf2a0f6d3/"
    record = logging.LogRecord("x", logging.WARNING, "", 0, link, (), None)
    assert Tokens().filter(record)
    assert record.getMessage() == "Not found: /accounts/password/reset/key/…/"

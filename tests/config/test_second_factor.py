"""Staff works with a second factor; a simulation does not ask for it."""

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.core.cache import cache

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(cast, monkeypatch):
    cache.clear()
    monkeypatch.setattr("config.simulation.why", lambda: "")
    cast.max.set_password("a long enough one")
    cast.max.save(update_fields=["password"])


def sign_in(client, user):
    return client.post("/accounts/login/", {"login": user.email, "password": "a long enough one"})


def code_of(secret, steps=0):
    """What the app shows now, or so many half minutes later."""
    return auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30 + steps))


@pytest.mark.parametrize(("steps", "holds"), [(-2, False), (-1, True), (0, True), (2, False)])
def test_a_code_typed_as_its_half_minute_ends_still_holds(client, cast, steps, holds):
    with time_machine.travel("2026-11-21 12:00:15", tick=False):
        sign_in(client, cast.max)
        secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
        client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret, steps)})
        assert Authenticator.objects.filter(user=cast.max, type="totp").exists() is holds


def test_staff_without_one_is_sent_to_set_it_up(client, cast):
    sign_in(client, cast.max)
    response = client.get("/profile/", follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/2fa/"
    assert "The desk opens once you have a second factor" in response.content.decode()


def test_a_customer_is_not_asked(client, cast):
    client.force_login(cast.robin)
    assert client.get("/profile/").status_code == 200


def test_a_simulation_does_not_ask(client, cast, monkeypatch):
    monkeypatch.setattr("config.simulation.why", lambda: "demo")
    client.force_login(cast.max)
    response = client.get("/profile/")
    assert response.status_code == 200
    assert "Simulation (demo)" in response.content.decode()


def test_the_app_is_set_up_with_square_and_secret_right_after_signing_in(client, cast):
    sign_in(client, cast.max)
    page = client.get("/accounts/2fa/totp/activate/")
    assert "data:image/svg+xml;base64," in page.content.decode()
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    response = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}, follow=True)
    assert "10 of 10 left" in response.content.decode()
    assert Authenticator.objects.filter(user=cast.max, type="totp").exists()
    assert client.get("/profile/").status_code == 200


def test_signing_in_then_asks_for_the_code(client, cast):
    auth.TOTP.activate(cast.max, auth.generate_totp_secret())
    response = sign_in(client, cast.max)
    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/profile/").status_code == 302
    page = client.get("/accounts/2fa/authenticate/").content.decode()
    assert "Use a passkey or security key" in page


@pytest.mark.parametrize(
    "address", ["webauthn/", "webauthn/add/", "recovery-codes/generate/", "totp/deactivate/"]
)
def test_its_pages_open_in_our_look(client, cast, address):
    auth.TOTP.activate(cast.max, auth.generate_totp_secret())
    client.force_login(cast.max)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 9e12}]
    session.save()
    response = client.get(f"/accounts/2fa/{address}")
    if response.status_code == 302:
        assert "reauthenticate" in response["Location"]
        response = client.get(response["Location"])
    assert "css/tokens.css" in response.content.decode()

"""An account is for whoever reads its contact's mail today: the old address opens nothing, by whichever way."""

import re

import pytest
from django.core import mail
from django.core.cache import cache

from support.models import User
from tests.config.test_codes import sign_in
from tests.factories import TESTS

pytestmark = pytest.mark.django_db
RESET, OLD, NEW = "/accounts/password/reset/", "robin@northwind.example", "rosa@northwind.example"
SECRET = "a long enough one"


@pytest.fixture(autouse=True)
def _fresh(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()


@pytest.fixture
def robin(cast):
    """With a password of his own."""
    contact = cast.robin_contact
    for row in (contact, contact.user):
        row.email = OLD
        row.by(TESTS).save()
    contact.user.set_password(SECRET)
    contact.user.save(update_fields=["password"])
    return contact


def moved(contact, address=NEW, **fields):
    contact.email = address
    for name, value in fields.items():
        setattr(contact, name, value)
    contact.by(TESTS).save()


def password(client, address):
    return client.post("/accounts/login/", {"login": address, "password": SECRET})


def test_the_forgotten_password_goes_to_nobody_at_the_old_address(client, robin):
    client.post(RESET, {"email": OLD})
    assert [message.to for message in mail.outbox] == [[OLD]]
    moved(robin)
    for address in (OLD, NEW):
        cache.clear()
        client.post(RESET, {"email": address})
    assert len(mail.outbox) == 1


def test_a_link_that_was_mailed_before_lets_nobody_in_after(client, robin):
    client.post(RESET, {"email": OLD})
    link = re.search(r"https?://\S+(/accounts/password/reset/key/\S+)", mail.outbox[0].body)[1]
    moved(robin)
    page = client.get(link, follow=True)
    new = "quite another long one"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    answer = client.post("/accounts/login/", {"login": OLD, "password": new})
    assert answer["Location"] == "/accounts/inactive/"


def test_the_old_password_lets_nobody_in(client, robin):
    moved(robin)
    assert password(client, OLD)["Location"] == "/accounts/inactive/"


def test_the_account_follows_its_contact_at_the_first_code(client, robin):
    moved(robin)
    page = sign_in(client, NEW)
    assert page.redirect_chain[-1][0] == "/my/tickets/"
    user = User.objects.get(pk=robin.user_id)
    assert (user.email, user.has_usable_password()) == (NEW, False)
    client.logout()
    assert password(client, NEW).status_code == 200  # the password of the old address is worth nothing


def test_where_the_new_address_signs_in_somebody_else_nobody_comes_in(client, cast, robin):
    moved(robin, cast.kim.email)
    before = User.objects.get(pk=robin.user_id).email
    page = sign_in(client, cast.kim.email) if mail.outbox else client.get("/my/tickets/", follow=True)
    assert "/my/tickets/" not in [way for way, _status in page.redirect_chain[-1:]]
    assert User.objects.get(pk=robin.user_id).email == before


@pytest.mark.parametrize("change", ["moved", "disabled", "company"])
def test_sessions_end_at_the_next_request(client, robin, change):
    client.force_login(robin.user)
    assert client.get("/my/tickets/").status_code == 200
    if change == "moved":
        moved(robin)
    elif change == "disabled":
        moved(robin, OLD, active=False)
    else:
        robin.customer.active = False
        robin.customer.by(TESTS).save()
    assert client.get("/my/tickets/").status_code == 302


def test_staff_without_a_password_get_no_link_by_themselves(client, cast):
    cast.ana.set_password(SECRET)
    cast.ana.save(update_fields=["password"])
    client.post(RESET, {"email": cast.ana.email})
    assert len(mail.outbox) == 1
    cast.ana.set_unusable_password()
    cast.ana.save(update_fields=["password"])
    cache.clear()
    client.post(RESET, {"email": cast.ana.email})
    assert len(mail.outbox) == 1


def test_the_link_is_under_our_own_name(client, cast, settings):
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://desk.example", ["elsewhere.example"]
    cast.ana.set_password(SECRET)
    cast.ana.save(update_fields=["password"])
    client.post(RESET, {"email": cast.ana.email}, headers={"host": "elsewhere.example"})
    said = mail.outbox[0].body
    assert "https://desk.example/accounts/password/reset/key/" in said
    assert "elsewhere" not in said


def test_an_address_that_only_changes_its_capitals_keeps_the_password(client, robin):
    moved(robin, OLD.capitalize())
    sign_in(client, OLD.capitalize())
    client.logout()
    assert password(client, OLD).status_code == 302

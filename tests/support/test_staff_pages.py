"""A manager invites staff and resets access; nobody resets himself, nor a manager a superuser."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

from support.models import Team, User
from support.roles import Role
from tests.cases import NOON, Cast
from tests.factories import TESTS, ContactFactory, UserFactory
from tests.support.page_cases import post

SAID = {
    "name": "Noor Najjar",
    "email": "noor@desk.example",
    "roles": [Role.AGENT.value, Role.FINANCE.value],
    "time_zone": "Europe/London",
}
REFUSING = "django.core.mail.backends.locmem.EmailBackend.send_messages"


@pytest.fixture(autouse=True)
def _fresh(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def manager(client, cast):
    cache.clear()
    client.force_login(cast.max)
    return client


def invite(client, capture, **changes):
    with capture(execute=True):
        return post(client, "support:staff-invite", **{**SAID, **changes})


@pytest.mark.django_db
def test_an_invited_person_sets_a_password_and_then_a_second_factor(
    manager, cast, monkeypatch, settings, django_capture_on_commit_callbacks
):
    team = Team(name="Voice").by(TESTS)
    team.save()
    answer = invite(manager, django_capture_on_commit_callbacks, team=team.pk)
    noor = User.objects.get(email="noor@desk.example")
    assert answer["Location"] == reverse("support:staff-page", args=[noor.pk])
    assert (noor.roles, list(team.members.all())) == ({Role.AGENT, Role.FINANCE}, [noor])
    assert {row.actor_name for row in noor.history.all()} == {"Max"}
    connection.check_constraints()
    assert mail.outbox[0].to == ["noor@desk.example"]
    link = re.search(re.escape(settings.BASE_URL) + r"(\S+)", mail.outbox[0].body).group(1)

    manager.logout()
    form = manager.get(link, follow=True)
    chosen = {"password1": "another long one", "password2": "another long one"}
    manager.post(form.redirect_chain[-1][0], chosen)
    monkeypatch.setattr("config.simulation.why", lambda: "")
    manager.post("/accounts/login/", {"login": noor.email, "password": "another long one"})
    assert manager.get("/tickets/", follow=True).redirect_chain[-1][0] == "/accounts/2fa/"
    assert "no longer" in manager.get(link, follow=True).content.decode()


@pytest.mark.django_db
def test_who_is_known_already_is_not_invited(manager, cast, django_capture_on_commit_callbacks):
    contact = ContactFactory(email="carl@customer.example")
    for email, sentence in ((cast.ana.email.upper(), "signs in with this"), (contact.email, "contact")):
        answer = invite(manager, django_capture_on_commit_callbacks, email=email)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert invite(manager, django_capture_on_commit_callbacks, roles=[Role.CUSTOMER.value]).status_code == 422
    assert mail.outbox == []


def test_a_mail_server_that_is_down_is_told_and_the_link_sent_again(own_database, client, monkeypatch):
    cast = Cast.made()
    client.force_login(cast.max)

    def refuse(self, messages):
        raise ConnectionRefusedError("nobody answers")

    with monkeypatch.context() as broken:
        broken.setattr(REFUSING, refuse)
        answer = post(client, "support:staff-invite", **SAID)
    page = client.get(answer["Location"]).content.decode()
    assert "did not leave (nobody answers)" in page
    assert "has no password yet" in page
    noor = User.objects.get(email="noor@desk.example")
    answer = post(client, "support:staff-link", noor.pk)
    assert "is on its way" in client.get(answer["Location"]).content.decode()
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_no_link_for_whoever_has_a_password_or_is_disabled(manager, cast):
    cast.ana.set_password("a long enough one")
    cast.ana.save(update_fields=["password"])
    assert "reset the access first" in post(manager, "support:staff-link", cast.ana.pk).content.decode()
    gone = UserFactory(is_active=False)
    assert "is disabled" in post(manager, "support:staff-link", gone.pk).content.decode()


@pytest.mark.django_db
def test_a_reset_takes_everything_and_says_why(manager, cast):
    cast.ana.set_password("a long enough one")
    cast.ana.save(update_fields=["password"])
    auth.TOTP.activate(cast.ana, auth.generate_totp_secret())
    elsewhere = type(manager)()
    elsewhere.force_login(cast.ana)
    assert elsewhere.get("/profile/").status_code == 200
    assert post(manager, "support:staff-reset", cast.ana.pk, reason="").status_code == 422
    post(manager, "support:staff-reset", cast.ana.pk, reason="Her phone was stolen")
    assert elsewhere.get("/profile/").status_code == 302
    cast.ana.refresh_from_db()
    assert not cast.ana.has_usable_password()
    assert not Authenticator.objects.filter(user=cast.ana).exists()
    page = manager.get(reverse("support:staff-page", args=[cast.ana.pk])).content.decode()
    assert "Access reset: Her phone was stolen" in page
    assert "Send the link again" in page
    connection.check_constraints()


@pytest.mark.django_db
def test_nobody_resets_himself_and_only_a_superuser_a_superuser(manager, cast):
    ruth = UserFactory(name="Ruth", is_superuser=True)
    for person, sentence in ((cast.max, "Nobody resets himself"), (ruth, "Only a superuser")):
        answer = post(manager, "support:staff-reset", person.pk, reason="x")
        assert (answer.status_code, sentence in answer.content.decode()) == (409, True)
        page = manager.get(reverse("support:staff-page", args=[person.pk])).content.decode()
        assert reverse("support:staff-reset", args=[person.pk]) not in page
    manager.force_login(ruth)
    other = UserFactory(is_superuser=True)
    assert post(manager, "support:staff-reset", other.pk, reason="x").status_code == 302


@pytest.mark.django_db
def test_customers_are_not_here(manager, cast):
    assert manager.get(reverse("support:staff-page", args=[cast.robin.pk])).status_code == 404
    assert post(manager, "support:staff-reset", cast.robin.pk, reason="x").status_code == 404
    assert "Robin" not in manager.get(reverse("support:staff-list")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "status"), [("kim", 404), ("ana", 403), ("fin", 403)])
def test_others_do_not_come_here(client, cast, who, status):
    client.force_login(getattr(cast, who))
    assert client.get(reverse("support:staff-list")).status_code == status
    assert post(client, "support:staff-invite", **SAID).status_code == status
    for name in ("support:staff-reset", "support:staff-link"):
        assert post(client, name, cast.max.pk, reason="x").status_code == status


@pytest.mark.django_db
def test_get_changes_nothing(manager, cast):
    assert manager.get(reverse("support:staff-invite")).status_code == 405
    for name in ("support:staff-reset", "support:staff-link"):
        assert manager.get(reverse(name, args=[cast.ana.pk])).status_code == 405


@pytest.mark.django_db
def test_the_list_costs_the_same_however_many_there_are(manager, cast, django_assert_num_queries):
    page = reverse("support:staff-list")
    manager.get(page)
    with django_assert_num_queries(7):
        manager.get(page)
    for _ in range(8):
        UserFactory().give_roles([Role.AGENT], by=TESTS, at=NOON)
    with django_assert_num_queries(7):
        manager.get(page)

"""The first day: a code from the server makes the first manager, who sets the rest up; then its page is gone."""

import io
import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from support import setting_up
from support.models import FirstDay, LegalEntity, Mail, User
from support.refusal import Refused
from support.roles import Role
from tests.attacks import refused, run
from tests.billing.at_once import at_once
from tests.cases import NOON, Cast
from tests.factories import UserFactory
from tests.support.page_cases import post

PAGE = "/first-day/"
STEPS = ["first-day-company", "first-day-mail", "first-day-definitions", "first-day-finish"]
COMPANY = {
    "name": "Fabrikam Support Ltd",
    "address": "1 High Street",
    "time_zone": "Europe/London",
    "currency": "GBP",
    "tax_number": "GB123456789",
    "number_series": "FAB",
    "bank_text": "IBAN …",
}


@pytest.fixture(autouse=True)
def _real(monkeypatch, settings):
    monkeypatch.setattr("config.simulation.why", lambda: "")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def said(**changes):
    words = {"code": "", "name": "Max Manager", "email": "max@desk.example", "time_zone": "Europe/London"}
    return {**words, "password": "a long enough one", "again": "a long enough one", **changes}


def begun(client, **changes):
    return client.post(f"{PAGE}manager/", said(code=setting_up.new_code(at=NOON), **changes))


@pytest.fixture
def first(client, db):
    """The first manager, with his second factor."""
    begun(client)
    max_ = User.objects.get()
    max_.authenticator_set.create(type="totp", data={"secret": "x"})
    return client


@pytest.mark.django_db
def test_an_empty_database_leads_here_and_its_code_makes_the_first_manager(client):
    assert client.get("/")["Location"] == PAGE
    assert 'name="code"' in client.get(PAGE).content.decode()
    assert begun(client)["Location"] == PAGE
    max_ = User.objects.get()
    assert (max_.is_superuser, max_.is_staff, max_.roles) == (True, True, {Role.MANAGER})
    assert max_.history.earliest("history_id").actor_name == "first day"
    assert client.get(PAGE)["Location"] == "/accounts/2fa/"
    assert FirstDay.objects.get().code_sha256 == ""
    connection.check_constraints()


@pytest.mark.django_db
def test_only_the_last_code_counts_however_it_is_copied(client):
    first, last = (setting_up.new_code(at=NOON) for _ in range(2))
    assert len(last.replace("-", "")) * 4 == 128
    assert last.replace("-", "") not in str(FirstDay.objects.values())
    for wrong in ("", "0" * 32, first):
        answer = client.post(f"{PAGE}manager/", said(code=wrong))
        assert answer.status_code == 422
    assert "printed last" in answer.content.decode()
    assert "a long enough one" not in answer.content.decode()
    assert client.post(f"{PAGE}manager/", said(code=last.upper().replace("-", " "))).status_code == 302


@pytest.mark.django_db
def test_without_any_code_nothing_opens(client):
    assert client.post(f"{PAGE}manager/", said(code="")).status_code == 422
    assert client.post(f"{PAGE}manager/", said(code="0")).status_code == 422
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"again": "another long one"}, "not the same"),
        ({"password": "12345678", "again": "12345678"}, "too common"),
        ({"email": "max"}, "valid e"),
        ({"name": "\u202e"}, "letters alone"),
    ],
)
def test_what_cannot_be_comes_back_and_the_code_stays_good(client, wrong, sentence):
    answer = begun(client, **wrong)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert FirstDay.objects.exclude(code_sha256="").exists()


@pytest.mark.django_db
def test_where_somebody_is_there_strangers_find_nothing(client, cast):
    assert client.get(PAGE).status_code == 404
    assert client.post(f"{PAGE}manager/", said()).status_code == 404
    assert client.get("/")["Location"] == "/accounts/login/?next=/"
    with pytest.raises(Refused, match="Somebody can sign in already"):
        setting_up.new_code(at=NOON)
    with pytest.raises(CommandError, match="Somebody can sign in already"):
        call_command("first_day")
    cast.max.authenticator_set.create(type="totp", data={"secret": "x"})
    client.force_login(cast.max)
    assert client.get(PAGE).status_code == 404
    for name in STEPS:
        assert post(client, name).status_code == 404
    assert client.get("/")["Location"] == "/tickets/"


@pytest.mark.django_db
def test_a_simulation_has_no_first_day(client, monkeypatch):
    monkeypatch.setattr("config.simulation.why", lambda: "demo")
    assert client.get(PAGE).status_code == 404
    assert client.post(f"{PAGE}manager/", said()).status_code == 404
    with pytest.raises(CommandError, match="simulation"):
        call_command("first_day")


@pytest.mark.django_db
def test_the_command_prints_the_code(client):
    out = io.StringIO()
    call_command("first_day", stdout=out)
    code = re.search(r"^  (\S+)$", out.getvalue(), re.MULTILINE).group(1)
    assert client.post(f"{PAGE}manager/", said(code=code)).status_code == 302


@pytest.mark.django_db
def test_the_company_is_written_with_history(first):
    assert first.get("/")["Location"] == PAGE
    answer = post(first, "first-day-company", **{**COMPANY, "number_series": "fab-1"})
    assert answer.status_code == 422
    post(first, "first-day-company", **COMPANY)
    entity = LegalEntity.objects.get()
    assert (entity.name, entity.currency, entity.number_series) == ("Fabrikam Support Ltd", "GBP", "FAB")
    assert entity.history.latest("history_id").actor_name == "Max Manager"
    assert setting_up.done()["company"]


@pytest.mark.django_db
def test_a_test_mail_leaves_at_once(first, django_capture_on_commit_callbacks):
    assert not setting_up.done()["mail"]
    with django_capture_on_commit_callbacks(execute=True):
        post(first, "first-day-mail", to="it@desk.example")
    assert mail.outbox[0].to == ["it@desk.example"]
    assert "has left" in first.get(PAGE).content.decode()
    assert setting_up.done()["mail"]


@pytest.mark.django_db
def test_a_mail_server_that_refuses_is_quoted(first, monkeypatch, django_capture_on_commit_callbacks):
    def refuse(self, messages):
        raise ConnectionRefusedError("nobody answers at mail.example")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        post(first, "first-day-mail", to="it@desk.example")
    page = first.get(PAGE).content.decode()
    assert "did not leave" in page
    assert "nobody answers at mail.example" in page
    assert Mail.objects.get().state == Mail.State.QUEUED


@pytest.mark.django_db
def test_without_a_mail_server_the_folder_is_named(first, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert f"{settings.MAIL_FOLDER}" in first.get(PAGE).content.decode()


@pytest.mark.django_db
def test_services_are_loaded_from_the_page_too(first):
    answer = first.post(
        reverse("first-day-definitions"), {"submission": "3f6f8f2e-6d6e-4a55-9d8a-000000000002"}, follow=True
    )
    assert "0 services and calendars are new" in answer.content.decode()  # the tests' database has them


@pytest.mark.django_db
def test_when_it_is_over_the_page_is_gone(first):
    assert first.get(PAGE).status_code == 200
    assert post(first, "first-day-finish")["Location"] == "/"
    assert first.get(PAGE).status_code == 404
    for name in STEPS:
        assert post(first, name).status_code == 404
    assert first.get("/")["Location"] == "/tickets/"
    with pytest.raises(Refused, match="does not come again"):
        setting_up.finish(at=NOON)


@pytest.mark.django_db
def test_agents_have_no_part_in_it_and_get_changes_nothing(first):
    cast = Cast.made()  # after the first manager
    for name in [*STEPS, "first-day-manager"]:
        assert first.get(reverse(name)).status_code == 405
    first.logout()
    assert first.get(PAGE)["Location"] == "/accounts/login/?next=/first-day/"
    cast.ana.authenticator_set.create(type="totp", data={"secret": "x"})
    for person, status in ((cast.ana, 403), (cast.robin, 404)):
        first.force_login(person)
        assert first.get(PAGE).status_code == 404
        assert [post(first, name).status_code for name in STEPS] == [status] * len(STEPS)


def test_two_with_the_code_at_once_make_one_manager(own_database):
    code = setting_up.new_code(at=NOON)

    def make(i):
        facts = {"name": "Max", "password": "a long enough one", "time_zone": "UTC", "at": NOON}
        try:
            return setting_up.make_manager(code, email=f"max{i}@desk.example", **facts)
        except Refused:
            return None

    assert len(list(filter(None, at_once(2, make)))) == 1
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("attack", "rule"),
    [
        ("UPDATE support_firstday SET code_sha256 = repeat('a', 64)", "first_day_is_for_nobody_else"),
        ("INSERT INTO support_firstday (id, code_sha256, begun_at) VALUES (2, '', now())", "first_day_comes_once"),
        ("UPDATE support_firstday SET code_sha256 = 'plain'", "first_day_keeps_a_hash"),
        ("UPDATE support_firstday SET finished_at = now(); UPDATE support_firstday SET finished_at = NULL", "first_day_is_over"),
    ],
)  # fmt: skip
def test_the_database_holds_it(own_database, attack, rule):
    setting_up.new_code(at=NOON)
    if rule == "first_day_is_for_nobody_else":
        UserFactory()
    else:
        FirstDay.objects.update(code_sha256="")
    with refused(rule):
        run(attack)

"""Customers sign in with six figures from their mail; who is known, and as what, does not show."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from support.models import User, UserKind
from support.roles import Role
from tests.factories import TESTS, ContactFactory

pytestmark = pytest.mark.django_db
ASK, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"


@pytest.fixture(autouse=True)
def _fresh(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()


@pytest.fixture
def newcomer(cast):
    return ContactFactory(customer=cast.northwind, name="Nia New", email="Nia@northwind.example")


def ask(client, address):
    return client.post(ASK, {"email": address})


def code_in(message) -> str:
    return re.search(r"^\d{6}$", message.body, re.MULTILINE).group()


def sign_in(client, address):
    ask(client, address)
    return client.post(CONFIRM, {"code": code_in(mail.outbox[-1])}, follow=True)


def test_the_sign_in_page_leads_to_the_code(client):
    assert (
        f'href="{ASK}?next=%2Fmy%2Ftickets%2F"'
        in client.get("/accounts/login/?next=/my/tickets/").content.decode()
    )
    assert 'autocomplete="email"' in client.get(ASK).content.decode()


def test_a_customer_types_the_code_and_lands_on_his_tickets(client, cast):
    page = sign_in(client, cast.robin.email)
    assert page.redirect_chain[-1][0] == "/my/tickets/"
    assert mail.outbox[0].to == [cast.robin_contact.email]
    assert "Robin Sample" in mail.outbox[0].body


def test_where_he_wanted_to_go_is_kept(client, cast):
    asked = client.post(ASK, {"email": cast.robin.email, "next": "/my/engagements/"})
    assert asked["Location"] == f"{CONFIRM}?next=%2Fmy%2Fengagements%2F"
    answer = client.post(CONFIRM, {"code": code_in(mail.outbox[0]), "next": "/my/engagements/"})
    assert answer["Location"] == "/my/engagements/"


def test_a_contact_without_an_account_gets_one_when_the_code_is_right(client, newcomer):
    ask(client, "nia@NORTHWIND.example")
    assert not User.objects.filter(name="Nia New").exists()
    assert mail.outbox[0].to == ["Nia@northwind.example"]
    client.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    newcomer.refresh_from_db()
    user = newcomer.user
    assert (user.kind, user.roles, user.has_usable_password()) == (UserKind.CUSTOMER, {Role.CUSTOMER}, False)
    assert user.history.latest("history_id").actor_name == "Nia New"
    assert client.get("/my/tickets/").status_code == 200


def nobody(cast):
    return "nobody@nowhere.example"


def staff(cast):
    return cast.max.email


def no_contact_any_more(cast):
    cast.robin_contact.active = False
    cast.robin_contact.by(TESTS).save()
    return cast.robin.email


def disabled(cast):
    cast.robin.disable(by=TESTS, at=timezone.now())
    return cast.robin.email


def of_a_customer_that_left(cast):
    cast.northwind.active = False
    cast.northwind.by(TESTS).save()
    return cast.robin.email


def at_two_customers(cast):
    for customer in (cast.northwind, cast.tailspin):
        ContactFactory(customer=customer, email="both@partner.example")
    return "both@partner.example"


def whose_address_was_changed(cast):
    """The account's address is the old one, where somebody else may read the mail by now."""
    cast.robin_contact.email = "robin@moved.example"
    cast.robin_contact.by(TESTS).save()
    return cast.robin.email


@pytest.mark.parametrize(
    "who",
    [
        nobody,
        staff,
        no_contact_any_more,
        disabled,
        of_a_customer_that_left,
        at_two_customers,
        whose_address_was_changed,
    ],
)
def test_whoever_is_not_let_in_reads_the_same_and_gets_nothing(client, cast, who):
    address = who(cast)
    asked = ask(client, address)
    assert (asked.status_code, asked["Location"]) == (302, CONFIRM)
    page = client.get(CONFIRM).content.decode()
    assert address in page
    assert mail.outbox == []
    for code in ["", "000000", "123456"]:
        answer = client.post(CONFIRM, {"code": code})
    assert answer["Location"] == ASK
    assert client.get("/profile/").status_code == 302
    client.cookies.clear()
    known = ask(client, cast.kim.email)
    assert (known.status_code, known["Location"]) == (302, CONFIRM)
    assert masked(client.get(CONFIRM).content.decode(), cast.kim.email) == masked(page, address)


def masked(page, address):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.replace(address, "ADDRESS"))


def test_asking_costs_the_same_queries_for_the_known_and_for_nobody(client, cast):
    asked = []
    for address in ("first@nowhere.example", cast.robin.email, "nobody@nowhere.example"):
        client.cookies.clear()
        with CaptureQueriesContext(connection) as queries:
            ask(client, address)
        asked.append(len(queries))
    assert asked[1] == asked[2]


def test_the_answer_does_not_wait_for_the_mail_server(client, cast, monkeypatch):
    later = []
    monkeypatch.setattr("config.accounts.POST.submit", lambda *work: later.append(work), raising=False)
    assert ask(client, cast.robin.email).status_code == 302
    assert (mail.outbox, len(later)) == ([], 1)


def test_an_address_at_two_customers_opens_the_one_with_the_account(client, cast):
    ContactFactory(customer=cast.tailspin, name="Robin Elsewhere", email=cast.robin.email.upper())
    sign_in(client, cast.robin.email)
    assert client.get("/profile/").context["user"] == cast.robin


def test_a_wrong_code_is_told_and_the_third_is_the_last(client, cast):
    ask(client, cast.robin.email)
    right = code_in(mail.outbox[0])
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    answers = [client.post(CONFIRM, {"code": wrong}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [422, 422, 302]
    assert "not the code that we sent" in answers[0].content.decode()
    assert client.post(CONFIRM, {"code": right})["Location"] == ASK
    assert client.get("/profile/").status_code == 302


def test_three_tries_are_three_though_each_request_reads_the_session_untouched(client, cast):
    ask(client, cast.robin.email)
    right, before = code_in(mail.outbox[0]), dict(client.session)
    for _ in range(3):
        client.post(CONFIRM, {"code": "no"})
        session = client.session
        session.update(before)
        session.save()
    assert client.post(CONFIRM, {"code": right})["Location"] == ASK


def test_a_code_is_good_in_the_browser_that_asked_and_for_ten_minutes(client, cast, time_machine):
    time_machine.move_to("2026-10-14 12:00:00+00:00", tick=False)
    ask(client, cast.robin.email)
    code = code_in(mail.outbox[0])
    assert type(client)().post(CONFIRM, {"code": code})["Location"] == ASK
    time_machine.move_to("2026-10-14 12:10:01+00:00", tick=False)
    assert client.post(CONFIRM, {"code": code})["Location"] == ASK


def test_what_happens_while_the_mail_is_on_its_way_counts(client, cast):
    ask(client, cast.robin.email)
    no_contact_any_more(cast)
    answer = client.post(CONFIRM, {"code": code_in(mail.outbox[0])}, follow=True)
    assert "signs in no longer" in answer.content.decode()
    assert client.get("/profile/").status_code == 302


def test_codes_are_counted_by_address_and_by_network(client, cast, settings):
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "3/m/ip,2/m/key"}
    answers = [ask(client, cast.robin.email.swapcase()) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 200]
    assert "Too many codes" in answers[2].content.decode()
    assert len(mail.outbox) == 2
    assert ask(client, "somebody@else.example").status_code == 200
    settings.TRUSTED_PROXIES = 1
    elsewhere = client.post(ASK, {"email": "a@b.example"}, headers={"x-forwarded-for": "203.0.113.9"})
    assert elsewhere.status_code == 302


def test_the_page_for_the_code_leads_back_to_another_one(client, cast):
    ask(client, cast.robin.email)
    assert client.get(CONFIRM).status_code == 200
    assert client.get(ASK).status_code == 200
    assert client.get("/accounts/login/").status_code == 200


@pytest.mark.parametrize("typed", ["", "no address", "robın@customer.example"])
def test_what_is_no_plain_address_comes_back(client, cast, typed):
    answer = ask(client, typed)
    assert answer.status_code == 200
    assert mail.outbox == []


def test_a_customer_with_a_second_factor_is_asked_for_it(client, cast):
    from allauth.mfa.totp.internal import auth

    auth.TOTP.activate(cast.robin, auth.generate_totp_secret())
    ask(client, cast.robin.email)
    answer = client.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/profile/").status_code == 302


def test_a_password_lets_no_former_contact_in_either(client, cast):
    cast.robin.set_password("a long enough one")
    cast.robin.save(update_fields=["password"])
    no_contact_any_more(cast)
    answer = client.post("/accounts/login/", {"login": cast.robin.email, "password": "a long enough one"})
    assert answer["Location"] == "/accounts/inactive/"


def test_a_customer_without_a_password_can_set_one(client, newcomer):
    sign_in(client, newcomer.email)
    page = client.get("/accounts/password/change/", follow=True)
    assert "Set the password" in page.content.decode()
    assert "css/tokens.css" in page.content.decode()

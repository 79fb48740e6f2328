"""Pages for what goes wrong: each says what happened to one's work, and none needs the database to say it."""

import re

import pytest
from django.db import InterfaceError, NotSupportedError, OperationalError, connection
from django.test import Client
from django.urls import path

from config import urls
from support.refusal import Refused

pytestmark = pytest.mark.django_db


def broken(error):
    def view(request):
        raise error

    return view


handler500 = urls.handler500
urlpatterns = [
    *urls.urlpatterns,
    path("down/", broken(OperationalError("the server closed the connection")), name="healthz"),
    path("lost/", broken(InterfaceError("connection already closed")), name="healthz"),
    path("migrated/", broken(NotSupportedError("cached plan must not change result type")), name="healthz"),
    path("mistake/", broken(KeyError("x")), name="healthz"),
    path("refused/", broken(Refused("Ticket SR-1 is closed.")), name="healthz"),
]


@pytest.fixture
def visitor(settings) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize("address", ["/down/", "/lost/", "/migrated/"])
def test_a_database_that_does_not_answer_is_503_without_a_query(visitor, address, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = visitor.get(address)
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "Nothing that you sent was saved" in text(response)


def test_a_database_that_is_down_already_when_the_session_is_read_is_503_too(visitor, cast, monkeypatch):
    visitor.force_login(cast.max)

    def refuse(*args, **kwargs):
        raise OperationalError("could not connect")

    monkeypatch.setattr(connection, "cursor", refuse)
    assert visitor.get("/profile/").status_code == 503


def test_a_page_that_is_not_there_is_404_even_without_the_database(visitor, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("could not connect")

    monkeypatch.setattr("config.simulation._known", {})
    monkeypatch.setattr(connection, "cursor", refuse)
    assert visitor.get("/nowhere/").status_code == 404


def test_our_mistake_is_500_without_a_query(visitor, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = visitor.get("/mistake/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in text(response)


def test_a_refusal_is_409_with_its_sentence(visitor, cast):
    visitor.force_login(cast.ana)
    response = visitor.get("/refused/")
    assert response.status_code == 409
    assert "Ticket SR-1 is closed. Nothing was changed." in text(response)


def test_an_expired_form_says_that_nothing_is_lost(cast):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.ana)
    response = strict.post("/profile/", {"name": "A"})
    assert response.status_code == 403
    assert "nothing is lost: go back" in text(response)


def test_another_role_s_page_is_403_and_an_unknown_one_404(client, cast):
    client.force_login(cast.ana)
    assert "not for your role" in text(client.get("/admin/"))
    assert client.get("/admin/").status_code == 403
    assert client.get("/nowhere/").status_code == 404


def test_the_desk_is_out_of_a_customers_sight(client, cast):
    client.force_login(cast.robin)
    assert client.get("/admin/").status_code == 404


def test_an_unknown_host_is_400_and_runs_no_script(visitor):
    response = visitor.get("/profile/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "script-src 'none'" in response["Content-Security-Policy"]

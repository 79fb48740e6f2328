"""One's own page, and with it how every form answers."""

import re

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, cast):
    client.force_login(cast.robin)
    return client


def test_what_one_saves_is_said_and_kept(page, cast):
    fields = {"name": "Robin S.", "time_zone": "Europe/Berlin", "locale": "en", "theme": "dark"}
    shown = page.post("/profile/", fields, follow=True).content.decode()
    cast.robin.refresh_from_db()
    assert "Saved." in shown
    assert (cast.robin.name, cast.robin.time_zone, cast.robin.theme) == ("Robin S.", "Europe/Berlin", "dark")
    assert cast.robin.history.first().actor_name == "Robin Sample"


def test_an_error_stands_on_top_with_a_link_and_between_label_and_control(page, cast):
    response = page.post("/profile/", {"name": "", "time_zone": "UTC", "locale": "en", "theme": ""})
    shown = response.content.decode()
    assert '<a href="#id_name">Name</a>: This field is required.' in shown
    label, error, control = (
        shown.index(part) for part in ('<label for="id_name"', 'id="id_name_error"', '<input type="text"')
    )
    assert label < error < control
    assert re.search(r'<input[^>]*aria-invalid="true"[^>]*aria-describedby="id_name_error"', shown)
    cast.robin.refresh_from_db()
    assert cast.robin.name == "Robin"


def test_somebody_who_is_not_signed_in_is_asked_to(client):
    assert client.get("/profile/")["Location"] == "/accounts/login/?next=/profile/"


def test_the_page_asks_few_questions(client, cast, django_assert_num_queries):
    client.force_login(cast.max)
    client.get("/profile/")
    with django_assert_num_queries(2):  # session, person with roles
        client.get("/profile/")

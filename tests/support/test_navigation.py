"""The navigation shows what a person's roles may open, and only pages that exist."""

import pytest
from django.test import RequestFactory

from support import navigation, roles

pytestmark = pytest.mark.django_db


def shown(user, path="/"):
    request = RequestFactory().get(path)
    request.user = user
    return {
        str(section): [(str(entry.label), entry.url, entry.here) for entry in entries]
        for section, entries in navigation.sections(request)
    }


@pytest.fixture(autouse=True)
def _entries(monkeypatch):
    rows = [
        ("", "Me", "person", "support:profile"),
        ("", "Later", "clock", "support:later"),
        ("Management", "Records", "book", "admin:index"),
    ]
    monkeypatch.setattr(navigation, "ENTRIES", rows)
    monkeypatch.setattr(navigation, "CUSTOMER_ENTRIES", rows[:1])
    monkeypatch.setitem(roles.PAGES, "support:later", roles.DESK)
    roles.of_page.cache_clear()
    yield
    roles.of_page.cache_clear()


def test_a_role_sees_its_pages_and_where_it_is(cast):
    assert shown(cast.ana, "/profile/") == {"": [("Me", "/profile/", True)]}
    assert shown(cast.max)["Management"] == [("Records", "/admin/", False)]


def test_a_page_that_does_not_exist_yet_is_left_out(cast):
    assert [label for label, _url, _here in shown(cast.max)[""]] == ["Me"]


def test_a_customer_has_a_navigation_of_his_own(cast):
    assert shown(cast.robin) == {"": [("Me", "/profile/", False)]}


def test_the_desk_marks_the_page_one_is_on(client, cast):
    client.force_login(cast.max)
    page = client.get("/profile/").content.decode()
    assert '<a href="/profile/" aria-current="page">' in page
    assert 'class="side-nav"' in page

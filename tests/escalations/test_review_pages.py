"""Who reads which review, what a wrong month says, and a page that needs nothing but itself."""

import re

import pytest
from django.urls import reverse

from escalations.review import render_html
from tests.escalations.review_cases import small_october
from tests.factories import TESTS, ContactFactory, CustomerFactory, UserFactory, granted

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
pytestmark = pytest.mark.django_db


@pytest.fixture
def october(cast, now):
    cast.northwind.time_zone = "Europe/London"
    cast.northwind.by(TESTS).save()
    tickets = small_october(holder=cast.northwind)
    now("2026-11-10 09:00")
    return tickets


def page(client, who, code="northwind", month="2026-10"):
    client.force_login(who)
    return client.get(reverse("escalations:review-page", args=[code, month]))


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize("who", ["ana", "max", "fin", "robin"])
def test_the_desk_and_the_customers_people_read_it(client, cast, october, who):
    response = page(client, getattr(cast, who))
    assert response.status_code == 200
    words = text(response)
    assert "Service review for Northwind" in words
    assert "4 tickets were opened, 4 were closed." in words
    assert f"{october[0].number} Normal Fix, 48 business hours 17 h 30 Your company" in words
    assert "It was due Tue 6 Oct, 15:30 and done Wed 7 Oct, 09:00, 17 h 30 late." in words  # his zone, UTC


def test_a_stranger_and_an_unknown_customer_are_the_same_404(client, cast, october):
    stranger, unknown = page(client, cast.kim), page(client, cast.kim, code="nobody")
    assert (stranger.status_code, unknown.status_code) == (404, 404)
    wrong = page(client, cast.kim, month="2026-13")
    assert len({TOKEN.sub(b"", answer.content) for answer in (stranger, unknown, wrong)}) == 1
    assert b"Northwind" not in stranger.content


def test_a_contact_who_is_active_no_longer_reads_nothing(client, cast, october):
    cast.robin_contact.active = False
    cast.robin_contact.by(TESTS).save()
    assert page(client, cast.robin).status_code == 404


def test_a_partners_contact_reads_it_by_a_grant_only(client, cast, october):
    assert page(client, cast.kim).status_code == 404
    granted(cast.kim_contact, cast.northwind)
    assert page(client, cast.kim).status_code == 200


def test_staff_without_a_role_are_refused(client, cast, october):
    assert page(client, UserFactory()).status_code == 403


@pytest.mark.parametrize(
    ("month", "sentence"),
    [
        ("2026-13", "“2026-13” is not a month; write one such as 2026-10."),
        ("2026-00", "“2026-00” is not a month"),
        ("october", "“october” is not a month"),
        ("1999-12", "“1999-12” is not a month"),
        ("9999-12", "“9999-12” is not a month"),
        ("2200-01", "“2200-01” is not a month"),
        ("2026-12", "December 2026 has not begun: there is nothing to review yet."),
    ],
)
def test_a_wrong_month_says_so(client, cast, october, month, sentence):
    response = page(client, cast.ana, month=month)
    assert response.status_code == 404
    assert sentence in text(response)


def test_a_month_begins_in_the_customers_zone(client, cast, october, now):
    now("2026-11-30 23:30")  # half past eleven in London, still November
    assert page(client, cast.ana, month="2026-12").status_code == 404
    now("2026-12-01 00:00")
    assert page(client, cast.ana, month="2026-12").status_code == 200


def test_only_reading_is_possible(client, cast, october):
    client.force_login(cast.ana)
    for url in [
        reverse("escalations:review-list"),
        reverse("escalations:review-page", args=["northwind", "2026-10"]),
    ]:
        assert client.post(url).status_code == 405
        assert client.head(url).status_code == 200


def test_no_tickets_is_said_in_words(client, cast, october):
    words = text(page(client, cast.ana, code="tailspin"))
    assert "No ticket was opened and none was closed." in words
    assert "No ticket was open in this month." in words
    assert "Nothing was missed." in words
    assert "%" not in words


def test_the_chart_has_a_title_and_its_numbers_stand_beside_it(client, cast, october):
    html = page(client, cast.ana).content.decode()
    assert '<title id="ch-t">Promises met and missed, May 2026 to October 2026</title>' in html
    assert '<desc id="ch-d">First response: May none;' in html
    assert re.search(
        r'<th scope="row">Fix</th>(<td class="num">none</td>){5}<td class="num">3 met, 1 missed', html
    )
    assert not re.search(r"\sstyle=", html)


def test_the_page_asks_no_more_for_more_tickets(client, cast, october, django_assert_max_num_queries):
    page(client, cast.ana)
    url = reverse("escalations:review-page", args=["northwind", "2026-10"])
    with django_assert_max_num_queries(19):  # who one is, whose it is, the review's own ten
        client.get(url)


def test_the_list_shows_the_months_of_whom_one_may_see(client, cast, october):
    client.force_login(cast.robin)
    words = text(client.get(reverse("escalations:review-list")))
    assert "Northwind November 2026 October 2026 September 2026" in words
    assert "Tailspin" not in words
    client.force_login(cast.ana)
    assert "Tailspin No ticket yet" in text(client.get(reverse("escalations:review-list")))


def test_the_list_asks_no_more_for_more_customers(client, cast, october, django_assert_max_num_queries):
    for _ in range(30):
        ContactFactory(customer=CustomerFactory())
    client.force_login(cast.ana)
    client.get(reverse("escalations:review-list"))
    with django_assert_max_num_queries(8):  # session, user, second factor, roles, count, page
        client.get(reverse("escalations:review-list"))


def test_the_file_needs_nothing_else(cast, october):
    html = render_html(cast.northwind, "2026-10")
    assert "<style>" in html
    assert ".paper" in html
    assert not re.search(r"<(link|script|img)\b|\bhref=|url\((?!#)", html)
    assert "Times and month are those of London." in html

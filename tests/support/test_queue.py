"""The queue: the most urgent clock first, stable pages, views with exact counts, a fixed number of queries."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from support.desk import queue
from support.models import Outcome, Ticket, Wait
from tests.factories import TESTS
from tests.support.desk_cases import contract_under, raise_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client, cast):
    client.force_login(cast.ana)
    return client


def several(count, **fields):
    contract, now = contract_under("exponential-e-ucc"), timezone.now()
    return [
        raise_ticket(contract, now - timedelta(minutes=n), title=f"Ticket {n}", **fields)
        for n in range(count)
    ]


def titles(response):
    return [row.ticket.title for row in response.context["page"].rows]


def test_the_most_urgent_clock_stands_first(ana):
    contract, now = contract_under("exponential-e-ucc"), timezone.now()
    raise_ticket(contract, now, title="later", priority="Low")
    raise_ticket(contract, now, title="soon", priority="High")
    raise_ticket(contract, now - timedelta(hours=2), title="late", priority="High")
    raise_ticket(contract_under(""), now, title="without clocks")
    response = ana.get(reverse("support:ticket-list"))
    assert titles(response) == ["late", "soon", "later", "without clocks"]
    assert "1 h 30 late" in response.text


def test_pages_are_stable_and_hold_every_ticket_once(ana, monkeypatch):
    monkeypatch.setattr(queue, "PAGE", 3)
    tickets = several(7)
    Ticket.objects.filter(pk__in=[t.pk for t in tickets[:4]]).update(next_due_at=None)
    seen, after = [], ""
    while True:
        response = ana.get(reverse("support:ticket-list"), {"after": after} if after else {})
        seen += titles(response)
        after = response.context["page"].after
        if not after:
            break
        tickets.append(
            raise_ticket(
                tickets[0].contract, timezone.now() - timedelta(days=2), title="new, before this page"
            )
        )
    assert sorted(set(seen) - {"new, before this page"}) == [f"Ticket {n}" for n in range(7)]
    assert len([title for title in seen if title.startswith("Ticket")]) == 7


def test_a_place_that_cannot_be_read_is_the_beginning(ana):
    several(1)
    extremes = [
        "0001-01-01T00:00:00+23:59~1",
        "9999-12-31T23:59:59-23:59~1",
        "0001-01-01T00:00:00+15:59:59.5~1",
    ]
    for after in ["nonsense", "nonsense~1", "~x", "2026-13-01~5", *extremes]:
        assert titles(ana.get(reverse("support:ticket-list"), {"after": after})) == ["Ticket 0"]


def test_views_and_their_counts(ana, cast):
    mine, waiting, _other = several(3)
    now = timezone.now()
    mine.hand_to(cast.ana, by=TESTS, at=now)
    Wait.begin(waiting, reason="customer", by=TESTS, at=now)
    Wait.begin(waiting, reason="vendor", by=TESTS, at=now)
    several(1)[0].resolve(outcome=Outcome.RESOLVED, by=TESTS, at=timezone.now())
    response = ana.get(reverse("support:ticket-list"), {"view": "mine"})
    assert titles(response) == ["Ticket 0"]
    assert {tab.key: tab.count for tab in response.context["tabs"]} == {
        "due": 3,
        "late": 0,
        "mine": 1,
        "unassigned": 2,
        "waiting-customer": 1,
        "waiting-approval": 0,
        "waiting-gdap": 0,
        "waiting-vendor": 1,
    }


@pytest.mark.parametrize("words", ["dial", "Ticket 1", "northwind", "morning"])
def test_search_finds_titles_words_and_companies(ana, cast, words):
    contract = contract_under("exponential-e-ucc", holder=cast.northwind)
    raise_ticket(contract, timezone.now(), title="Dial tone gone, Ticket 1")
    raise_ticket(contract_under("exponential-e-ucc"), timezone.now(), title="Other", text="Elsewhere.")
    assert titles(ana.get(reverse("support:ticket-list"), {"q": words})) == ["Dial tone gone, Ticket 1"]


def test_a_number_leads_to_its_ticket(ana):
    [ticket] = several(1)
    for typed in [ticket.number, ticket.number.lower(), ticket.number[3:]]:
        response = ana.get(reverse("support:ticket-list"), {"q": typed})
        assert (response.status_code, response.url) == (302, ticket.get_absolute_url())


def test_resolved_tickets_are_found_by_state(ana):
    several(2)[0].resolve(outcome=Outcome.RESOLVED, by=TESTS, at=timezone.now())
    assert titles(ana.get(reverse("support:ticket-list"), {"state": "resolved"})) == ["Ticket 0"]
    assert len(titles(ana.get(reverse("support:ticket-list"), {"state": "all"}))) == 2


def test_empty_states_say_what_would_fill_them(ana):
    assert "Tickets appear as soon as" in ana.get(reverse("support:ticket-list")).text
    assert "No ticket fits" in ana.get(reverse("support:ticket-list"), {"q": "nothing"}).text


def test_the_queue_costs_the_same_for_one_ticket_and_for_fifty(ana, django_assert_num_queries):
    Wait.begin(several(1)[0], reason="vendor", by=TESTS, at=timezone.now())
    ana.get(reverse("support:ticket-list"))
    with django_assert_num_queries(8):
        ana.get(reverse("support:ticket-list"))
    for ticket in several(55):
        Wait.begin(ticket, reason="customer", by=TESTS, at=timezone.now())
    with django_assert_num_queries(8):
        ana.get(reverse("support:ticket-list"))


def test_a_customer_sees_no_queue(client, cast):
    client.force_login(cast.robin)
    assert client.get(reverse("support:ticket-list")).status_code == 404

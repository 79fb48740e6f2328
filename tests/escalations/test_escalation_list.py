"""The list of escalations: those that nobody has taken first, and only those when asked."""

import pytest
from django.urls import reverse

from tests.escalations.ladder_cases import escalate, ladder_ticket
from tests.factories import TESTS
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db
PAGE = "escalations:escalation-list"


def numbers(client, query=""):
    return [row.ticket.number for row, *_ in client.get(reverse(PAGE) + query).context["rows"]]


def test_what_nobody_has_taken_stands_first(client, cast, now):
    now("2026-10-12 09:00")
    taken, waiting, done = (ladder_ticket() for _ in range(3))
    escalate(taken, now, "2026-10-12 10:00").acknowledge(by=TESTS, at=now("2026-10-12 10:05"))
    escalate(waiting, now, "2026-10-12 10:10")
    escalate(done, now, "2026-10-12 10:20")
    done.resolve(outcome="resolved", by=TESTS, at=utc("2026-10-12 10:30"))
    client.force_login(cast.ana)
    assert numbers(client) == [waiting.number, taken.number]
    assert numbers(client, "?show=unacknowledged") == [waiting.number]


def test_a_customer_does_not_come_here(client, cast):
    client.force_login(cast.robin)
    assert client.get(reverse(PAGE)).status_code == 404


def test_more_rows_cost_no_more_queries(client, cast, now, django_assert_num_queries):
    now("2026-10-12 09:00")
    client.force_login(cast.ana)
    for _ in range(3):
        escalate(ladder_ticket(), now, "2026-10-12 10:00")
    client.get(reverse(PAGE))
    with django_assert_num_queries(4):
        client.get(reverse(PAGE))

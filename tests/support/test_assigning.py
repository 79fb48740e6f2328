"""Many tickets to one owner, each through its verb; and how much everybody has."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from support.desk.assigning import workload
from support.models import Event, Ticket
from tests.factories import ANA, TESTS
from tests.support.desk_cases import contract_under, raise_ticket, utc
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db

OPENED = utc("2026-10-14 09:00")
WORKLOAD_QUERIES, LIST_QUERIES = 5, 6


@pytest.fixture
def tickets(cast):
    under = contract_under("exponential-e-ucc", holder=cast.northwind)
    return [raise_ticket(under, OPENED, priority="High", owner=cast.ana) for _ in range(3)]


def send(client, who, tickets, owner, **options):
    client.force_login(who)
    data = {"tickets": [ticket.number for ticket in tickets], "owner": str(owner.pk) if owner else "nobody"}
    return post(client, "support:ticket-assign", **data, **options)


def test_those_chosen_have_another_owner_and_each_tells_it(client, cast, tickets):
    key = uuid.uuid4()
    for _ in range(2):
        assert send(client, cast.ana, tickets[:2], cast.max, key=key).status_code == 302
    assert [Ticket.objects.get(pk=ticket.pk).owner for ticket in tickets] == [cast.max, cast.max, cast.ana]
    assert Event.objects.filter(kind="owner.changed").count() == 2
    assert send(client, cast.ana, tickets[:1], None).status_code == 302
    assert Ticket.objects.get(pk=tickets[0].pk).owner is None


def test_one_that_is_done_is_refused_in_a_sentence_and_the_others_go(client, cast, tickets):
    tickets[0].resolve(outcome="resolved", by=ANA, at=OPENED)
    response = send(client, cast.ana, tickets, cast.max)
    html = client.get(response.url).content.decode()
    assert "2 tickets have another owner." in html
    assert f"{tickets[0].number}: This ticket is done: it keeps its owner." in html
    assert Ticket.objects.filter(owner=cast.max).count() == 2


def test_nothing_chosen_or_an_owner_who_is_none_comes_back_with_the_choice(client, cast, tickets):
    response = send(client, cast.ana, [], cast.max)
    assert response.status_code == 422
    assert "Choose at least one ticket." in response.content.decode()
    cast.max.disable(by=TESTS, at=OPENED)
    response = send(client, cast.ana, tickets[:1], cast.max)
    assert response.status_code == 422
    assert f'value="{tickets[0].number}" checked' in response.content.decode()
    assert send(client, cast.ana, tickets[:1], cast.robin).status_code == 422
    assert Ticket.objects.filter(owner=cast.ana).count() == 3


def test_assigning_is_for_those_who_work_on_tickets(client, cast, tickets):
    for who, status in [(cast.fin, {403}), (cast.robin, {403, 404}), (cast.kim, {403, 404})]:
        assert send(client, who, tickets, cast.max).status_code in status
        assert client.get(reverse("support:ticket-assign")).status_code in status
    for who in (cast.robin, cast.kim):
        client.force_login(who)
        assert client.get(reverse("support:workload")).status_code in {403, 404}
    assert not Event.objects.filter(kind="owner.changed").exists()


def test_the_list_is_a_view_of_the_queue_or_of_one_person(client, cast, tickets):
    tickets[0].hand_to(cast.max, by=ANA, at=OPENED)
    client.force_login(cast.ana)
    here = reverse("support:ticket-assign")

    def shown(query):
        return {row.ticket.number for row in client.get(f"{here}?{query}").context["page"].rows}

    assert shown(f"person={cast.max.pk}") == {tickets[0].number}
    assert shown("view=mine") == {ticket.number for ticket in tickets[1:]}
    assert shown("person=nobody") == {ticket.number for ticket in tickets}
    assert f"{here}?" in client.get(reverse("support:ticket-list")).content.decode()


def test_the_workload_counts_what_is_open_late_waiting_and_due(
    client, cast, tickets, django_assert_num_queries
):

    tickets[0].hand_to(None, by=ANA, at=OPENED)
    loads = {load.person.name if load.person else "": load for load in workload(utc("2026-10-14 09:40"))}
    assert (loads["Ana"].open, loads["Ana"].late, loads[""].open) == (2, 2, 1)
    assert (loads["Max"].open, loads["Max"].next_due) == (0, "")
    early = {load.person.name if load.person else "": load for load in workload(utc("2026-10-14 09:10"))}
    assert (early["Ana"].late, early["Ana"].next_due[-5:]) == (
        0,
        f"{timezone.localtime(utc('2026-10-14 09:30')):%H:%M}",
    )
    between = {load.person.name if load.person else "": load for load in workload(utc("2026-10-14 09:31"))}
    assert between["Ana"].late == 2
    assert between["Ana"].next_due != ""  # of the same tickets, what is due after it
    client.force_login(cast.ana)
    client.get(reverse("support:workload"))
    with django_assert_num_queries(WORKLOAD_QUERIES):
        client.get(reverse("support:workload"))


def test_the_list_has_as_many_queries_whatever_is_in_it(client, cast, tickets, django_assert_num_queries):
    client.force_login(cast.ana)
    client.get(reverse("support:ticket-assign"))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("support:ticket-assign"))

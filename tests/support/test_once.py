"""A form acts once: every page that takes one asks for its key, and of many at the same instant one acts (invariant 20)."""

import uuid

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter

from billing.models import TimeEntry
from support import once, roles
from support.models import Message
from support.roles import Role
from tests.billing.at_once import at_once, both
from tests.billing.billing_cases import at, entry, set_clock, world
from tests.factories import TESTS
from tests.support.page_cases import post

# What takes a POST and no key: the link and the mailed code let it act once, or it writes nothing that could be done twice.
WITHOUT = {
    "billing:offer-code",
    "billing:offer-prove",
    "billing:offer-approve",
    "billing:offer-decline",
    "billing:own-assist-take",  # answers with the file; the first who took it stands
    "support:calendar-preview",  # shows what would be
    "support:profile",  # the same once more
    "first-day-manager",  # where there are people already there is no such page
}
# Read and sent at one address: what is looked for there is looked for before the form is.
OF_SOMETHING = {
    "billing:engagement-request",
    "billing:inside-page",
    "billing:time-correct",
    "support:ticket-raise",
}
NOW = at(12, day=16)


def pages(resolver=None, space=""):
    for address in (resolver or get_resolver()).url_patterns:
        if not isinstance(address, URLPattern):
            yield from pages(address, f"{space}{address.namespace}:" if address.namespace else space)
        elif (
            address.name
            and not space.startswith("admin:")
            and not address.name.startswith(("account_", "mfa_"))
        ):
            yield space + address.name, address.pattern.converters


def some(converter):
    if isinstance(converter, UUIDConverter):
        return uuid.uuid4()
    return 1 if isinstance(converter, IntConverter) else "x"


def answer(client, name, converters) -> str:
    response = client.post(reverse(name, kwargs={key: some(each) for key, each in converters.items()}))
    if response.status_code == 409 and "This form has no key" in response.text:
        return "asks for a key"
    return {405: "is read only"}.get(response.status_code, "other")


@pytest.mark.django_db
def test_every_page_that_takes_a_form_asks_for_its_key(client, cast):
    cast.max.give_roles([Role.AGENT, Role.MANAGER, Role.FINANCE], by=TESTS, at=NOW)
    said = {}
    for person, customers in ((cast.max, False), (cast.robin, True)):
        client.force_login(person)
        theirs = [each for each in pages() if (roles.of_page(each[0]) == {Role.CUSTOMER}) == customers]
        said |= {name: answer(client, name, converters) for name, converters in theirs}
    assert set(said.values()) == {"asks for a key", "is read only", "other"}
    assert {name for name, word in said.items() if word == "other"} == WITHOUT | OF_SOMETHING


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(OF_SOMETHING))
def test_so_does_one_that_looks_for_something_first(client, clock, name):
    w = world()
    clock(NOW)
    entry(w, at(10), at(10.5)).save()
    of = {
        "billing:engagement-request": [w.ticket.number],
        "billing:inside-page": [w.ticket.number],
        "billing:time-correct": [w.engagement.reference, TimeEntry.objects.get().pk],
    }
    client.force_login(w.ana)
    address = reverse(name, args=of.get(name, [])) + f"?customer={w.ticket.customer.code}"
    answered = client.post(address, {"text": "Captures."})
    assert (answered.status_code, "This form has no key" in answered.text) == (409, True)


def send_at_once(w, name, *args, **said):
    """Where 16 of the same form lead to, whoever of them acted."""
    key = uuid.uuid4()

    def send(client):
        return post(client, name, *args, key=key, **said)

    clients = [Client() for _ in range(16)]
    for client in clients:
        client.force_login(w.ana)
    answers = at_once(16, lambda i: send(clients[i]), NOW)
    set_clock(None)
    return {(each.status_code, each.get("Location")) for each in answers}


def test_of_many_at_once_one_books(own_database, time_machine):
    w = world()
    time_machine.move_to(NOW, tick=False)
    said = {"started_at": "2026-10-14T10:00", "stopped_at": "2026-10-14T10:30", "text": "Captures"}
    assert len(send_at_once(w, "billing:time-book", w.engagement.reference, **said)) == 1
    assert TimeEntry.objects.get().raw_minutes == 30


@both
def test_of_many_at_once_one_writes(own_database, time_machine, monkeypatch, guarded):
    w = world()
    time_machine.move_to(NOW, tick=False)
    if not guarded:
        monkeypatch.setattr(
            once, "_act", lambda view, key, request, args, kwargs: view(request, *args, **kwargs)
        )
    replies = Message.objects.filter(text="Once.")
    assert len(send_at_once(w, "support:ticket-reply", w.ticket.number, text="Once.")) == 1
    assert replies.count() == (1 if guarded else 16)

"""A contact's account: made once, for an active contact, with an address that signs in nobody else."""

import pytest
from django.db import connection
from django.utils import timezone

from support.actors import Actor
from support.models import User, UserKind
from support.portal import access
from support.refusal import Refused
from support.roles import Role
from tests.billing.at_once import at_once
from tests.cases import NOON
from tests.factories import TESTS, ContactFactory, UserFactory


@pytest.mark.django_db
def test_a_manager_makes_it_for_one_of_two_contacts_with_one_address(client, cast):
    here, there = (
        ContactFactory(customer=customer, email="both@partner.example")
        for customer in (cast.northwind, cast.tailspin)
    )
    assert access.contact_at("both@partner.example") is None
    client.force_login(cast.max)
    chosen = {"action": "open_account", "_selected_action": [here.pk]}
    page = client.post("/admin/support/contact/", chosen, follow=True)
    assert "1 contact can sign in." in page.content.decode()
    assert access.contact_at("Both@partner.example") == here
    page = client.post("/admin/support/contact/", {**chosen, "_selected_action": [there.pk]}, follow=True)
    assert "needs an address of its own" in page.content.decode()
    there.refresh_from_db()
    assert there.user is None


@pytest.mark.django_db
def test_it_speaks_as_the_contact_does_and_leaves_history(cast):
    contact = ContactFactory(customer=cast.northwind, time_zone="Europe/Paris", locale="en")
    user = access.open_account(contact, by=Actor.of(cast.max), at=NOON)
    assert (user.time_zone, user.locale, user.roles) == ("Europe/Paris", "en", {Role.CUSTOMER})
    contact.refresh_from_db()
    assert contact.history.latest("history_id").actor_name == user.history.latest("history_id").actor_name
    assert access.open_account(contact, by=TESTS, at=NOON) == user
    connection.check_constraints()


@pytest.mark.django_db
def test_a_disabled_contact_and_a_taken_address_are_refused(cast):
    gone = ContactFactory(customer=cast.northwind, active=False)
    UserFactory(email="taken@northwind.example", kind=UserKind.CUSTOMER)
    taken = ContactFactory(customer=cast.northwind, email="Taken@northwind.example")
    for contact, sentence in ((gone, "no longer a contact"), (taken, "signs in with")):
        with pytest.raises(Refused, match=sentence):
            access.open_account(contact, by=TESTS, at=NOON)
    assert access.contact_at(taken.email) is None


@pytest.mark.django_db
def test_what_changed_since_the_code_was_mailed_lets_nobody_in(cast):
    assert access.enter(cast.robin_contact.pk, cast.robin.email, at=NOON) == cast.robin
    assert access.enter(cast.kim_contact.pk, cast.robin.email, at=NOON) is None
    assert access.enter(None, "nobody@nowhere.example", at=NOON) is None


def test_two_right_codes_at_once_make_one_account(own_database):
    contact = ContactFactory(email="nia@northwind.example")
    users = at_once(2, lambda _i: access.enter(contact.pk, contact.email, at=timezone.now()))
    assert users[0] == users[1]
    assert User.objects.filter(email=contact.email).count() == 1

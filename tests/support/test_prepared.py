"""Queries whose SQL is written once answer as the ORM does, whatever they are asked with."""

import pytest
from django.db.models import BigIntegerField

from support.models import Event, Ticket, User
from support.prepared import Given, Prepared, PreparedModels, is_one_of
from tests.cases import NOON
from tests.factories import UserFactory
from tests.support.desk_cases import contract_under, raise_ticket

pytestmark = pytest.mark.django_db


def test_it_is_asked_again_with_other_values():
    one, other = UserFactory(name="One"), UserFactory(name="Other")
    named = Prepared(
        User.objects.filter(pk=Given("pk", BigIntegerField()), is_active=True).values_list("name")
    )
    assert named.rows(pk=one.pk) == [("One",)]
    assert named.rows(pk=other.pk) == [("Other",)]
    assert named.rows(pk=0) == []


def test_a_value_is_never_part_of_the_sql():
    UserFactory(name="One")
    named = Prepared(
        User.objects.filter(name=Given("name", User._meta.get_field("name"))).values_list("name")
    )
    assert named.rows(name="' OR true --") == []
    assert named.rows(name="One") == [("One",)]


@pytest.mark.parametrize("wanted", [[], [0], [0, 1]])
def test_a_list_is_one_value(wanted):
    users = [UserFactory(), UserFactory()]
    found = User.objects.filter(is_one_of("id", BigIntegerField(), "wanted")).order_by("pk").values_list("pk")
    chosen = [users[place].pk for place in wanted]
    assert Prepared(found).rows(wanted=chosen) == [(pk,) for pk in chosen]


def test_what_is_not_named_is_an_error():
    with pytest.raises(KeyError):
        Prepared(User.objects.filter(pk=Given("pk", BigIntegerField())).values_list("pk")).rows()


def test_models_are_as_the_orm_makes_them(cast, django_assert_num_queries):
    ticket = raise_ticket(contract_under("enghouse-premium", holder=cast.northwind), NOON)
    number = Given("number", Ticket._meta.get_field("number"))
    asked = Ticket.objects.select_related("customer", "owner", "contract")
    found = PreparedModels(asked.filter(number=number)).rows(number=ticket.number)
    expected = list(asked.filter(number=ticket.number))
    with django_assert_num_queries(0):
        assert [row.__dict__.keys() for row in found] == [row.__dict__.keys() for row in expected]
        for field in Ticket._meta.concrete_fields:
            assert getattr(found[0], field.attname) == getattr(expected[0], field.attname), field
        assert (found[0].customer, found[0].owner) == (cast.northwind, None)
        assert found[0]._state.fields_cache.keys() == expected[0]._state.fields_cache.keys()
        assert not found[0]._state.adding


def test_json_is_read_and_a_slice_is_kept(cast):
    ticket = raise_ticket(contract_under("enghouse-premium"), NOON)
    events = Event.objects.filter(ticket=Given("ticket", BigIntegerField())).order_by("-seq")
    [newest] = PreparedModels(events[:1]).rows(ticket=ticket.pk)
    assert newest == ticket.events.order_by("-seq").first()
    assert newest.facts == ticket.events.order_by("-seq").first().facts
    assert isinstance(newest.facts, dict)

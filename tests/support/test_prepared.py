"""Queries whose SQL is written once answer as the ORM does, whatever they are asked with."""

import pytest
from django.db.models import BigIntegerField

from support.models import User
from support.prepared import Given, Prepared, is_one_of
from tests.factories import UserFactory

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

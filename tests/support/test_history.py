"""Every change of a tracked row leaves history with its actor, or does not happen (invariant 44)."""

import pytest
from django.db import connection
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from support.actors import Actor
from support.models import Customer, User
from tests.attacks import refused, run
from tests.factories import TESTS, CustomerFactory, UserFactory
from tests.support.ways_past_history import WAYS_PAST_HISTORY

pytestmark = pytest.mark.django_db


def test_a_change_says_who_and_what(cast):
    cast.northwind.name = "Northwind Traders"
    cast.northwind.by(Actor.of(cast.max)).save()
    now, before = cast.northwind.history.all()
    assert (now.name, now.actor_name, now.actor_id) == ("Northwind Traders", "Max", cast.max.id)
    assert (before.name, before.actor_kind) == ("Northwind", "system")


def test_without_an_actor_nothing_is_saved(cast):
    with pytest.raises(TypeError, match="Say who changes this customer"):
        Customer.objects.get(pk=cast.northwind.pk).save()


@pytest.mark.parametrize("change", WAYS_PAST_HISTORY)
def test_a_change_without_its_history_is_refused(change):
    customer = CustomerFactory()
    connection.check_constraints()
    with refused("history_required"):
        change(customer)


def test_history_itself_cannot_be_changed(cast):
    for attack in [
        lambda: Customer.history.all().delete(),
        lambda: Customer.history.update(name="Z"),
        lambda: run("TRUNCATE support_historicalcustomer"),
    ]:
        with refused("permission denied"):
            attack()


def test_bulk_changes_with_their_history_are_fine(cast):
    entity = cast.northwind.legal_entity
    rows = [Customer(name=f"n{n}", code=f"n{n}", legal_entity=entity).by(TESTS) for n in range(3)]
    rows = bulk_create_with_history(rows, Customer, default_user=TESTS)
    for row in rows:
        row.name += "!"
    bulk_update_with_history(rows, Customer, ["name"], default_user=TESTS)
    connection.check_constraints()
    assert set(Customer.history.filter(name__startswith="n").values_list("actor_name", flat=True)) == {
        "tests"
    }


def test_a_password_never_stands_in_the_history(cast):
    before = cast.ana.history.count()
    cast.ana.set_password("correct horse battery")
    cast.ana.save(update_fields=["password"])
    connection.check_constraints()
    assert cast.ana.history.count() == before
    assert "password" not in {field.name for field in User.history.model._meta.fields}


def test_disabling_a_person_is_history():
    user = UserFactory()
    user.is_active = False
    user.by(TESTS).save()
    assert [row.is_active for row in user.history.all()] == [False, True]

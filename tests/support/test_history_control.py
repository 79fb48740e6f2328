"""The negative control of invariant 44: with the guard off, each attack goes through."""

import pytest
from django.db import connection

from support.models import Customer
from tests.attacks import run
from tests.factories import CustomerFactory
from tests.support.ways_past_history import WAYS_PAST_HISTORY


@pytest.mark.broken_on_purpose
@pytest.mark.parametrize("change", WAYS_PAST_HISTORY)
def test_control_without_the_guard_the_same_changes_go_through(own_database, change):
    customer = CustomerFactory(name="A")
    with connection.as_owner():
        run("ALTER TABLE support_customer DISABLE TRIGGER history_required")
    change(customer)
    assert Customer.objects.filter(name="Z").exists()

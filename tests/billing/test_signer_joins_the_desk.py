"""Who signed for a customer and works for the desk later had the authority that he had."""

import pytest

from config.management.commands.check_invariants import checks
from support.models import User
from tests.billing.billing_cases import at, set_clock, world
from tests.factories import TESTS

pytestmark = pytest.mark.django_db


def test_a_signer_who_joins_the_desk_breaks_nothing_of_then(clock):
    w = world()
    set_clock(at(9, day=16))
    w.robin.active = False
    w.robin.by(TESTS, at(9, day=16)).save()
    User(name=w.robin.name, email=w.robin.email, kind="staff").by(TESTS, at(9, day=16)).save()
    assert [check.promise for check in checks() if check.breaches()] == []

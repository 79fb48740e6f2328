import pytest

from tests.billing.billing_cases import set_clock, world


@pytest.fixture
def w(clock):
    """The world of an approved engagement, in a transaction that rolls back."""
    made = world()
    yield made
    set_clock(None)

import pytest

from tests.billing import graph_stub
from tests.billing.billing_cases import at, offered, requested, set_clock, world


@pytest.fixture
def w(clock):
    """The world of an approved engagement, in a transaction that rolls back."""
    made = world()
    yield made
    set_clock(None)


@pytest.fixture
def offer(w):
    """A second offer that the contact of the world has not answered."""
    set_clock(at(18))
    return offered(requested(w.contract, ticket=w.ticket), w.robin, when=at(18), answer_by=at(20, day=15))


@pytest.fixture
def link(offer):
    return offer.invitations.get()


@pytest.fixture
def stub():
    """Microsoft Graph, on the loopback."""
    with graph_stub.running() as server:
        yield server

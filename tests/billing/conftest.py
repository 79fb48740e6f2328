import pytest

from tests.billing import graph_stub
from tests.billing.billing_cases import at, offered, requested, set_clock, world
from tests.ground import standing_on

w = standing_on(world)  # an engagement that was approved


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

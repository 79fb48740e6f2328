"""How instants are written in offers and mail: nobody has to guess which of two is meant."""

import pytest

from billing import wording
from tests.billing.billing_cases import at


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        (at(0.5, day=25), "Sun 25 Oct 2026, 01:30 BST (Europe/London)"),
        (at(1.5, day=25), "Sun 25 Oct 2026, 01:30 GMT (Europe/London)"),
        (at(12, day=25), "Sun 25 Oct 2026, 12:00 (Europe/London)"),
    ],
)
def test_an_hour_that_comes_twice_names_its_time(instant, said):
    assert wording.when(instant, "Europe/London") == said

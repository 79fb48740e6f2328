"""A clock for pages, one instant for views and database; and a contact whom reports reach."""

from datetime import UTC

import pytest
import time_machine

from tests.factories import TESTS
from tests.support.desk_cases import utc


@pytest.fixture
def now(clock):
    """`now("2026-10-12 10:20")`, or `now(instant)`, sets the time of the views and of the database."""
    travels = []

    def go(at):
        for old in travels:
            old.stop()
        instant = clock(utc(at) if isinstance(at, str) else at)
        travels[:] = [time_machine.travel(instant.astimezone(UTC), tick=False)]
        travels[0].start()
        return instant

    yield go
    for last in travels:
        last.stop()


@pytest.fixture
def robin_is_told(cast):
    """Incident reports and outage notices reach Robin."""
    cast.robin_contact.nominated_for_outages = True
    cast.robin_contact.by(TESTS).save()

"""A clock for pages, one instant for views and database; a contact whom reports reach; a ticket that crosses, and who is to take it."""

from datetime import UTC

import pytest
import time_machine

from tests.escalations.handoff_cases import on_duty, person, severe
from tests.factories import TESTS
from tests.ground import standing_on
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


@standing_on
def sol():
    """On duty in Australia from the closing on."""
    sol = person("Sol")
    on_duty(sol)
    return sol


@pytest.fixture
def ticket(cast, clock):
    """A ticket of severity A, Ana's, in the evening before the closing."""
    clock(utc("2026-10-14 20:00"))
    return severe(owner=cast.ana)

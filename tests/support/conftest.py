"""What several tests of calendars stand on."""

import pytest

from support import versions
from tests.support.desk_cases import utc


@pytest.fixture
def calendars_anew():
    """A version that was rolled back is read anew: outside of tests none ever is."""
    versions._business_calendar.cache_clear()


@pytest.fixture
def max_(client, cast, time_machine):
    """A manager who is signed in, on a Wednesday at noon."""
    time_machine.move_to(utc("2026-10-14 12:00"), tick=False)
    client.force_login(cast.max)
    return client

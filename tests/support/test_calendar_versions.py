"""A version of a calendar says when it was saved, and nobody else does."""

import pytest
from django.db import connection

from support.models import CalendarVersion
from tests.attacks import refused, run


@pytest.mark.parametrize("simulated", [False, True])
def test_a_version_of_a_calendar_was_saved_when_it_was(own_database, simulated):
    """Else a script moves a closing of today. A simulation tells stories of before."""
    if not simulated:
        with connection.as_owner():
            run("DELETE FROM simulation")
    run(
        "INSERT INTO support_calendarversion (name, version, sha256, data, added_at, actor_kind, actor_id, actor_name) "
        "SELECT name, 2, 'x', data, '2020-01-01 00:00+00', actor_kind, actor_id, actor_name FROM support_calendarversion "
        "WHERE name = 'us-distributor'"
    )
    saved = CalendarVersion.objects.get(name="us-distributor", version=2).added_at
    assert (saved.year == 2020) == simulated


@pytest.mark.django_db
@pytest.mark.parametrize("data", ["{}", '{"calendar": {"zone": "UTC", "hours": {}}}', "[]", "1"])
def test_what_is_no_calendar_is_refused(data):
    """Else one script leaves regions, deadlines and their alarms without hours."""
    with refused("a_calendar_says_its_hours"):
        run(
            "INSERT INTO support_calendarversion (name, version, sha256, data, added_at, actor_kind, actor_id, actor_name) "
            "SELECT name, 2, 'x', %s::jsonb, added_at, actor_kind, actor_id, actor_name FROM support_calendarversion "
            "WHERE name = 'us-distributor'",
            data,
        )

"""What the database takes for in hours is what the calendars say, whatever they hold: zones, holidays, closures, extra days."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from support.calendars import plan
from tests.attacks import run
from tests.billing.surcharge_cases import OFFICE, office
from tests.ground import standing_on

pytestmark = [pytest.mark.django_db, pytest.mark.hypothesis]

DATA = {
    "calendar": {
        **OFFICE["calendar"],
        "zone": "Europe/London",
        "hours": {
            "mon": ["09:00-12:00", "13:00-17:30"],
            "tue": ["00:00-24:00"],
            "thu": ["09:00-17:00"],
            "sun": ["00:30-02:15"],
        },
    },
    "holidays": [["2026-10-20", "Ours"], ["2026-10-26", "Bank"]],
    "closures": [
        {"first": "2026-10-21", "last": "2026-10-22", "name": "Stocktaking", "windows": []},
        {"first": "2026-10-27", "last": "2026-10-29", "name": "Lunch", "windows": ["12:00-12:45"]},
    ],
    "extra_days": [
        {"on": "2026-10-24", "name": "Saturday", "windows": ["08:00-11:00", "12:00-13:00"]},
        {"on": "2026-10-26", "name": "Not closed", "windows": ["10:00-11:00"]},
    ],
}
BEGINS = datetime(2026, 10, 18, tzinfo=UTC)  # the clocks go back on the 25th
INSTANTS = st.integers(0, 14 * 24 * 3600).map(lambda seconds: BEGINS + timedelta(seconds=seconds))
DRAWN = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@standing_on
def version():
    return office(**DATA)


@DRAWN
@given(at=INSTANTS)
def test_an_instant_is_open_in_the_database_as_in_the_calendar(clock, at):
    [[is_open]] = run("SELECT calendar_is_open(%s, %s)", Jsonb(DATA), at)
    assert is_open is plan.business_calendar(DATA).is_open(at)


@DRAWN
@given(at=INSTANTS, minutes=st.integers(1, 400), seconds=st.integers(0, 59), outside=st.booleans())
def test_a_part_is_on_one_side_only_where_no_border_lies_in_it(version, at, minutes, seconds, outside):
    ends = at + timedelta(minutes=minutes, seconds=seconds)
    worked = round(plan.business_calendar(DATA).elapsed(at, ends) * 60)
    whole = worked == 0 if outside else worked == (ends - at).total_seconds()
    [[held]] = run("SELECT hours_are(%s, %s, %s, %s)", version.pk, at, ends, outside)
    assert held is whole


def test_the_shipped_calendars_are_read_alike(clock):
    from support.models import CalendarVersion

    for version in CalendarVersion.objects.all():
        calendar = plan.business_calendar(version.data)
        for hour in range(0, 24 * 7, 3):
            at = BEGINS + timedelta(hours=hour)
            [[is_open]] = run("SELECT calendar_is_open(%s, %s)", Jsonb(version.data), at)
            assert is_open is calendar.is_open(at), (version, at)

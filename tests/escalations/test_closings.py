"""The database says that a calendar closes at exactly the instants at which the product's arithmetic does."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from escalations.relay import Desk, crossings
from support.calendars import plan
from support.models import CalendarVersion
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db

ODD = {
    "calendar": {
        "code": "odd",
        "name": "Odd",
        "zone": "Australia/Lord_Howe",
        "document": "none",
        "section": "none",
        "hours": {
            "mon": ["09:00-12:00", "12:00-17:30"],
            "wed": ["09:00-17:30"],
            "thu": ["00:00-24:00"],
            "fri": ["00:00-24:00"],
            "sun": ["01:30-01:45", "02:10-13:00"],
        },
    },
    "holidays": [["2026-03-04", "A day"], ["2026-03-05", "Another"], ["2026-04-01", "A third"]],
    "closures": [
        {"first": "2026-03-09", "last": "2026-03-10", "name": "Away", "windows": []},
        {"first": "2026-03-11", "last": "2026-03-16", "name": "Lunch", "windows": ["12:00-13:00"]},
        {"first": "2026-03-20", "last": "2026-03-20", "name": "Short", "windows": ["20:00-24:00"]},
    ],
    "extra_days": [
        {"on": "2026-03-05", "name": "Worked", "windows": ["07:00-07:30", "10:00-11:00"]},
        {"on": "2026-03-09", "name": "Worked too", "windows": ["22:00-24:00"]},
        {"on": "2026-03-17", "name": "Nothing", "windows": []},
    ],
}
SAID = "SELECT i FROM unnest(%s::timestamptz[]) i WHERE calendar_closes(%s::jsonb, i) ORDER BY i"


@pytest.mark.parametrize(
    ("first", "last"), [("2026-03-01 00:00", "2026-04-12 00:00"), ("2026-10-01 00:00", "2026-11-05 00:00")]
)
@pytest.mark.parametrize(
    "name", ["au-distributor", "us-distributor", "us-distributor-weekdays", "uk-business", "odd"]
)
def test_both_name_the_same_closings(name, first, last):
    data = ODD if name == "odd" else CalendarVersion.objects.filter(name=name).latest("version").data
    calendar = plan.business_calendar(data)
    known = [each.at for each in crossings([Desk("one", calendar)], utc(first), utc(last))]
    assert len(known) > 15
    every = timedelta(minutes=5 if name == "odd" else 30)  # those shipped change on the half hour
    asked = {utc(first) + every * n for n in range(1, (utc(last) - utc(first)) // every)}
    for step in (timedelta(microseconds=-1), timedelta(0), timedelta(microseconds=1)):
        asked |= {at + step for at in known}
    with connection.cursor() as cursor:
        cursor.execute(SAID, [sorted(asked), json.dumps(data)])
        assert [at for (at,) in cursor.fetchall()] == known

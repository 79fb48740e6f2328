"""A version of a calendar says when it was saved, and nobody else does."""

import pytest
from django.db import connection

from support.calendars import plan
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
        saved_anew("%s::jsonb", data)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("{calendar,zone}", '"Mars/Phobos"'),
        ("{calendar,zone}", '"europe/london"'),
        ("{calendar,zone}", "1"),
        ("{calendar,hours}", "{}"),
        ("{calendar,hours}", "[]"),
        ("{calendar,hours}", '{"mon": []}'),
        ("{calendar,hours}", '{"mon": "09:00-17:00"}'),
        ("{calendar,hours}", '{"mon": ["9-17"]}'),
        ("{calendar,hours}", '{"mon": ["09:00-17:00", null]}'),
        ("{calendar,hours}", '{"mon": ["09:00-17:00\\n"]}'),
        ("{calendar,hours}", '{"mon": [["09:00", "17:00"]]}'),
        ("{calendar,hours}", '{"mon": ["17:00-09:00"]}'),
        ("{calendar,hours}", '{"mon": ["09:00-17:00"], "xmas": []}'),
        ("{holidays}", "[1]"),
        ("{holidays}", '["2026-12-25"]'),
        ("{holidays}", '[["2026-12-25"]]'),
        ("{holidays}", '[["2026-13-25", "x"]]'),
        ("{holidays}", '[["tomorrow", "x"]]'),
        ("{holidays}", '[["infinity", "x"]]'),
        ("{holidays}", '[["2026-12-25", null]]'),
        ("{holidays}", "[[null, null]]"),
        ("{holidays}", '[["0044-03-15 BC", "x"]]'),
        ("{holidays}", '[["10000-01-01", "x"]]'),
        ("{calendar,name}", "null"),
        ("{calendar,code}", "1"),
        ("{calendar,extra}", '"x"'),
        ("{calendar,holidays}", '{"part": "ENG"}'),
        ("{calendar,hours}", '{"mon": ["09:00-17:00", "10:00-12:00"]}'),
        ("{calendar,hours}", '{"mon": ["13:00-17:00", "09:00-12:00"]}'),
        ("{known_until}", '"never"'),
        ("{known_until}", "null"),
        ("{left_out}", "[1]"),
        ("{known_until}", '"9999-12-31"'),
        ("{calendar,name}", '""'),
        ("{calendar,section}", '"  "'),
        ("{calendar,name}", '"US hours "'),
        ("{calendar,name}", '" US hours"'),
        ("{calendar,name}", '"US hours\\u001c"'),
        ("{calendar,name}", '"\\u00a0US hours"'),
        ("{calendar,readings}", '[{"key": "my key", "chosen": "x", "why": "x"}]'),
        (
            "{calendar,readings}",
            '[{"key": "x", "chosen": "x", "why": "x"}, {"key": "x", "chosen": "y", "why": "y"}]',
        ),
        ("{calendar,holidays}", '{"country": ""}'),
        ("{calendar,holidays}", '{"country": "GB", "part": ""}'),
        ("{calendar,readings}", "[1]"),
        ("{calendar,readings}", "[{}]"),
        ("{calendar,readings}", '[{"key": "x", "chosen": "x", "why": "x", "section": null}]'),
        ("{closures}", "[1]"),
        ("{closures}", '[{"on": "2026-12-24", "name": "x", "windows": []}]'),
        ("{closures}", '[{"first": "0001-01-01", "last": "9999-12-31", "name": "x", "windows": []}]'),
        ("{extra_days}", '[{"first": "2026-12-24", "last": "2026-12-24", "name": "x", "windows": []}]'),
        ("{closures}", '[{"first": "2026-12-25", "last": "2026-12-24", "name": "x", "windows": []}]'),
        ("{closures}", '[{"first": "2026-12-24", "last": "2026-12-24", "name": "x"}]'),
        ("{extra_days}", '[{"on": "x", "name": "x", "windows": []}]'),
        ("{extra_days}", '[{"on": "2026-12-24", "name": "x", "windows": ["9-12"]}]'),
    ],
)
def test_what_no_page_could_read_is_refused(part, value):
    with refused("a_calendar_says_its_hours"):
        saved_anew("jsonb_set(data, %s, %s)", part, value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("{calendar,zone}", '"UTC"'),
        ("{calendar,hours}", '{"sun": ["00:00-06:00", "20:00-24:00"], "mon": []}'),
        ("{holidays}", '[["2026-12-25", "Christmas Day"]]'),
        ("{left_out}", '[["2026-12-25", "Christmas Day"]]'),
        ("{known_until}", '"2036-12-31"'),
        (
            "{closures}",
            '[{"first": "2026-12-24", "last": "2026-12-26", "name": "x", "windows": ["13:00-24:00"]}]',
        ),
        ("{extra_days}", '[{"on": "2026-12-24", "name": "", "windows": ["13:00-17:00", "09:00-12:00"]}]'),
        ("{calendar,holidays}", '{"country": "GB", "part": "ENG"}'),
        ("{calendar,readings}", '[{"key": "x", "chosen": "x", "why": "x"}]'),
        ("{calendar,holidays}", '{"country": "Atlantis"}'),  # a package may know a region no more
    ],
)
def test_what_is_a_calendar_is_taken_and_can_be_read(part, value):
    saved_anew("jsonb_set(data, %s, %s)", part, value)
    assert plan.business_calendar(CalendarVersion.objects.get(name="us-distributor", version=2).data)


def saved_anew(data, *parameters):
    """As a script would: another version of a calendar, its data this expression."""
    run(
        "INSERT INTO support_calendarversion (name, version, sha256, data, added_at, actor_kind, actor_id, actor_name) "
        f"SELECT name, 2, 'x', {data}, added_at, actor_kind, actor_id, actor_name FROM support_calendarversion "
        "WHERE name = 'us-distributor'",
        *parameters,
    )

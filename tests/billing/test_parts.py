"""One piece of work, cut and rounded: the approved minutes of the whole are rounded once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from billing.parts import Under, borders, parts
from tests.billing.billing_cases import at

FAR = at(0, day=30)


def cut(minutes, *, until=10**6, room=10**6, increment=15, minimum=0, borders=()):
    """(raw, billed) of each part of a piece that began at 10:00."""
    start = at(10)
    under = Under(start + timedelta(minutes=until), room, increment, minimum)
    found = parts(
        start, start + timedelta(minutes=minutes), under, [start + timedelta(minutes=m) for m in borders]
    )
    return [(part.raw, part.billed) for part in found]


@pytest.mark.parametrize(
    ("minutes", "terms", "expected"),
    [
        (7, {}, [(7, 15)]),
        (15, {}, [(15, 15)]),
        (16, {}, [(16, 30)]),
        (20, {"increment": 1}, [(20, 20)]),
        (7.2, {"increment": 1}, [(8, 8)]),  # a started minute counts
        (50, {"until": 7}, [(7, 15), (43, None)]),  # 7 approved of 50 bill 15, never 17
        (50, {"until": 7.5}, [(7, 15), (43, None)]),
        (50, {"until": 0.5}, [(0, 0), (50, None)]),
        (50, {"until": 0}, [(50, None)]),
        (50, {"until": -5}, [(50, None)]),
        (50, {"room": 7}, [(7, 7), (43, None)]),  # rounding never passes the cap
        (50, {"room": 45}, [(45, 45), (5, None)]),
        (50, {"room": 0}, [(50, None)]),
        (40, {"room": 41}, [(40, 41)]),
        (5, {"minimum": 30}, [(5, 30)]),
        (35, {"minimum": 30}, [(35, 45)]),
        (5, {"minimum": 30, "room": 20}, [(5, 20)]),
        (35, {"borders": [20]}, [(20, 20), (15, 25)]),  # the extra goes to the last part
        (35.5, {"borders": [20.5]}, [(21, 21), (15, 24)]),
        (50, {"borders": [20], "until": 30}, [(20, 20), (10, 10), (20, None)]),
        (50, {"borders": [40], "until": 31}, [(31, 45), (9, None), (10, None)]),
        (90, {"borders": [30, 60], "room": 45}, [(30, 30), (15, 15), (15, None), (30, None)]),
    ],
)
def test_parts(minutes, terms, expected):
    assert cut(minutes, **terms) == expected


@pytest.mark.parametrize("seconds", range(0, 400, 7))
def test_no_part_has_more_minutes_than_the_guard_lets_it(seconds):
    start, stop = at(10), at(10) + timedelta(seconds=1000)
    under = Under(start + timedelta(seconds=seconds * 2), 12, 15)
    for part in parts(start, stop, under, [start + timedelta(seconds=seconds)]):
        whole = (part.stopped_at - part.started_at) // timedelta(minutes=1)
        assert 0 <= part.raw <= whole + 1
        assert part.billed is None or part.billed < part.raw + 15


@pytest.mark.parametrize(("night", "raw"), [((2026, 3, 29), 90), ((2026, 10, 25), 210), ((2026, 7, 1), 150)])
def test_a_night_in_which_the_clocks_change_has_the_minutes_that_it_had(night, raw):
    london = ZoneInfo("Europe/London")
    start, stop = datetime(*night, 0, 30, tzinfo=london), datetime(*night, 3, 0, tzinfo=london)
    [part] = parts(start, stop, Under(stop + timedelta(days=1), 600, 15), [])
    assert (part.raw, part.billed) == (raw, raw)


def test_without_an_approval_nothing_is_approved():
    [part] = parts(at(10), at(11), None, [])
    assert (part.raw, part.billed) == (60, None)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", [at(0, day=1, month=11)]),
        ("America/Denver", [at(6, day=1, month=11)]),
        ("Asia/Tokyo", [at(15, day=31, month=10)]),
    ],
)
def test_a_month_begins_in_the_zone_of_the_company(zone, expected):
    assert borders(at(12, day=31), at(12, day=1, month=11), zone) == expected


def test_a_month_border_is_none_inside_a_month():
    assert borders(at(10), at(18), "UTC") == []
    assert borders(at(10), at(0, day=1, month=11), "UTC") == []

"""The arithmetic of availability against an oracle that steps through the minutes one by one."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalations.availability import Stretch, Uptime, percentage, uptime

START = datetime(2026, 10, 1, tzinfo=UTC)
PRODUCTS = frozenset({1, 2})
minutes = st.integers(-40, 160)
abouts = st.sampled_from([frozenset(), frozenset({1}), frozenset({2}), PRODUCTS, frozenset({1, 3})])
DRAWN = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
stretches = st.lists(st.tuples(minutes, st.integers(0, 90), abouts), max_size=5)


def at(minute):
    return START + timedelta(minutes=minute)


def stretch(begin, long, about=PRODUCTS):
    return Stretch(at(begin), at(begin + long), about)


def stepped(begin, end, outages, windows):
    """Counted, down and excused minutes, asked minute by minute and product by product."""
    found = [0, 0, 0]
    for minute in range(begin, end):
        up = dict.fromkeys(PRODUCTS, "up")
        for since, long, about in outages:
            if since <= minute < since + long:
                up |= dict.fromkeys(about & PRODUCTS, "down")
        for since, long, about in windows:
            if since <= minute < since + long:
                up |= dict.fromkeys(about & PRODUCTS, "maintained")
        if set(up.values()) == {"maintained"}:
            found[2] += 1
            continue
        found[0] += 1
        found[1] += "down" in up.values()
    return found


@DRAWN
@given(st.integers(0, 60), st.integers(0, 120), stretches, stretches)
def test_it_is_what_stepping_through_the_minutes_finds(begin, end, outages, windows):
    found = uptime(
        at(begin),
        at(end),
        [stretch(*each) for each in outages],
        [stretch(*each) for each in windows],
        PRODUCTS,
    )
    assert [found.counted, found.down, found.excused] == [
        60 * n for n in stepped(begin, end, outages, windows)
    ]


@DRAWN
@given(st.integers(1, 120), stretches, stretches)
def test_a_stretch_cut_in_two_comes_to_the_whole(cut, outages, windows):
    down, off = [stretch(*each) for each in outages], [stretch(*each) for each in windows]
    whole = uptime(at(0), at(120), down, off, PRODUCTS)
    parts = [uptime(at(0), at(cut), down, off, PRODUCTS), uptime(at(cut), at(120), down, off, PRODUCTS)]
    for name in ("counted", "down", "excused"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name)


@pytest.mark.parametrize(
    ("outages", "windows", "counted", "down"),
    [
        ([], [], 100, 0),
        ([(10, 20), (15, 10)], [], 100, 20),  # one inside the other
        ([(10, 10), (20, 10)], [], 100, 20),  # one after the other
        ([(-5, 10), (95, 10)], [], 100, 10),  # across both ends
        ([(10, 20)], [(20, 20)], 80, 10),
        ([(10, 20)], [(0, 100)], 0, 0),
        ([(10, 0)], [], 100, 0),
    ],
)
def test_what_overlaps_is_counted_once_and_what_reaches_out_is_cut(outages, windows, counted, down):
    found = uptime(
        at(0), at(100), [stretch(*each) for each in outages], [stretch(*each) for each in windows], PRODUCTS
    )
    assert (found.counted, found.down) == (60 * counted, 60 * down)


def test_maintenance_of_one_product_excuses_no_outage_of_another():
    one, two = frozenset({1}), frozenset({2})
    window = stretch(0, 50, one)
    assert uptime(at(0), at(100), [stretch(10, 10, two)], [window], PRODUCTS).down == 600
    assert uptime(at(0), at(100), [stretch(10, 10, one)], [window], PRODUCTS).down == 0
    assert uptime(at(0), at(100), [stretch(10, 10, one)], [window], PRODUCTS).counted == 6000
    both = uptime(at(0), at(100), [], [window, stretch(40, 30, two)], PRODUCTS)
    assert both.excused == 600  # only while both are maintained


@pytest.mark.parametrize(
    ("down", "held", "said"),
    [(0, True, "100.00 %"), (50, True, "99.95 %"), (51, False, "99.94 %"), (1, True, "99.99 %")],
)
def test_the_exact_share_is_judged_and_never_rounded_up(down, held, said):
    found = Uptime(100_000, down, 0)
    assert found.holds(Decimal("99.95")) is held
    assert percentage(found.share) == said


def test_nothing_counted_is_no_share():
    found = Uptime(0, 0, 3600)
    assert (found.share, found.holds(Decimal("99.95"))) == (None, None)
    assert percentage(Fraction(99996, 100000), 3) == "99.996 %"

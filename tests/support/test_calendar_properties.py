"""What holds for every calendar, instant, budget and pause."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.clocks.instants import MINUTE, instant, micros
from tests.support.calendar_cases import BERLIN_WITH_LUNCH, DENVER, LONDON, NINE_TO_FIVE
from tests.support.clock_drawing import budgets, calendars, instants, modestly, pauses

pytestmark = pytest.mark.hypothesis
TICK = timedelta(microseconds=1)


@modestly
@given(st.data(), calendars, instants, budgets)
def test_due_and_elapsed_are_inverse(data, calendar, start, minutes):
    waits = data.draw(pauses(start))
    due = calendar.due(start, minutes, waits)
    assert calendar.elapsed(start, due, waits) == minutes
    assert calendar.elapsed(start, due - TICK, waits) < minutes


@modestly
@given(calendars, st.lists(st.tuples(instants, budgets, instants), max_size=8))
def test_many_at_once_are_as_each_by_itself(calendar, asked):
    starts, minutes, ends = zip(*asked, strict=True) if asked else ((), (), ())
    counts = [micros(start) for start in starts]
    due = calendar.due_each(counts, [round(budget * MINUTE) for budget in minutes])
    assert [instant(at) for at in due] == list(map(calendar.due, starts, minutes))
    passed = calendar.elapsed_each(counts, [micros(end) for end in ends])
    assert [amount / MINUTE for amount in passed] == list(map(calendar.elapsed, starts, ends))


@modestly
@given(calendars, instants, budgets)
def test_back_is_the_way_back(calendar, start, minutes):
    begin = calendar.back(start, minutes)
    assert calendar.elapsed(begin, start) == minutes
    assert calendar.elapsed(begin + TICK, start) < minutes


@modestly
@given(st.data(), calendars, instants, budgets)
def test_waiting_never_brings_a_deadline_forward(data, calendar, start, minutes):
    waits = data.draw(pauses(start))
    assert calendar.due(start, minutes, waits) >= calendar.due(start, minutes, waits[1:])


@modestly
@given(calendars, instants, st.integers(0, 4 * 86_400))
def test_elapsed_is_the_sum_of_the_intervals(calendar, start, seconds):
    end = start + timedelta(seconds=seconds)
    summed = sum((b - a for a, b in calendar.intervals(start, end)), timedelta())
    assert calendar.elapsed(start, end) == summed / timedelta(minutes=1)


@modestly
@given(
    st.sampled_from((NINE_TO_FIVE, DENVER, LONDON, BERLIN_WITH_LUNCH)), instants, instants, st.integers(0, 5)
)
def test_a_later_start_never_has_an_earlier_business_day(calendar, one, other, days):
    # Hours of the day only: in a doubled hour of the night the wall clock itself goes back.
    earlier, later = sorted((one, other))
    assert calendar.due_business_days(earlier, days) <= calendar.due_business_days(later, days)


@modestly
@given(calendars, instants)
def test_open_is_what_the_wall_clock_says(calendar, at):
    opened = calendar.is_open(at)
    assert opened == (calendar.next_opening(at) == at)
    assert opened == bool(calendar.intervals(at, at + TICK))

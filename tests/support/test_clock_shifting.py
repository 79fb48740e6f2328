"""A clock taken to another calendar from its row alone is the clock that folding its timeline gives."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.clocks.events import Cause
from support.clocks.shifting import is_plain, shifted, under
from tests.support.clock_drawing import modestly, timelines

pytestmark = pytest.mark.hypothesis
NEW = "plan@2"


@modestly
@given(timelines(), st.integers(1, 10 * 86_400), st.sampled_from(["plan", "mt-business"]))
def test_shifting_a_plain_clock_is_folding_the_move(line, later, name):
    at = line.events[-1].at + timedelta(seconds=later)
    subject = min(line.state().tracks)  # an engagement, where there is one
    pinned = line.state().tracks[subject].now.calendars
    before = {clock.key: clock for clock in line.fold()}
    if name not in pinned:
        return
    line.at(at, "calendar.moved", subject=subject, calendar=name, old=pinned[name], new=NEW)
    cause = Cause.of(line.events[-1])
    for clock in line.fold():
        was = before[clock.key]
        if was.open and is_plain(was, at):
            moves = was.target.calendar == name and under(was) == pinned[name]
            old, new = line.book.calendar(pinned[name]), line.book.calendar(NEW)
            assert clock == (shifted(was, at, old, NEW, new, cause) if moves and pinned[name] != NEW else was)

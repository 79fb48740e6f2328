"""What holds for every timeline under every service."""

import pickle
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.clocks.fold import folded
from support.clocks.terms import Base
from tests.support.clock_drawing import modestly, timelines
from tests.support.timeline_cases import FAR

pytestmark = pytest.mark.hypothesis
MINUTE = timedelta(minutes=1)


def counted(clock):
    return sum((piece.ends_at - piece.starts_at for piece in clock.segments if piece.counted), timedelta())


@modestly
@given(st.data(), timelines())
def test_folding_on_from_a_stored_state_is_folding_from_scratch(data, line):
    split = data.draw(st.integers(0, len(line.events)))
    before = pickle.loads(pickle.dumps(folded(line.book, line.events[:split], FAR)))
    after = folded(line.book, line.events[split:], FAR, before)
    assert after == line.state()
    assert after.clocks(line.book) == line.fold()


@modestly
@given(timelines())
def test_applying_an_event_leaves_the_earlier_state_as_it_was(line):
    *before, last = line.events
    state = folded(line.book, before, FAR)
    kept = pickle.dumps(state)
    state.apply(line.book, last)
    assert pickle.dumps(state) == kept


@modestly
@given(timelines())
def test_the_segments_cover_the_life_of_a_clock_without_a_gap(line):
    for clock in line.fold():
        instants = [clock.started_at]
        for piece in clock.segments:
            assert piece.starts_at == instants[-1]
            instants.append(piece.ends_at)
        assert instants[-1] == (clock.stopped_at or clock.due_at)


@modestly
@given(timelines())
def test_the_segments_that_count_add_up_to_the_target(line):
    for clock in line.fold():
        if clock.target.base is Base.BUSINESS_DAYS or clock.due_at is None:
            continue
        if clock.stopped_at is None or clock.stopped_at >= clock.due_at:
            assert counted(clock) == clock.target.amount * MINUTE
        else:
            assert counted(clock) < clock.target.amount * MINUTE


@modestly
@given(timelines())
def test_running_and_paused_are_the_business_time_that_elapsed(line):
    for clock in line.fold():
        end = clock.segments and clock.segments[-1].ends_at
        if not end or len({piece.calendar for piece in clock.segments}) > 1:
            continue
        calendar = line.book.calendar(clock.segments[0].calendar)
        paused = sum(calendar.elapsed(p.starts_at, p.ends_at) for p in clock.segments if p.why == "wait")
        assert counted(clock) / MINUTE + paused == pytest.approx(calendar.elapsed(clock.started_at, end))


@modestly
@given(timelines(steps=()))
def test_waiting_never_brings_a_deadline_forward(line):
    due = {clock.key: clock.due_at for clock in line.fold()}
    line.events = [event for event in line.events if not event.kind.startswith("wait.")]
    for seq, event in enumerate(line.events, 1):
        object.__setattr__(event, "seq", seq)
    for clock in line.fold():
        assert due[clock.key] is None or due[clock.key] >= clock.due_at


@modestly
@given(timelines())
def test_no_two_rows_have_one_key_and_no_two_open_clocks_are_of_one_kind(line):
    clocks = line.fold()
    assert len({clock.key for clock in clocks}) == len(clocks)
    running = [(clock.subject, clock.kind) for clock in clocks if clock.open]
    assert len(set(running)) == len(running)


@modestly
@given(timelines())
def test_a_closed_row_never_changes_again(line):
    kept = {}
    for event in line.events:
        closed = {clock.key: clock for clock in line.fold(event.at) if not clock.open}
        same_instant = [later for later in line.events if later.at == event.at]
        if event is same_instant[-1]:
            assert kept.items() <= closed.items()
            kept = closed


@modestly
@given(timelines())
def test_missed_is_closed_after_the_due_instant_or_reclassified(line):
    for clock in line.fold():
        late = bool(clock.stopped_at and clock.due_at and clock.stopped_at > clock.due_at)
        reclassified = clock.attributed_to == "reclassification"
        assert (clock.verdict == "missed") == (late or reclassified)
        assert (clock.attributed_to is None) == (clock.verdict != "missed")

"""An engagement's state is what its verbs make of it, for SQL as for pages: what is done stays done."""

from itertools import product

import pytest

from billing.models import Engagement, EngagementState
from billing.models.engagements import MOVES, UNDONE
from tests.attacks import refused
from tests.billing.billing_cases import at, ese_contract, requested, set_clock
from tests.billing.minimum_cases import at_least, done, some_work
from tests.factories import TESTS

pytestmark = pytest.mark.django_db
WAYS = {  # how an engagement comes into a state
    "requested": [],
    "offered": ["offered"],
    "approved": ["offered", "approved"],
    "declined": ["offered", "declined"],
    "withdrawn": ["withdrawn"],
    "done": ["done"],
}


def move(engagement, state):
    """As an attacker moves it who leaves the history that is asked for."""
    engagement.state = state
    engagement.by(TESTS, at(18)).save()


@pytest.mark.parametrize("state", EngagementState.values)
def test_every_state_is_left_by_its_verbs_moves_alone(clock, state):
    set_clock(at(8))
    contract = ese_contract()
    for to in EngagementState.values:
        engagement = requested(contract)
        for step in WAYS[state]:
            move(engagement, step)
        if to == state or to in MOVES[EngagementState(state)]:
            move(engagement, to)
        else:
            with refused("engagements_move_as_their_verbs"):
                move(engagement, to)


def test_no_state_leads_out_of_an_end():
    ends = [state for state in EngagementState if state not in UNDONE]
    assert [(a, b) for a, b in product(ends, EngagementState) if b in MOVES[a]] == []


def test_work_that_is_done_is_not_opened_again_under_its_minimum(clock):
    w = at_least()
    some_work(w)
    done(w)
    with refused("engagements_move_as_their_verbs"):
        move(Engagement.objects.get(pk=w.engagement.pk), "approved")


def test_an_engagement_begins_as_a_request(clock):
    set_clock(at(8))
    engagement = requested(ese_contract())
    engagement.pk, engagement.reference, engagement.state = None, "ENG-9999", "done"
    with refused("engagements_begin_as_requested"):
        engagement.by(TESTS, at(8)).save(force_insert=True)

"""Time that is entered later falls under the approval that was in force when the work began."""

import pytest

from billing import answering, timing
from billing.models import TimeEntry
from support.actors import Actor
from support.refusal import Refused
from tests.billing.billing_cases import at, entry, offered, set_clock, signed, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def w(clock):
    return world()


def test_work_before_a_withdrawal_is_billed_when_it_is_entered_after_it(w):
    set_clock(at(12))
    answering.withdraw_approval(w.approval, reason="Enough.", by=Actor.of(w.robin), at=at(12))
    set_clock(at(18))
    assert timing.approval_for(w.engagement, at(11)) == w.approval
    booked = timing.book(
        w.engagement,
        approval=timing.approval_for(w.engagement, at(11)),
        person=w.ana,
        started_at=at(11),
        stopped_at=at(11.5),
        text="Captures",
        by=Actor.of(w.ana),
        at=at(18),
    )
    assert booked.billed_minutes == 30


def test_the_first_of_two_is_used_up_before_the_second(w):
    set_clock(at(12))
    further = signed(offered(w.engagement, w.robin, when=at(12)), w.robin, at(12))
    set_clock(at(18))
    assert timing.approval_for(w.engagement, at(11)) == w.approval
    assert timing.approval_for(w.engagement, at(13)) == w.approval
    entry(w, at(10), at(14)).save()
    assert timing.approval_for(w.engagement, at(15)) == further
    assert timing.approval_for(w.engagement, at(11)) == w.approval  # whose verb says that it is used up


def test_work_goes_where_it_fits_as_a_whole(w):
    set_clock(at(10))
    further = signed(offered(w.engagement, w.robin, when=at(10), cap=600), w.robin, at(10))
    set_clock(at(23))
    entry(w, at(10), at(13)).save()  # of the four hours of the first
    assert timing.approval_for(w.engagement, at(13), at(14)) == w.approval
    assert timing.approval_for(w.engagement, at(13), at(16)) == further
    assert (
        timing.approval_for(w.engagement, at(11), at(22.5)) == further
    )  # no room for all of it: the most there is


def test_nothing_is_kept_as_unapproved_without_being_told(w):
    with pytest.raises(Refused, match="began before it was approved"):
        timing.book(
            w.engagement,
            approval=timing.approval_for(w.engagement, at(9)),
            person=w.ana,
            started_at=at(9),
            stopped_at=at(9.5),
            text="Captures",
            by=Actor.of(w.ana),
            at=at(18),
        )
    assert not TimeEntry.objects.exists()

"""Time that is entered later falls under the approval that was in force when the work began."""

import pytest

from billing import answering, engaging, timing
from billing.models import TimeEntry
from billing.shown import standing
from support.actors import Actor
from support.refusal import Refused
from tests.attacks import refused
from tests.billing.billing_cases import at, entry, offered, set_clock, signed, world
from tests.factories import TESTS
from tests.ground import standing_on

pytestmark = pytest.mark.django_db


w = standing_on(world)


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


def cheaper(w, hour):
    """A second approval, of twenty hours at $100.00, while the first runs on."""
    card = w.contract.rate.card
    card.hourly_rate = "100.00"
    card.by(TESTS).save()
    set_clock(at(hour))
    return signed(offered(w.engagement, w.robin, when=at(hour), cap=1200), w.robin, at(hour))


def test_each_approval_is_worth_its_own_rate(w):
    cheaper(w, 10.5)
    set_clock(at(18))
    entry(w, at(11), at(11.25)).save()
    stands = standing(w.engagement, w.ana, at(18))
    assert (stands.approved, stands.used) == ("24 h", "15 min")
    assert stands.money == ("$3,000.00", "$62.50", "$2,937.50")


def test_the_timer_starts_under_what_an_entry_by_hand_would_take_and_says_so(client, w):
    second = cheaper(w, 10.5)
    set_clock(at(18))
    stands = standing(w.engagement, w.ana, at(18))
    assert stands.in_force == w.approval == timing.approval_for(w.engagement, at(17), at(18))
    assert stands.under == "offer 1 at $250.00 an hour, 4 h under its cap"
    entry(w, at(11), at(14.5)).save()
    stands = standing(w.engagement, w.ana, at(18))
    assert stands.in_force == second == timing.approval_for(w.engagement, at(17), at(18))
    assert stands.under == "offer 2 at $100.00 an hour, 20 h under its cap"


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


def book(w, start, stop, **fields):
    fields = {"approval": w.approval, "person": w.ana, "text": "Captures", "by": TESTS, **fields}
    return timing.book(w.engagement, started_at=at(start), stopped_at=at(stop), at=at(18), **fields)


def finish(w, hour):
    set_clock(at(hour))
    engaging.finish(w.engagement, by=TESTS, at=at(hour))
    set_clock(at(18))


@pytest.mark.parametrize(
    "end", [engaging.finish, lambda *args, **who: engaging.withdraw(*args, reason="No", **who)]
)
def test_no_work_begins_on_an_engagement_that_has_ended(w, end):
    set_clock(at(12))
    end(w.engagement, by=TESTS, at=at(12))
    set_clock(at(18))
    for approval in [w.approval, None]:
        with pytest.raises(Refused, match="had ended when this work began") as said:
            book(w, 12, 13, approval=approval)
        assert said.value.field == "started_at"
    assert book(w, 11, 12).billed_minutes == 60


def test_the_database_takes_no_work_after_the_end_either(w):
    finish(w, 12)
    for fields in [{}, {"approval": None, "offer": None, "billed": 0}]:
        with refused("work_begins_before_the_end"):
            entry(w, at(12), at(13), **fields).save()
    entry(w, at(11), at(12), piece="00000000-0000-0000-0000-00000000000b").save()


def test_work_that_began_before_the_end_is_booked_with_all_its_parts(w):
    finish(w, 12)
    booked = book(w, 11, 17)  # the cap is reached at three
    assert (booked.billed_minutes, booked.unapproved_minutes) == (240, 120)


def test_what_was_booked_before_the_end_is_moved_no_later_but_can_be_cancelled(w):
    [row] = book(w, 11, 12).entries
    finish(w, 11)
    facts = {"text": "Captures", "reason": "Wrong.", "by": TESTS, "at": at(18)}
    with pytest.raises(Refused, match="had ended when this work began"):
        timing.correct(row, started_at=at(13), stopped_at=at(14), **facts)
    timing.cancel(row, reason="Wrong.", by=TESTS, at=at(18))
    assert TimeEntry.objects.live().get().raw_minutes == 0

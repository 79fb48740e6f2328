"""Which approval a visit on site goes under."""

import pytest

from billing import late_work, months, timing
from support.actors import Actor
from support.refusal import Refused
from tests.billing.billing_cases import at, offered, set_clock, signed
from tests.billing.surcharge_cases import surcharged
from tests.billing.test_late_work import NOW, OCTOBER, late, used_up
from tests.billing.test_surcharged_time import booked
from tests.factories import TESTS

pytestmark = pytest.mark.django_db


def test_a_visit_goes_under_the_approval_that_has_one_left(clock):
    w = surcharged(on_site="visit", amount="90.00", visits=1)
    booked(w, 10, 11, on_site=True)
    set_clock(at(11))
    further = signed(offered(w.engagement, w.robin, when=at(11), cap=60, visits=1), w.robin, at(11.5))
    set_clock(at(18, day=15))
    found = {
        there: timing.approval_for(w.engagement, at(12), at(12.5), on_site=there) for there in (True, False)
    }
    assert found == {True: further, False: w.approval}
    booked(w, 12, 12.5, approval=further, on_site=True)
    assert (
        timing.approval_for(w.engagement, at(13), at(13.5), on_site=True) == w.approval
    )  # which says what is wrong
    with pytest.raises(Refused, match="A fixed price has no surcharge"):
        timing.approval_for(w.engagement, at(13), at(13.5), on_site=True, fixed=True)
    set_clock(None)


def test_where_visits_are_left_and_no_time_it_says_so(clock):
    w = surcharged(on_site="visit", amount="90.00", visits=2)
    set_clock(at(11))
    signed(offered(w.engagement, w.robin, when=at(11), cap=60), w.robin, at(11.5))
    set_clock(at(18, day=15))
    booked(w, 12, 16)
    with pytest.raises(Refused, match="both a visit on site and time left"):
        timing.approval_for(w.engagement, at(16), at(16.5), on_site=True)
    assert timing.approval_for(w.engagement, at(16), at(16.5)).offer.visits == 0
    set_clock(None)


def test_late_work_whose_visit_has_no_time_is_booked_without_it(clock):
    w = surcharged(on_site="visit", amount="90.00", visits=1, cap=60)
    further = signed(offered(w.engagement, w.robin, when=at(18, day=15), cap=120), w.robin, at(18, day=15))
    kept = late(w, start=24 + 19, stop=24 + 20, on_site=True)
    used_up(w)
    when = at(9, day=2, month=11)
    with pytest.raises(Refused, match="book it without a visit, or as unapproved"):
        late_work.take_in(kept, by=TESTS, at=when)
    [part] = late_work.take_in(kept, how=late_work.How.WITHOUT_VISIT, by=TESTS, at=when).entries
    assert (part.approval, part.billed_minutes, part.visit) == (further, 60, False)
    set_clock(None)


def test_late_work_goes_where_a_visit_is_left(clock):
    w = surcharged(on_site="visit", amount="90.00", visits=1, cap=240)
    set_clock(at(18, day=15))
    further = signed(offered(w.engagement, w.robin, when=at(18, day=15), visits=1), w.robin, at(18, day=15))
    kept = late(w, start=24 + 19, stop=24 + 20, on_site=True)
    november = {"started_at": at(8, day=2, month=11), "stopped_at": NOW, "text": "x", "by": TESTS, "at": NOW}
    timing.book(w.engagement, approval=w.approval, person=w.max, on_site=True, **november)  # takes its visit
    months.reopen(w.entity, OCTOBER, reason="Late.", by=Actor.of(w.max), at=NOW)
    [booked] = late_work.take_in(kept, by=TESTS, at=NOW).entries
    assert (booked.approval, booked.visit) == (further, True)
    set_clock(None)

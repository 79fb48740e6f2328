"""Why time is not billed, told apart by what was so as it began: over the cap, after the end, said so, without a yes."""

from billing import answering, timing, unapproved
from billing.unapproved import Why
from support.actors import Actor
from tests.billing.billing_cases import UNAPPROVED, at, entry, offered, set_clock, signed, world
from tests.billing.fixed_cases import fixed
from tests.factories import TESTS
from tests.ground import standing_on

w = standing_on(world)


def book(w, start, stop, approval, person=None, **fields):
    person = person or w.ana
    fields = {"text": "Routing", "by": Actor.of(person), "at": at(18, day=15), **fields}
    return timing.book(
        w.engagement, approval=approval, person=person, started_at=start, stopped_at=stop, **fields
    )


def whys(w):
    rows = unapproved.unapproved(w.entity).order_by("started_at", "pk")
    return [(row.raw_minutes, Why(row.why)) for row in rows]


def test_what_was_said_not_to_be_billable_did_not_go_over_a_cap_with_room(w):
    book(w, at(11), at(12), None)
    assert whys(w) == [(60, Why.SAID)]
    book(w, at(12), at(16), w.approval)
    assert whys(w) == [(60, Why.SAID)], "the cap was reached later"


def test_before_the_yes_there_was_none(w):
    book(w, at(8.5), at(9), None)
    assert whys(w) == [(30, Why.NONE)]


def test_what_had_no_room_went_over_the_cap(w):
    book(w, at(12), at(17), w.approval)
    book(w, at(11), at(11.5), None)
    assert whys(w) == [(30, Why.OVER), (60, Why.OVER)]


def test_room_that_is_freed_later_does_not_change_what_was_so(w):
    [first] = book(w, at(12), at(16), w.approval).entries
    book(w, at(16), at(17), None)
    timing.cancel(first, reason="Wrong customer.", by=TESTS, at=at(18))
    assert whys(w) == [(60, Why.OVER)]
    book(w, at(17), at(17.5), None)
    assert whys(w) == [(60, Why.OVER), (30, Why.SAID)]


def test_a_correction_that_gives_its_room_back_is_not_over_the_cap(w):
    [first] = book(w, at(12), at(16), w.approval).entries
    again = {"text": "Again", "reason": "A favour.", "by": TESTS, "at": at(18)}
    timing.correct(first, started_at=at(12), stopped_at=at(16), billable=False, **again)
    assert whys(w) == [(240, Why.SAID)]


def test_a_timer_whose_room_somebody_else_took_went_over_the_cap(w):
    timer = timing.start_timer(w.approval, person=w.max, at=at(18))
    book(w, at(12), at(16), w.approval)
    set_clock(at(19))
    timing.stop_timer(timer, by=Actor.of(w.max), at=at(19))
    assert whys(w) == [(60, Why.OVER)]


def test_after_a_withdrawal_the_approval_had_ended(w):
    timer = timing.start_timer(w.approval, person=w.ana, at=at(18))
    set_clock(at(19))
    answering.withdraw_approval(w.approval, reason="Stop.", by=Actor.of(w.max), at=at(19))
    set_clock(at(20))
    timing.stop_timer(timer, by=Actor.of(w.ana), at=at(20))
    set_clock(at(21))
    book(w, at(20), at(21), None, at=at(21))
    assert whys(w) == [(60, Why.ENDED), (60, Why.ENDED)]


def test_it_had_run_out(clock):
    w = world(work_until=at(0, day=22))
    set_clock(at(18, day=22))
    book(w, at(12, day=22), at(13, day=22), None, at=at(18, day=22))
    assert whys(w) == [(60, Why.ENDED)]
    set_clock(None)


def test_a_piece_goes_over_its_own_cap_though_another_offer_has_room(w):
    further = offered(w.engagement, w.robin, when=at(18))
    set_clock(at(18.5))
    signed(further, w.robin, at(18.5))
    set_clock(at(24))
    book(w, at(19), at(24), w.approval)
    book(w, at(18.5), at(19), None)
    assert whys(w) == [(30, Why.SAID), (60, Why.OVER)]


def test_under_a_fixed_price_there_is_no_cap_to_go_over(clock):
    w = fixed()
    entry(w, at(11), at(12), **UNAPPROVED).save()
    assert whys(w) == [(60, Why.SAID)]
    set_clock(None)

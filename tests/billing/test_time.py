"""Timers and entries: the gate at the start, never at the stop; corrections; months; late work (decision 9, 19)."""

from datetime import timedelta

import pytest
from django.db import connection

from billing import late_work, months, timing
from billing.models import LateWork, Month, TimeEntry, Timer
from support.actors import Actor
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.billing_cases import at, entry, offered, rate_card, requested, set_clock, world
from tests.factories import LegalEntityFactory, UserFactory

OCTOBER = at(0, day=1).date()


def booked(result):
    return [(row.raw_minutes, row.billed_minutes, row.approval_id is not None) for row in result.entries]


def book(w, start, stop, **fields):
    fields = {"approval": w.approval, "person": w.ana, "text": "Routing", "by": Actor.of(w.ana), **fields}
    return timing.book(
        w.engagement, started_at=start, stopped_at=stop, at=fields.pop("now", at(18)), **fields
    )


def stop(w, when):
    set_clock(when)
    return timing.stop_timer(w.ana.timer, by=Actor.of(w.ana), at=when)


def test_a_timer_bills_what_was_worked_rounded_up(w):
    timing.start_timer(w.approval, person=w.ana, text="Captures", at=at(18))
    [row] = stop(w, at(18.6)).entries
    assert (row.raw_minutes, row.billed_minutes, row.text) == (36, 45, "Captures")
    assert row.basis == "36 min, rounded up to 45: steps of 15 min over the whole piece of work"
    assert w.ticket.events.latest("seq").kind == "time.booked"
    assert w.ticket.events.latest("seq").facts == {"ids": [row.pk]}
    assert not Timer.objects.exists()


@pytest.mark.parametrize(
    ("card", "cap", "billed", "why"),
    [
        ({"minimum": 60}, 240, 60, "at least 60 min for the whole piece of work"),
        ({"minimum": 60, "increment": 1}, 240, 60, "at least 60 min for the whole piece of work"),
        ({"minimum": 20}, 240, 30, "steps of 15 min over the whole piece of work"),
        ({}, 20, 20, "all that was left under the cap"),
        ({"minimum": 60}, 20, 20, "all that was left under the cap"),
    ],
)
def test_the_basis_names_the_rule_that_was_applied(clock, card, cap, billed, why):
    w = world(card=rate_card(**card), cap=cap)
    [row] = book(w, at(11), at(11) + timedelta(minutes=17)).entries
    assert (row.billed_minutes, row.basis) == (billed, f"17 min, rounded up to {billed}: {why}")


def test_a_timer_stops_at_the_cap_and_keeps_the_rest(w):
    timing.start_timer(w.approval, person=w.ana, at=at(18))
    assert booked(stop(w, at(24))) == [(240, 240, True), (120, 0, False)]
    assert TimeEntry.objects.latest("pk").basis == "120 min, not approved: the cap was reached"
    with pytest.raises(Refused, match="used up"):
        timing.start_timer(w.approval, person=w.ana, at=at(24))


def test_a_timer_needs_an_approval_in_force_and_no_other_timer(w):
    timing.start_timer(w.approval, person=w.ana, at=at(18))
    with pytest.raises(Refused, match="timer of yours is running"):
        timing.start_timer(w.approval, person=w.ana, at=at(18))
    set_clock(w.offer.work_until)
    with pytest.raises(Refused, match="not in force"):
        timing.start_timer(w.approval, person=w.max, at=at(18))
    with pytest.raises(Refused, match="Only people of the desk"):
        timing.start_timer(w.approval, person=UserFactory(kind="customer"), at=at(18))


def test_a_timer_over_the_end_of_the_month_is_two_parts_rounded_once(w):
    set_clock(at(23.5, day=31))
    timing.start_timer(w.approval, person=w.ana, at=at(23.5, day=31))
    rows = stop(w, at(0.1, day=1, month=11)).entries
    assert [(row.raw_minutes, row.billed_minutes) for row in rows] == [(30, 30), (6, 15)]
    assert rows[0].piece == rows[1].piece
    assert list(Month.objects.order_by("month").values_list("month", flat=True)) == [
        OCTOBER,
        OCTOBER.replace(month=11),
    ]


def test_the_month_is_that_of_the_companys_zone(clock):
    w = world(entity=LegalEntityFactory(time_zone="America/Denver"))
    set_clock(at(5, day=1, month=11))
    timing.start_timer(w.approval, person=w.ana, at=at(5, day=1, month=11))
    assert len(stop(w, at(5.5, day=1, month=11)).entries) == 1  # still October in Denver
    assert Month.objects.get().month == OCTOBER
    set_clock(None)


def test_stopping_twice_stops_once_and_a_frozen_clock_books_nothing(w):
    timer = timing.start_timer(w.approval, person=w.ana, at=at(18))
    assert stop(w, at(18)).entries == []
    with pytest.raises(Refused, match="stopped already"):
        timing.stop_timer(timer, by=Actor.of(w.ana), at=at(18))


def test_while_a_timer_runs_nothing_else_of_that_time_is_booked(w):
    timing.start_timer(w.approval, person=w.ana, at=at(18))
    set_clock(at(20))
    with pytest.raises(Refused, match="A timer runs over this time"):
        book(w, at(17.5), at(19), now=at(20))
    assert booked(book(w, at(17), at(18), now=at(20))) == [(60, 60, True)]
    assert booked(stop(w, at(20))) == [(120, 120, True)]


def test_work_in_a_closed_month_stops_all_the_same_and_waits_on_the_list(w):
    timing.start_timer(w.approval, person=w.ana, text="Late", at=at(18))
    months.close(w.entity, OCTOBER, early=True, by=Actor.of(w.fin), at=at(18))
    result = stop(w, at(19))
    assert (result.entries, result.late.why) == ([], "October 2026 is closed.")
    assert book(w, at(11), at(12), now=at(19)).late is not None
    assert LateWork.objects.waiting().count() == 2
    with pytest.raises(Refused, match="October 2026 is closed"):
        late_work.take_in(result.late, by=Actor.of(w.fin), at=at(19))
    months.reopen(w.entity, OCTOBER, reason="Ana was ill.", by=Actor.of(w.max), at=at(19))
    assert booked(late_work.take_in(result.late, by=Actor.of(w.fin), at=at(19))) == [(60, 60, True)]
    assert LateWork.objects.waiting().count() == 1
    with pytest.raises(Refused, match="booked already"):
        late_work.take_in(result.late, by=Actor.of(w.fin), at=at(19))


def test_only_finance_closes_and_only_a_manager_reopens(w):
    with pytest.raises(Refused, match="Only finance"):
        months.close(w.entity, OCTOBER, early=True, by=Actor.of(w.ana), at=at(18))
    months.close(w.entity, OCTOBER, early=True, by=Actor.of(w.fin), at=at(18))
    assert months.is_closed(w.entity, OCTOBER)
    with pytest.raises(Refused, match="closed already"):
        months.close(w.entity, OCTOBER, early=True, by=Actor.of(w.fin), at=at(18))
    with pytest.raises(Refused, match="Only a support manager"):
        months.reopen(w.entity, OCTOBER, reason="x", by=Actor.of(w.fin), at=at(18))
    with refused("reopened_with_a_reason"):
        run(
            "INSERT INTO billing_monthmove (legal_entity_id, month, what, reason, actor_kind, actor_name) "
            "VALUES (%s, %s, 'reopened', '', 'staff', 'x')",
            w.entity.pk,
            OCTOBER,
        )


def test_a_closed_month_takes_no_new_and_no_changed_entry(w):
    old = entry(w, at(11), at(12))
    old.save()
    months.close(w.entity, OCTOBER, early=True, by=Actor.of(w.fin), at=at(18))
    with refused("month_is_open"):
        entry(w, at(12), at(13)).save()
    with refused("month_is_open"):
        TimeEntry.objects.filter(pk=old.pk).update(superseded_by=99)
    with pytest.raises(Refused, match="is closed"):
        timing.cancel(old, reason="x", by=Actor.of(w.ana), at=at(18))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (at(11), at(11.1), [(6, 15, True)]),
        (at(12), at(17), [(240, 240, True), (60, 0, False)]),
    ],
)
def test_an_entry_by_hand(w, start, end, expected):
    assert booked(book(w, start, end)) == expected


def test_an_entry_that_cannot_be_is_refused(w):
    for start, end, fields, sentence in [
        (at(9.5), at(11), {}, "before it was approved"),
        (at(11), at(11), {}, "ends before it begins"),
        (at(17), at(19), {}, "booked ahead"),
        (at(11), at(12), {"text": " "}, "Say what was done"),
    ]:
        with pytest.raises(Refused, match=sentence):
            book(w, start, end, **fields)


def test_without_an_approval_it_is_kept_and_bills_nothing(w):
    assert booked(book(w, at(8), at(9), approval=None)) == [(60, 0, False)]
    with pytest.raises(Refused, match="in that interval already"):
        book(w, at(8.5), at(9.5), approval=None)


def test_a_later_approval_never_makes_earlier_minutes_billable(w):
    engagement = requested(w.contract, ticket=w.ticket)
    offered(engagement, w.robin, when=at(18), answer_by=at(20))
    rows = timing.book(
        engagement,
        approval=None,
        person=w.max,
        started_at=at(16),
        stopped_at=at(17),
        text="Early",
        by=Actor.of(w.max),
        at=at(18),
    ).entries
    assert booked(timing.Booked(rows, None)) == [(60, 0, False)]
    with pytest.raises(Refused, match="No approval was in force"):
        timing.correct(
            book(w, at(11), at(12)).entries[0],
            started_at=at(9),
            stopped_at=at(10),
            text="x",
            reason="x",
            by=Actor.of(w.max),
            at=at(18),
        )


def correct(w, row, start, end, **fields):
    fields = {"text": "Corrected", "reason": "Typed wrong.", "by": Actor.of(w.ana), "at": at(18), **fields}
    return timing.correct(row, started_at=start, stopped_at=end, **fields)


def test_a_correction_stands_in_the_place_of_the_whole_piece(w):
    rows = book(w, at(12), at(17)).entries
    new = correct(w, rows[1], at(12), at(13))
    connection.check_constraints()
    assert booked(new) == [(60, 60, True)]
    assert TimeEntry.objects.live().get() == new.entries[0]
    w.approval.balance.refresh_from_db()
    assert w.approval.balance.used == 60
    with pytest.raises(Refused, match="corrected already"):
        correct(w, rows[0], at(12), at(13))


def test_a_correction_may_use_the_room_that_it_frees(w):
    [row] = book(w, at(12), at(16)).entries
    assert booked(correct(w, row, at(13), at(17))) == [(240, 240, True)]
    [row] = TimeEntry.objects.live()
    assert booked(correct(w, row, at(13), at(17), billable=False)) == [(240, 0, False)]
    w.approval.balance.refresh_from_db()
    assert w.approval.balance.used == 0


def test_a_mistake_is_cancelled_and_its_time_is_free_again(w):
    [row] = book(w, at(12), at(13)).entries
    [gone] = timing.cancel(row, reason="Wrong customer.", by=Actor.of(w.ana), at=at(18)).entries
    connection.check_constraints()
    assert (gone.raw_minutes, gone.billed_minutes, gone.correction) == (0, 0, "Wrong customer.")
    assert booked(book(w, at(12), at(13))) == [(60, 60, True)]
    with pytest.raises(Refused, match="Write down why"):
        timing.cancel(gone, reason="", by=Actor.of(w.ana), at=at(18))


@pytest.mark.parametrize(
    ("increment", "billed"), [(1, 28), (15, 60)], ids=["one minute: 28", "fifteen up: 4 × 15"]
)
def test_four_entries_of_seven_minutes(clock, increment, billed):
    from tests.billing.billing_cases import rate_card

    w = world(card=rate_card(increment=increment))
    for n in range(4):
        book(w, at(11 + n), at(11 + n + 7 / 60))
    w.approval.balance.refresh_from_db()
    assert w.approval.balance.used == billed
    set_clock(None)

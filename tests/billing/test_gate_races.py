"""Sixteen at once on one approval, withdrawals meanwhile, yes and no together: each with a control without the guard."""

import time
from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import Sum

from billing import answering, months, timing
from billing.models import Approval, ApprovalBalance, ApprovalEnd, LateWork, OfferEnd, TimeEntry, Timer
from support.actors import Actor
from support.refusal import Refused
from tests.attacks import run
from tests.billing.at_once import at_once, both, take_off
from tests.billing.billing_cases import at, entered, entry, offered, requested, set_clock, signed, world
from tests.factories import TESTS, UserFactory


@both
def test_sixteen_people_on_one_cap(own_database, guarded):
    """Each books 4 × 60 minutes on a cap of 240. The control sums first, then writes."""
    w = world()
    people = [UserFactory() for _ in range(16)]
    if not guarded:
        take_off(("billing_timeentry", "guard"))

    def book(i):
        for n in range(4):
            try:
                with transaction.atomic():
                    live = TimeEntry.objects.approved().filter(approval=w.approval)
                    used = live.aggregate(minutes=Sum("billed_minutes"))["minutes"] or 0
                    if guarded or used + 60 <= 240:
                        entry(w, at(10 + n), at(11 + n), person=people[i]).save()
            except DatabaseError as error:
                assert "used_within_cap" in str(error)

    at_once(16, book, clock=at(18))
    booked = TimeEntry.objects.aggregate(minutes=Sum("billed_minutes"))["minutes"]
    assert booked == ApprovalBalance.objects.get().used == 240 if guarded else booked > 240


@both
def test_nothing_is_booked_past_a_withdrawal(own_database, guarded):
    """On the real clock: entries that end now, against a withdrawal now."""
    w = world()
    set_clock(None)
    people = [UserFactory() for _ in range(8)]
    if not guarded:
        take_off(("billing_timeentry", "guard"))
    past = 0
    for _ in range(2 if guarded else 3):
        approval = _approved_now(w)

        def act(i, approval=approval):
            return _withdraw(approval) if i == 0 else _book_on(w, approval, people[i])

        at_once(8, act)
        past += TimeEntry.objects.filter(approval=approval, stopped_at__gt=approval.end.ended_at).count()
    assert (past == 0) is guarded


def _approved_now(w):
    [(now,)] = run("SELECT clock_timestamp()")
    engagement = requested(w.contract, ticket=w.ticket)
    day = timedelta(days=1)
    offer = offered(engagement, w.robin, when=now, cap=9999, answer_by=now + day, work_until=now + 2 * day)
    offer.engagement = engagement
    w.robin.approves_up_to = 10**6
    w.robin.by(TESTS).save()
    return signed(offer, w.robin, now)


def _withdraw(approval):
    time.sleep(0.03)
    while True:  # without the guard the withdrawal itself may notice, and is tried again
        try:
            end = ApprovalEnd(approval_id=approval.pk, why="withdrawn")
            return end.save(force_insert=True)
        except DatabaseError as error:
            assert "set back" in str(error)


def _book_on(w, approval, person):
    last = approval.decided_at
    for turn in range(25):
        [(now,)] = run("SELECT clock_timestamp()")
        try:
            with transaction.atomic():
                row = entry(w, last, now, billed=0, person=person, approval=approval, offer=approval.offer)
                row.engagement, row.raw_minutes = approval.engagement, 0
                row.save()
                time.sleep(0.002 * (turn % 3))
        except DatabaseError as error:
            assert "No approval was in force" in str(error)
            return
        last = now


@both
def test_yes_and_no_at_once_are_one_answer(own_database, guarded):
    w = world()
    offer = offered(requested(w.contract, ticket=w.ticket), w.robin, when=at(18), answer_by=at(20))
    if not guarded:
        take_off(("billing_approval", "guard"), ("billing_offerend", "guard"))
    code = entered(offer.invitations.get(), at(18))
    run(
        "INSERT INTO billing_signature (offer_id, contact_id, contact_name, contact_email, typed_name, sentence, sha256, "
        "how, code_id, agent) VALUES (%s, %s, '', '', 'Robin', %s, %s, 'code', %s, '')",
        *[offer.pk, w.robin.pk, offer.sentence, bytes(offer.sha256), code.pk],
    )

    def act(i):
        try:
            if i:
                Approval(offer=offer, engagement=offer.engagement).save(force_insert=True)
            else:
                OfferEnd(offer=offer, why="withdrawn").save(force_insert=True)
            return True
        except DatabaseError as error:
            assert "has been decided" in str(error)
            return False

    assert sum(at_once(2, act, clock=at(18))) == (1 if guarded else 2)


def test_approve_and_decline_by_their_verbs_at_once(own_database):
    w = world()
    offer = offered(requested(w.contract, ticket=w.ticket), w.robin, when=at(18), answer_by=at(20))
    code = entered(offer.invitations.get(), at(18))
    shown = bytes(offer.sha256).hex()

    def act(i):
        try:
            if i % 2:
                return answering.decline(code, reason="No.", at=at(18))
            return answering.approve(code, typed_name="Robin", shown_sha256=shown, at=at(18))
        except Refused as refused:
            assert "already" in refused.sentence

    assert len([answer for answer in at_once(6, act, clock=at(18)) if answer]) == 1
    offer.refresh_from_db()
    assert hasattr(offer, "approval") is not hasattr(offer, "end")


def test_timers_stopped_at_once_with_a_withdrawal_all_stop(own_database):
    """Twelve timers of an hour on 240 minutes: 240 are billed at most, the rest is kept, and nobody gets an error."""
    w = world()
    people = [UserFactory() for _ in range(12)]
    set_clock(at(18))
    timers = [timing.start_timer(w.approval, person=person, at=at(18)) for person in people]

    def act(i):
        if i == 12:
            answering.withdraw_approval(w.approval, reason="Enough.", by=TESTS, at=at(19))
            return 0
        timer = Timer.objects.get(pk=timers[i].pk)
        return len(timing.stop_timer(timer, by=Actor.of(people[i]), at=at(19)).entries)

    results = at_once(13, act, clock=at(19))
    assert all(results[:12])
    assert (Timer.objects.count(), LateWork.objects.count()) == (0, 0)
    assert TimeEntry.objects.aggregate(minutes=Sum("billed_minutes"))["minutes"] == 240
    assert TimeEntry.objects.aggregate(minutes=Sum("raw_minutes"))["minutes"] == 12 * 60


@both
def test_a_month_that_closes_waits_for_bookings_in_the_air(own_database, guarded):
    w = world(cap=1000)
    people = [UserFactory() for _ in range(8)]
    if not guarded:
        take_off(("billing_timeentry", "guard"))

    def act(i):
        if i == 0:
            time.sleep(0.05)
            months.close(w.entity, at(0).date(), early=True, by=Actor.of(w.fin), at=at(18))
            return 0
        booked = 0
        for minute in range(40):
            start = at(10) + timedelta(minutes=minute)
            try:
                entry(w, start, start + timedelta(minutes=1), person=people[i]).save()
                booked += 1
            except DatabaseError as error:
                assert "is closed" in str(error)
                return booked
        return booked

    booked = at_once(8, act, clock=at(18))
    assert sum(booked) == TimeEntry.objects.count()
    try:
        entry(w, at(15), at(16)).save()
        late = True
    except DatabaseError:
        late = False
    assert late is not guarded
    connection.close()

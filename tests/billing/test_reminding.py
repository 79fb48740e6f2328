"""Approved time that runs out and offers that nobody answers: said once each, to both sides, and never a yes."""

from datetime import timedelta

import pytest

from billing import answering, delivering, engaging, expiring, offering, reminding
from billing.models import Approval, OfferEnd
from support.actors import Actor
from support.models import Mail
from tests.billing.billing_cases import at, entered, entry, offered, requested, set_clock, signed, world, yes
from tests.billing.fixed_cases import at_a_price
from tests.factories import TESTS
from tests.ground import standing_on


@standing_on
def w():
    """100 minutes are approved."""
    return world(cap=100)


def keys(start):
    return sorted(Mail.objects.filter(key__startswith=start).values_list("key", flat=True))


def worked(w, minutes, hour=11):
    entry(w, at(hour), at(hour) + timedelta(minutes=minutes)).save()


@pytest.mark.parametrize(
    ("minutes", "share"), [((74,), None), ((75,), 75), ((99,), 75), ((100,), 100), ((60, 40), 100)]
)
def test_both_sides_are_told_what_is_used(w, minutes, share):
    for hour, part in enumerate(minutes, 11):
        worked(w, part, hour)
    reminding.run()
    told = keys("used:")
    if share is None:
        assert told == []
        return
    assert told == [f"used:{w.approval.pk}:{share}:customer", f"used:{w.approval.pk}:{share}:desk"]
    mail = Mail.objects.get(key=told[0])
    assert mail.to == [w.robin.email]
    assert "of 1 hour 40 minutes, $" in mail.text
    assert ("We stop here" in mail.text) is (share == 100)


def test_it_is_said_once_and_again_at_the_next_share(w):
    worked(w, 75)
    assert [reminding.run(), reminding.run()] == [1, 0]
    worked(w, 25, hour=14)
    assert [reminding.run(), reminding.run()] == [1, 0]
    assert len(keys("used:")) == 4


@pytest.mark.parametrize("cap", [61, 81, 101])
def test_a_share_between_two_minutes_keeps_nobody_from_being_told(w, asked, cap):
    """Three quarters of 61 minutes are 45.75: 45 are less, and other customers are told all the same."""
    other = world(cap=cap)
    entry(other, at(11), at(11) + timedelta(minutes=cap * 3 // 4)).save()
    set_clock(at(19, day=16))
    assert reminding.run() == 1
    assert keys("reminder:")
    assert keys("used:") == []


def told_of():
    reminding.run()
    return Mail.objects.filter(key__startswith="used:").latest("pk")


@pytest.mark.parametrize(("minutes", "left"), [(80, "Left of it: 20 minutes. "), (100, "")])
def test_what_else_was_approved_is_named_and_nobody_says_that_we_stop(w, minutes, left):
    worked(w, minutes)
    set_clock(at(18))
    further = offered(w.engagement, w.robin, Actor.of(w.ana), cap=240, when=at(18))
    signed(further, w.robin, at(18))
    mail = told_of()
    assert (
        f"{left}Left of what else was approved for this work: 4 hours. When nothing is left we stop"
        in mail.text
    )
    assert "We stop here" not in mail.text
    assert ("75 % or more of the time of offer 1" if left else "is used up") in mail.subject


def test_beside_a_fixed_price_work_goes_on_and_costs_nothing_by_the_hour(w):
    worked(w, 100)
    set_clock(at(18))
    signed(at_a_price(w), w.robin, at(18))
    mail = told_of()
    assert "No further hour is charged" in mail.text
    assert "We stop here" not in mail.text


def test_beside_a_fixed_price_nobody_says_at_three_quarters_that_we_stop(w):
    worked(w, 80)
    set_clock(at(18))
    signed(at_a_price(w), w.robin, at(18))
    text = told_of().text
    assert "When nothing is left no further hour is charged" in text
    assert "we stop" not in text


def test_a_fixed_price_that_was_delivered_lets_nothing_go_on(w):
    worked(w, 100)
    set_clock(at(18))
    approval = signed(at_a_price(w), w.robin, at(18))
    delivering.deliver(approval, text="All 40, to Robin.", by=TESTS, at=at(18))
    assert "We stop here" in told_of().text


def test_of_an_approval_that_has_ended_nothing_is_said(w):
    worked(w, 80)
    answering.withdraw_approval(w.approval, reason="Enough.", by=TESTS, at=at(18))
    assert reminding.run() == 0


@pytest.fixture
def asked(w):
    """Asked on the 14th at 18:00, to be answered by the 18th at 18:00."""
    set_clock(at(18))
    return offered(requested(w.contract, ticket=w.ticket), w.robin, when=at(18), answer_by=at(18, day=18))


def test_silence_is_answered_with_two_reminders_and_never_with_a_yes(w, asked):
    sent = []
    for day, hour in [(14, 20), (16, 17), (16, 18), (17, 17), (17, 18), (18, 17), (18, 19)]:
        set_clock(at(hour, day=day))
        reminding.run()
        sent.append(len(keys("reminder:")))
    assert sent == [0, 0, 1, 1, 2, 2, 2]
    mail = Mail.objects.get(key=keys("reminder:")[0])
    assert mail.to == [w.robin.email]
    assert "Your answer is needed" in mail.text
    assert "/offers/" not in mail.text
    expiring.run()
    assert not Approval.objects.filter(offer=asked).exists()
    assert asked.end.why == OfferEnd.Why.EXPIRED


def test_a_reminder_that_was_missed_is_not_sent_beside_the_last_one(w, asked):
    set_clock(at(12, day=18))
    assert [reminding.run(), reminding.run()] == [1, 0]
    assert keys("reminder:")[0].endswith(":last")


def test_whoever_has_answered_is_left_alone(w, asked):
    yes(entered(asked.invitations.get(), at(18)))
    set_clock(at(19, day=16))
    assert reminding.run() == 0


def test_whoever_left_the_company_is_left_alone(w, asked):
    w.robin.active = False
    w.robin.by(TESTS).save()
    set_clock(at(19, day=16))
    assert reminding.run() == 0


def test_whoever_was_asked_twice_is_reminded_once(w, asked):
    offering.invite(asked, w.robin, by=TESTS, at=at(18))
    set_clock(at(19, day=16))
    assert reminding.run() == 1
    assert len(keys("reminder:")) == 1


def test_of_work_that_is_done_nothing_is_said(w):
    worked(w, 80)
    engaging.finish(w.engagement, by=TESTS, at=at(18))
    assert reminding.run() == 0


def test_a_signer_who_left_is_not_written_to(w):
    worked(w, 80)
    w.robin.active = False
    w.robin.by(TESTS).save()
    assert [reminding.run(), reminding.run()] == [1, 0]
    mail = Mail.objects.get(key__startswith="used:")
    assert mail.key.endswith(":desk")
    assert w.robin.email not in mail.to

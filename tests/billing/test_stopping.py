"""The timer of somebody who cannot stop it: a manager stops it with a reason, the time stays the owner's."""

import pytest
from django.urls import reverse

from billing import engaging, months, stopping, timing
from billing.models import LateWork, StoppedTimer, TimeEntry, Timer
from support.actors import Actor
from support.refusal import Refused
from support.roles import Role
from tests.attacks import refused, run
from tests.billing.at_once import at_once
from tests.billing.billing_cases import at, set_clock, somebody, world
from tests.factories import TESTS, UserFactory
from tests.ground import standing_on
from tests.support.page_cases import post

WHY = "Ana left the company."


@standing_on
def left_running():
    made = world()
    timing.start_timer(made.approval, person=made.ana, text="Captures", at=at(18))
    made.ana.is_active = False
    made.ana.by(TESTS).save()
    set_clock(at(20))
    return made


@pytest.fixture
def w(left_running, time_machine):
    time_machine.move_to(at(20), tick=False)
    return left_running


@pytest.fixture
def max(client, w):
    client.force_login(w.max)
    w.max.time_zone = "UTC"
    w.max.by(TESTS).save()
    return client


def stop(w, by=None, **fields):
    fields = {"reason": WHY, "by": Actor.of(by or w.max), "at": at(20), **fields}
    return stopping.stop_for(Timer.objects.get(), **fields)


def send(client, w, timer=None, **fields):
    timer = timer or w.ana.timer.pk
    return post(client, "billing:timer-take", w.engagement.reference, timer, **{"reason": WHY, **fields})


def attack(w, **fields):
    """A row of a stop as an attacker writes it, past the verb."""
    person, by = getattr(w, fields.get("person", "ana")), fields.get("by", "max")
    row = StoppedTimer(
        person=person,
        engagement=w.engagement,
        approval=w.approval,
        reason=fields.get("reason", WHY),
        piece="00000000-0000-0000-0000-00000000000c",
    )
    row.actor = TESTS if by == "system" else Actor.of(getattr(w, by))
    row.save(force_insert=True)


def test_the_time_is_the_owners_and_says_who_stopped_it(w):
    [row] = stop(w).entries
    assert (row.person, row.raw_minutes, row.billed_minutes, row.text) == (w.ana, 120, 120, "Captures")
    assert row.actor_name == "Max"
    stopped = StoppedTimer.objects.get()
    assert (stopped.piece, stopped.actor_name, stopped.reason) == (row.piece, "Max", WHY)
    assert (stopped.started_at, stopped.stopped_at) == (at(18), at(20))
    assert [each.kind for each in w.ticket.events.order_by("-seq")[:2]] == ["time.booked", "timer.stopped"]
    shown = TimeEntry.objects.with_who_stopped().get()
    assert (shown.stopped_by, shown.stopped_why) == ("Max", WHY)
    assert not Timer.objects.exists()


def test_then_the_engagement_can_end(w):
    with pytest.raises(Refused, match="A timer of Ana runs on it"):
        engaging.finish(w.engagement, by=Actor.of(w.max), at=at(20))
    stop(w)
    engaging.finish(w.engagement, by=Actor.of(w.max), at=at(20))


def test_what_is_known_to_be_later_than_the_work_is_not_recorded(w):
    [row] = stop(w, worked_until=at(18.5)).entries
    assert (row.stopped_at, row.raw_minutes) == (at(18.5), 30)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": " "}, "Write down why"),
        ({"worked_until": at(18)}, "started after that"),
        ({"worked_until": at(21)}, "booked ahead"),
    ],
)
def test_what_cannot_be_is_refused_and_it_runs_on(w, fields, sentence):
    with pytest.raises(Refused, match=sentence):
        stop(w, **fields)
    assert Timer.objects.exists()


def test_only_a_manager_stops_it(w):
    with pytest.raises(Refused, match="Only a support manager"):
        stop(w, by=w.fin)
    with pytest.raises(Refused, match="Only a support manager"):
        stop(w, by=w.ana)
    assert Timer.objects.exists()


def test_a_manager_does_not_stop_his_own_for_another(w):
    timing.start_timer(w.approval, person=w.max, at=at(20))
    with pytest.raises(Refused, match="Only a support manager stops the timer of somebody else"):
        stopping.stop_for(w.max.timer, reason=WHY, by=Actor.of(w.max), at=at(20))


def test_it_works_in_a_closed_month_and_twice_stops_once(w):
    months.close(w.entity, at(0, day=1).date(), early=True, by=Actor.of(w.fin), at=at(20))
    timer = Timer.objects.get()
    assert stop(w).late == LateWork.objects.get()
    assert LateWork.objects.get().person == w.ana
    with pytest.raises(Refused, match="stopped already"):
        stopping.stop_for(timer, reason=WHY, by=Actor.of(w.max), at=at(20))
    assert StoppedTimer.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"reason": ""}, "stopped_for_somebody_with_a_reason"),
        ({"person": "max"}, "a_running_timer_is_stopped"),
        ({"by": "ana"}, "stopped_by_a_manager"),
        ({"by": "fin"}, "stopped_by_a_manager"),
        ({"by": "system"}, "stopped_by_a_manager"),
    ],
)
def test_no_row_says_so_past_the_rules(w, wrong, rule):
    with refused(rule):
        attack(w, **wrong)


def test_at_the_commit_the_timer_is_gone_and_its_time_is_kept(w):
    with refused("a_stopped_timer_runs_no_more"):
        attack(w)
        run("SET CONSTRAINTS ALL IMMEDIATE")
    with refused("stopped_time_is_kept"):
        attack(w)
        run("DELETE FROM billing_timer")
        run("SET CONSTRAINTS ALL IMMEDIATE")


def test_what_was_written_stays(w):
    stop(w)
    with refused("permission denied"):
        run("UPDATE billing_stoppedtimer SET reason = 'x'")
    with refused("permission denied"):
        run("DELETE FROM billing_stoppedtimer")


def test_a_manager_stops_it_on_the_engagements_page(max, w):
    here = reverse("billing:engagement-page", args=[w.engagement.reference])
    page = max.get(here).text
    assert "A timer of Ana has run since Wed 14 Oct, 18:00." in page
    assert "disabled" in page
    assert send(max, w, worked_until="2026-10-14T19:00").url == here
    assert TimeEntry.objects.get().raw_minutes == 60
    assert f"Its timer was stopped by Max: {WHY}" in max.get(here).text


def test_words_are_missed_beside_what_was_typed(max, w):
    page = send(max, w, reason="", worked_until="2026-10-14T19:00")
    assert (page.status_code, "2026-10-14T19:00" in page.text) == (422, True)
    assert Timer.objects.exists()


def test_a_timer_that_was_stopped_meanwhile_is_refused(max, w):
    number = w.ana.timer.pk
    stop(w)
    page = send(max, w, timer=number)
    assert (page.status_code, "stopped already" in page.text) == (409, True)


def test_agents_read_of_it_and_strangers_do_not(client, w):
    bea = somebody("Bea", Role.AGENT)
    client.force_login(bea)
    page = client.get(reverse("billing:engagement-page", args=[w.engagement.reference])).text
    assert "A timer of Ana has run" in page
    assert "Stop it for Ana" not in page
    assert send(client, w).status_code == 403
    client.force_login(UserFactory(kind="customer"))
    assert send(client, w).status_code == 404
    client.force_login(w.max)
    address = reverse("billing:timer-take", args=[w.engagement.reference, w.ana.timer.pk])
    assert client.get(address).status_code == 405
    assert Timer.objects.exists()


def test_the_review_list_names_timers_that_nobody_stops(max, w):
    page = max.get(reverse("billing:time-review")).text
    assert "A timer of Ana has run since Wed 14 Oct, 18:00." in page
    stop(w)
    page = max.get(reverse("billing:time-review")).text
    assert "Timers that nobody stops" not in page
    assert "stopped by another" in page


def test_a_timer_of_ten_hours_is_named_though_its_owner_is_there(w):
    w.ana.is_active = True
    w.ana.by(TESTS).save()
    assert not stopping.forgotten(at(27.9))
    assert [timer.person for timer in stopping.forgotten(at(28))] == [w.ana]


def test_the_owner_and_a_manager_at_once_stop_it_once(own_database):
    w = world()
    timer = timing.start_timer(w.approval, person=w.ana, at=at(18))

    def act(i):
        try:
            if i % 2:
                timing.stop_timer(timer, by=Actor.of(w.ana), at=at(20))
            else:
                stopping.stop_for(timer, reason=WHY, by=Actor.of(w.max), at=at(20))
        except Refused as refusal:
            assert "stopped already" in refusal.sentence

    at_once(4, act, clock=at(20))
    [row] = TimeEntry.objects.all()
    assert row.raw_minutes == 120
    assert StoppedTimer.objects.count() == (row.actor_name == "Max")

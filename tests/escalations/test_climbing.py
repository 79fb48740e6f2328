"""What goes up by itself: past level 1 when its agreed time is over, to management by alarm, by engineering, by severity."""

import threading
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import Mock

import pytest
from django.db import connection

from escalations import climbing, ladder, levels, management, managing
from escalations.invariants import checks
from escalations.models import Escalation, LevelMove, ManagementEscalation
from support import alarms, versions
from support.actors import Actor
from support.clocks.calendar import HolidaysUnknown, NeverOpen
from support.desk import priority, working
from support.models import Alarm, Mail, Message
from tests.attacks import run
from tests.escalations.ladder_contacts import duty
from tests.escalations.level_cases import a_ticket, at_engineering
from tests.factories import ANA, ServiceVersionFactory
from tests.ground import standing_on
from tests.support.desk_cases import contract_under, raise_ticket, utc

OPENED = utc("2026-10-12 09:00")


@standing_on
def answered():
    """Answered at 09:20, so that troubleshooting is due at 10:20."""
    ticket = a_ticket("exponential-e-ucc", priority="High")
    Message.reply(ticket, "We are looking.", by=ANA, at=utc("2026-10-12 09:20"))
    return ticket


def look(clock, at):
    return climbing.climb(clock(utc(f"2026-10-12 {at}")))


@pytest.mark.django_db
def test_what_level_1_has_not_solved_in_its_time_goes_to_level_2_once(answered, clock):
    assert look(clock, "10:19") == 0
    assert look(clock, "10:21") == 1
    assert look(clock, "10:22") == 0
    move = LevelMove.objects.get()
    assert (move.old, move.new, move.actor_name) == (1, 2, "alarm")
    assert move.missed == answered.clocks.get(kind="troubleshoot").key
    levels.move(answered, 1, reason="It was solved on level 1.", by=ANA, at=utc("2026-10-12 10:30"))
    assert look(clock, "10:31") == 0


@pytest.mark.django_db
def test_what_was_diagnosed_in_time_stays(answered, clock):
    working.record(answered, working.Done.DIAGNOSED, "", by=ANA, at=utc("2026-10-12 10:00"))
    assert look(clock, "12:00") == 0


def under_an_automatic_ladder(level="Critical"):
    """As the shipped service, and a missed fix raises level 1 by itself."""
    contract, shipped = contract_under("exponential-e-ucc"), versions.latest("exponential-e-ucc")
    data = {**shipped.data, "ladder": {**shipped.data["ladder"], "automatic": ["fix"]}, "code": "automatic"}
    contract.support_service = ServiceVersionFactory(code="automatic", data=data)
    contract.save()
    return raise_ticket(contract, OPENED, priority=level)


@pytest.mark.django_db
def test_a_missed_target_raises_level_1_by_itself_once(clock):
    ticket = under_an_automatic_ladder()
    fix = ticket.clocks.get(kind="fix")
    assert look(clock, "13:59") == 0
    assert look(clock, "14:01") == 1
    assert look(clock, "14:02") == 0
    row = Escalation.objects.get()
    assert (row.level, row.missed, row.actor_name, row.ticket) == (1, fix.key, "alarm", ticket)


@pytest.mark.django_db
def test_after_the_ladder_was_left_the_next_miss_raises_it_anew(clock):
    ticket = under_an_automatic_ladder()
    assert look(clock, "14:01") == 1
    Escalation.objects.get().close(reason="It goes on.", by=ANA, at=clock(utc("2026-10-12 14:10")))
    assert look(clock, "14:11") == 0  # the same miss
    ticket.resolve(outcome="resolved", by=ANA, at=clock(utc("2026-10-12 14:20")))
    ticket.reopen(by=ANA, at=clock(utc("2026-10-12 15:00")))
    again = ticket.clocks.filter(kind="fix").order_by("-position").first()
    assert again.due_at == utc("2026-10-12 20:00")
    assert [look(clock, at) for at in ["19:59", "20:01", "20:02"]] == [0, 1, 0]
    assert Escalation.objects.order_by("position").last().missed == again.key


@pytest.mark.django_db
def test_one_who_closed_the_ladder_after_the_miss_is_not_asked_again(clock):
    ticket = under_an_automatic_ladder()
    by_hand = Escalation.escalate(
        ticket, ground="not-progressing", reason="x", by=ANA, at=clock(utc("2026-10-12 13:50"))
    )
    assert look(clock, "14:01") == 0
    by_hand.close(reason="Agreed with the customer.", by=ANA, at=clock(utc("2026-10-12 15:00")))
    assert look(clock, "15:01") == 0


@pytest.mark.django_db
def test_what_a_change_of_priority_missed_raises_a_ladder_that_was_left_before(clock):
    ticket = under_an_automatic_ladder("Low")
    by_hand = Escalation.escalate(
        ticket, ground="not-progressing", reason="x", by=ANA, at=clock(utc("2026-10-12 15:00"))
    )
    by_hand.close(reason="It goes on.", by=ANA, at=clock(utc("2026-10-12 15:30")))
    priority.assess(ticket, "Critical", by=ANA, at=clock(utc("2026-10-12 16:00")))  # its fix was due at 14:00
    assert [look(clock, at) for at in ["16:01", "16:02"]] == [1, 0]
    assert Escalation.objects.order_by("position").last().actor_name == "alarm"


@pytest.mark.django_db
@pytest.mark.parametrize("lacking", [HolidaysUnknown, NeverOpen])
def test_one_that_cannot_be_counted_stops_no_other(clock, monkeypatch, caplog, lacking):
    stuck, whole = under_an_automatic_ladder(), a_ticket("egroup-csp-advantage", priority="A")
    monkeypatch.setattr(ladder, "next_from", Mock(side_effect=lacking("not known that far")))
    assert look(clock, "14:01") == 1
    assert ManagementEscalation.objects.get().ticket == whole
    assert not Escalation.objects.exists()
    assert f"Ticket {stuck.number} does not go up by itself" in caplog.text
    monkeypatch.undo()
    assert look(clock, "14:02") == 1
    assert Escalation.objects.get().ticket == stuck


def sweep(clock, at):
    clock(utc(f"2026-10-12 {at}"))
    return alarms.sweep("escalations")


@pytest.mark.django_db
@pytest.mark.parametrize(("priority", "early", "due"), [("P1", "12:59", "13:00"), ("P2", "16:59", "17:00")])
def test_without_workaround_or_fix_it_is_at_management_after_4_and_8_hours(clock, priority, early, due):
    ticket = a_ticket(priority=priority)
    assert sweep(clock, early) == 0
    assert sweep(clock, due) == 1
    row = ManagementEscalation.objects.get()
    assert (row.ticket, row.cause, row.opened_at) == (ticket, "alarm", utc(f"2026-10-12 {due}"))
    assert Mail.objects.filter(subject__contains="Management: no workaround and no fix").count() == 1
    assert sweep(clock, "17:30") == 0
    assert not list(next(check for check in checks() if check.number == 21).breaches())


@pytest.mark.django_db
def test_what_becomes_urgent_at_engineering_goes_to_management_beside_it_once(clock, cast):
    ticket = a_ticket(priority="P3")
    at_engineering(ticket, clock)
    at = clock(utc("2026-10-12 11:00"))
    assert climbing.climb(at) == ManagementEscalation.objects.count() == 0
    priority.assess(ticket, "P1", agreed=True, by=ANA, at=at)
    assert [climbing.climb(clock(utc(f"2026-10-12 11:0{minute}"))) for minute in (1, 2)] == [1, 0]
    row = ManagementEscalation.objects.get()
    assert (row.ticket, row.cause) == (ticket, "engineering")
    assert Mail.objects.filter(key=f"management:{row.pk}").count() == 1
    managing.close(ticket, reason="Solved.", by=Actor.of(cast.max), at=clock(utc("2026-10-12 11:10")))
    assert climbing.climb(clock(utc("2026-10-12 11:11"))) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["lowered", "moved down", "resolved"])
def test_what_is_no_longer_urgent_at_engineering_once_it_is_its_turn_stays(clock, monkeypatch, what):
    ticket = a_ticket(priority="P3")
    at_engineering(ticket, clock)
    at = clock(utc("2026-10-12 11:00"))
    priority.assess(ticket, "P1", agreed=True, by=ANA, at=at)
    done = climbing._done

    def after(ticket, act):
        ticket = type(ticket).objects.get(pk=ticket.pk)
        if what == "lowered":
            priority.assess(ticket, "P3", agreed=True, by=ANA, at=at)
        elif what == "moved down":
            levels.move(ticket, 3, reason="Theirs after all.", by=ANA, at=at)
        else:
            ticket.resolve(outcome="resolved", by=ANA, at=at)
        return done(ticket, act)

    monkeypatch.setattr(climbing, "_done", after)
    assert climbing.climb(at) == 0
    assert not ManagementEscalation.objects.exists()


@pytest.mark.django_db
def test_what_is_resolved_before_its_turn_is_told_to_nobody_above(clock, monkeypatch):
    ticket, done = a_ticket("egroup-csp-advantage", priority="A"), climbing._done

    def after(found, act):
        type(ticket).objects.get(pk=ticket.pk).resolve(outcome="resolved", by=ANA, at=utc("2026-10-12 09:30"))
        return done(found, act)

    monkeypatch.setattr(climbing, "_done", after)
    assert look(clock, "09:31") == 0
    assert not ManagementEscalation.objects.exists()


@pytest.mark.django_db
def test_senior_executives_learn_of_severity_a_once_and_of_no_other(clock):
    duty(0, service="egroup-csp-advantage", duty_role="Executive on duty", email="executives@desk.example")
    a_ticket("egroup-csp-advantage", priority="B")
    assert look(clock, "09:05") == 0
    ticket = a_ticket("egroup-csp-advantage", priority="A")
    assert [look(clock, at) for at in ["09:06", "09:07"]] == [1, 0]
    row = ManagementEscalation.objects.get()
    assert (row.ticket, row.cause) == (ticket, "severity")
    mail = Mail.objects.get(key=f"management:{row.pk}")
    assert mail.to[0] == "executives@desk.example"
    assert "its severity is told to: senior executives" in mail.text


@pytest.mark.parametrize("guarded", [True, pytest.param(False, marks=pytest.mark.broken_on_purpose)])
def test_two_schedulers_at_once_open_one(own_database, monkeypatch, guarded):
    """Invariant 21. The control acts on an alarm that nobody has claimed, and without what holds its row to once."""
    ticket, barrier, at = a_ticket(priority="P1"), threading.Barrier(2), utc("2026-10-12 13:00")
    if not guarded:
        with connection.as_owner():
            run("ALTER TABLE escalations_managementescalation DISABLE TRIGGER guard")
            run(
                "ALTER TABLE escalations_managementescalation DROP CONSTRAINT escalations_managementescalation_alarm_id_key"
            )
        monkeypatch.setattr(management.outbox, "queue_all", lambda drafts: None)

    def work(_):
        connection.simulated_now = at.isoformat()
        connection.close()
        barrier.wait()
        try:
            if guarded:
                return alarms.sweep("escalations")
            management.tell([Alarm.objects.get(ticket=ticket, action="escalations.management")], at)
            return 1
        finally:
            connection.simulated_now = ""
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(work, range(2))) == (1 if guarded else 2)
    assert ManagementEscalation.objects.count() == (1 if guarded else 2)


def test_two_workers_move_a_late_ticket_once(own_database):
    connection.simulated_now = utc("2026-10-12 10:30").isoformat()
    connection.close()
    ticket, barrier, at = (
        a_ticket("exponential-e-ucc", priority="High"),
        threading.Barrier(2),
        utc("2026-10-12 10:30"),
    )
    Message.reply(ticket, "We are looking.", by=ANA, at=utc("2026-10-12 09:20"))

    def work(_):
        connection.simulated_now = at.isoformat()
        connection.close()
        barrier.wait()
        try:
            return climbing.climb(at)
        finally:
            connection.simulated_now = ""
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(work, range(2))) == 1
    assert LevelMove.objects.count() == 1
    connection.simulated_now = ""
    connection.close()

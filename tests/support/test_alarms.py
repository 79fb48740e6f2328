"""Alarms: armed with the ticket's clocks, moved with them, fired once and never early."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from support import alarms, timeline
from support.desk import priority, promising, working
from support.models import Alarm, Mail, Message, Wait
from tests.attacks import refused
from tests.factories import ANA, TESTS, UserFactory
from tests.support.desk_cases import contract_under, raise_ticket, utc

pytestmark = pytest.mark.django_db


def armed(ticket):
    """{(kind or subject, threshold): due} of what is armed, as "12 10:30"."""
    return {
        (alarm.key.split(":")[2] if alarm.threshold != "management" else "management", alarm.threshold): (
            f"{alarm.due_at:%d %H:%M}"
        )
        for alarm in ticket.alarms.armed()
    }


def a_ticket(code="exponential-e-ucc", level="High", at="2026-10-12 09:00", **fields):
    return raise_ticket(contract_under(code, **fields), utc(at), priority=level)


def test_every_clock_of_ours_has_two(clock):
    assert armed(a_ticket()) == {
        ("response", "75"): "12 09:22",
        ("response", "100"): "12 09:30",
        ("fix", "75"): "12 16:30",
        ("fix", "100"): "12 19:00",
    }


def test_three_quarters_are_counted_in_the_clocks_own_hours():
    ticket = a_ticket(level="Normal")  # 36 of 48 business hours from Monday 10:00 London
    assert armed(ticket)["fix", "75"] == "16 11:00"  # 7.5 h on Monday, 8.5 a day since: Friday noon in London


def test_they_go_with_their_clock(clock):
    ticket = a_ticket()
    Message.reply(ticket, "Looking.", by=ANA, at=utc("2026-10-12 09:10"))
    assert set(armed(ticket)) == {
        ("troubleshoot", "75"),
        ("troubleshoot", "100"),
        ("fix", "75"),
        ("fix", "100"),
    }
    wait = Wait.begin(ticket, reason="customer", by=TESTS, at=utc("2026-10-12 10:00"))
    assert ("fix", "75") not in armed(ticket)
    wait.end(by=TESTS, at=utc("2026-10-12 12:00"))
    assert armed(ticket)["fix", "100"] == "12 21:00"
    ticket.resolve(outcome="resolved", by=TESTS, at=utc("2026-10-12 12:30"))
    assert armed(ticket) == {}


def test_nobody_is_told_of_what_the_customer_owes_and_of_what_is_not_judged():
    ticket = a_ticket("microsoft-o365-dedicated", "A")
    assert not any(kind == "customer_update" for kind, _threshold in armed(ticket))


@pytest.mark.parametrize("deployment", ["cloud", "on_premises"])
def test_management_is_told_after_four_hours_without_workaround_or_fix_also_on_premises(deployment):
    ticket = a_ticket("enghouse-premium", "P1", deployment=deployment)
    assert armed(ticket)["management", "management"] == "12 13:00"
    assert (("fix", "100") in armed(ticket)) is (deployment == "cloud")
    working.record(ticket, working.Done.PLAN, "Another server by noon.", by=TESTS, at=utc("2026-10-12 09:40"))
    assert ("management", "management") in armed(ticket)  # a plan ends restoration, and nothing else
    working.record(
        ticket, working.Done.WORKAROUND, "Use the other one.", by=TESTS, at=utc("2026-10-12 10:00")
    )
    assert ("management", "management") not in armed(ticket)


def test_another_priority_asks_for_another_time_from_the_opening():
    ticket = a_ticket("enghouse-premium", "P3")
    assert ("management", "management") not in armed(ticket)
    priority.assess(ticket, "P2", by=TESTS, at=utc("2026-10-12 11:00"))
    assert armed(ticket)["management", "management"] == "12 17:00"


def test_a_reopened_ticket_is_counted_anew():
    ticket = a_ticket("enghouse-premium", "P1")
    ticket.resolve(outcome="resolved", by=TESTS, at=utc("2026-10-12 10:00"))
    ticket.reopen(by=TESTS, at=utc("2026-10-12 12:00"))
    assert armed(ticket)["management", "management"] == "12 16:00"


def test_a_promise_is_watched_too():
    ticket = a_ticket()
    promising.promise(ticket, utc("2026-10-12 13:00"), "", by=TESTS, at=utc("2026-10-12 09:00"))
    assert (armed(ticket)["committed", "75"], armed(ticket)["committed", "100"]) == ("12 12:00", "12 13:00")


def test_what_is_due_is_fired_once_and_its_owner_is_told(clock):
    ana = UserFactory(email="owner@desk.example", time_zone="Europe/London")
    ticket = a_ticket()
    ticket.hand_to(ana, by=TESTS, at=utc("2026-10-12 09:00"))
    clock(utc("2026-10-12 09:22"))
    assert alarms.sweep("support") == 0  # half a minute to go
    clock(utc("2026-10-12 09:22") + timedelta(seconds=30))
    assert (alarms.sweep("support"), alarms.sweep("support")) == (1, 0)
    mail = Mail.objects.get()
    assert (mail.to, mail.subject) == (
        ["owner@desk.example"],
        f"[{ticket.number}] First response is due Mon 12 Oct, 10:30",
    )
    assert "75 % of the time for it are used" in mail.text
    clock(utc("2026-10-12 20:00"))
    assert alarms.sweep("support") == 3
    late = Mail.objects.get(subject=f"[{ticket.number}] Late: First response")
    assert "was due Mon 12 Oct, 10:30 (Europe/London) and is not done" in late.text


def test_what_has_fired_is_not_armed_again_when_the_clock_moves(clock):
    ticket = a_ticket()
    clock(utc("2026-10-12 16:40"))
    assert alarms.sweep("support") == 3  # both of the response, three quarters of the fix
    wait = Wait.begin(ticket, reason="customer", by=TESTS, at=utc("2026-10-12 16:45"))
    wait.end(by=TESTS, at=utc("2026-10-12 18:45"))
    assert armed(ticket) == {("fix", "100"): "12 21:00"}
    assert Alarm.objects.filter(fired_at__isnull=False).count() == 3


def test_without_an_owner_the_desk_is_told_and_management_by_its_managers(clock, cast):
    ticket = a_ticket("enghouse-premium", "P1", holder=cast.northwind)
    clock(utc("2026-10-12 13:00"))
    assert alarms.sweep("escalations") == 1
    managed = Mail.objects.get()
    assert (managed.to, "Management: no workaround and no fix, P1" in managed.subject) == (
        [cast.max.email],
        True,
    )
    assert alarms.sweep("support") == 6
    assert Mail.objects.filter(to=["desk@countersign.example"]).count() == 6
    assert ticket.alarms.armed().count() == 0


def test_an_alarm_of_a_clock_that_is_gone_is_gone_with_it(clock):
    ticket = a_ticket(level="Low")
    priority.assess(ticket, "Normal", by=TESTS, at=utc("2026-10-12 09:30"))
    keys = set(ticket.alarms.armed().values_list("key", flat=True))
    assert keys == {clock.key for clock in ticket.clocks.all() if clock.open}


def test_a_sweep_reads_what_is_due_and_not_what_is_armed():
    a_ticket()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # so few rows would be read one by one
        cursor.execute(f"EXPLAIN {alarms.CLAIM}", ["support", alarms.BATCH])
        plan = [line for (line,) in cursor.fetchall()]
    assert any("Index Cond" in line and "due_at" in line for line in plan), plan


def test_a_tick_without_anything_due_is_one_query(clock, django_assert_num_queries):
    a_ticket()
    clock(utc("2026-10-12 09:00"))
    with django_assert_num_queries(1):
        assert alarms.sweep("support") == 0


def test_the_database_fires_never_early_never_twice_and_takes_nothing_back(clock):
    ticket = a_ticket()
    alarm = ticket.alarms.armed().first()
    for rule, fields in [("alarms_are_never_early", {"fired_at": utc("2030-01-01 00:00")})]:
        clock(utc("2026-10-12 09:00"))
        with refused(rule):
            Alarm.objects.filter(pk=alarm.pk).update(**fields)
    clock(utc("2026-10-12 09:30"))
    alarms.sweep("support")
    for attack in [
        lambda: Alarm.objects.filter(pk=alarm.pk).update(fired_at=None),
        lambda: Alarm.objects.filter(pk=alarm.pk).delete(),
        lambda: Alarm.objects.filter(pk=alarm.pk).update(due_at=utc("2026-10-12 09:00")),
    ]:
        with refused("alarms_fire_once"):
            attack()
    with pytest.raises(IntegrityError, match="alarm_once"), transaction.atomic():
        Alarm.objects.create(
            ticket=ticket,
            key=alarm.key,
            threshold=alarm.threshold,
            app="support",
            action=alarm.action,
            due_at=alarm.due_at,
        )


def test_an_import_of_what_is_over_arms_nothing(clock):
    ticket = a_ticket()
    ticket.resolve(outcome="resolved", by=TESTS, at=utc("2026-10-12 09:05"))
    timeline.record(ticket, "note.added", by=TESTS, at=utc("2026-10-12 09:06"))
    assert not Alarm.objects.exists()


def test_a_wait_that_is_to_be_looked_at_again_tells_the_owner_once(clock, cast):
    ticket = a_ticket()
    ticket.hand_to(cast.ana, by=TESTS, at=utc("2026-10-12 09:05"))
    at = utc("2026-10-12 10:00")
    Wait.begin(
        ticket, reason="customer", awaited="call logs", wake_at=utc("2026-10-14 09:00"), by=TESTS, at=at
    )
    other = Wait.begin(ticket, reason="vendor", wake_at=utc("2026-10-14 09:00"), by=TESTS, at=at)
    other.end(by=TESTS, at=utc("2026-10-12 11:00"))
    clock(utc("2026-10-14 09:00"))
    for _ in range(2):
        alarms.sweep("support")
    [mail] = Mail.objects.filter(subject__contains="To be looked at")
    assert (mail.to, "call logs" in mail.text) == ([cast.ana.email], True)
    assert Wait.objects.filter(ended_at=None).count() == 1  # it goes on

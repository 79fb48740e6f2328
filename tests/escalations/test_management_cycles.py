"""Management is told once in each cycle: from the opening, from each reopening, and where the level is raised again."""

import importlib

import pytest
from django.db import connection, transaction
from django.urls import reverse

from config.demo.clock import set_to
from config.management.commands.check_invariants import checks
from escalations import managing
from escalations.models import ManagementEscalation
from support import alarms, alarms_kept
from support.actors import Actor
from support.desk import priority
from support.models import Alarm, Contract, Mail
from tests.attacks import run
from tests.cases import Cast
from tests.factories import TESTS
from tests.support.desk_cases import contract_under, raise_ticket, utc

MIGRATION = importlib.import_module("support.migrations.0033_management_is_told_once_a_cycle")


def a_ticket(holder, level="P1"):
    under = Contract.objects.filter(holder=holder).first() or contract_under(
        "enghouse-premium", holder=holder
    )
    return raise_ticket(under, utc("2026-10-12 09:00"), priority=level)


def told(ticket, clock, at):
    """How often management has been told by then."""
    clock(utc(at))
    alarms.sweep("escalations")
    return ManagementEscalation.objects.filter(ticket=ticket).count()


def closed_at_management(ticket, max_, at):
    managing.close(ticket, reason="The desk goes on alone.", by=Actor.of(max_), at=at)


def back(ticket, gone, come):
    """Resolved and reopened."""
    ticket.refresh_from_db()
    ticket.resolve(outcome="resolved", by=TESTS, at=utc(gone))
    ticket.reopen(by=TESTS, at=utc(come))


def level(ticket, code, at):
    ticket.refresh_from_db()
    priority.assess(ticket, code, by=TESTS, at=utc(at))


def strayed():
    [check] = [each for each in checks() if "an open ticket wants" in each.promise]
    return [what for _number, what in check.breaches()]


@pytest.mark.django_db
def test_a_reopened_ticket_goes_to_management_once_more(cast, now, client):
    ticket = a_ticket(cast.northwind)
    assert told(ticket, now, "2026-10-12 13:01") == 1
    closed_at_management(ticket, cast.max, now("2026-10-12 13:30"))
    back(ticket, "2026-10-12 13:31", "2026-10-12 15:00")
    assert told(ticket, now, "2026-10-12 18:59") == 1
    assert (told(ticket, now, "2026-10-12 19:00"), told(ticket, now, "2026-10-13 19:00")) == (2, 2)
    client.force_login(cast.max)
    assert ticket.number in client.get(reverse("escalations:management-list")).content.decode()
    assert (
        Mail.objects.filter(subject=f"[{ticket.number}] Management: no workaround and no fix, P1").count()
        == 2
    )
    assert strayed() == []


@pytest.mark.django_db
def test_a_level_that_is_raised_again_is_told_of_once_more(cast, clock):
    ticket = a_ticket(cast.northwind)
    assert told(ticket, clock, "2026-10-12 13:01") == 1
    level(ticket, "P3", "2026-10-12 13:31")
    assert told(ticket, clock, "2026-10-13 08:59") == 1
    level(ticket, "P1", "2026-10-13 09:00")
    assert (told(ticket, clock, "2026-10-13 09:01"), told(ticket, clock, "2026-10-14 09:00")) == (2, 2)
    assert strayed() == []


@pytest.mark.django_db
def test_a_level_that_is_lowered_is_not_told_of_once_more(cast, clock):
    ticket = a_ticket(cast.northwind)
    assert told(ticket, clock, "2026-10-12 13:01") == 1
    level(ticket, "P2", "2026-10-12 13:31")
    assert told(ticket, clock, "2026-10-13 09:00") == 1
    assert strayed() == []


@pytest.mark.django_db
def test_a_level_that_is_raised_before_the_alarm_moves_it(cast, clock):
    ticket = a_ticket(cast.northwind, "P2")
    level(ticket, "P1", "2026-10-12 10:00")
    assert Alarm.objects.get(action="escalations.management").due_at == utc("2026-10-12 13:00")
    assert (told(ticket, clock, "2026-10-12 13:00"), told(ticket, clock, "2026-10-13 09:00")) == (1, 1)


@pytest.mark.broken_on_purpose
def test_alarms_of_an_older_version_are_given_to_their_cycles(own_database):
    """Fired in the first or in a later one, or armed: each bears what the fold calls its cycle, and nothing fires twice."""
    cast = Cast.made()
    once, again, raised, armed = (a_ticket(cast.northwind, code) for code in ("P1", "P1", "P3", "P2"))
    back(again, "2026-10-12 09:30", "2026-10-12 10:00")
    level(raised, "P1", "2026-10-12 10:00")
    back(armed, "2026-10-12 09:30", "2026-10-12 10:00")
    set_to(utc("2026-10-12 14:00"))
    assert alarms.sweep("escalations") == 3
    back(once, "2026-10-12 14:10", "2026-10-12 14:20")
    level(raised, "P2", "2026-10-12 14:20")
    management = Alarm.objects.filter(action="escalations.management").order_by("pk")
    keys = list(management.values_list("pk", "key"))
    assert len(keys) == 5
    with connection.as_owner():
        run("ALTER TABLE support_alarm DISABLE TRIGGER guard")
        run(
            "DELETE FROM support_alarm WHERE ticket_id = %s AND fired_at IS NULL AND threshold = 'management'",
            once.pk,
        )
        run("UPDATE support_alarm SET key = format('ticket:%s', ticket_id) WHERE threshold = 'management'")
        with transaction.atomic():
            run(MIGRATION.CYCLES)
    assert list(management.values_list("pk", "key")) == [
        (pk, key) for pk, key in keys if Alarm.objects.filter(pk=pk).exists()
    ]
    assert [each.partition(" ")[0] for each in strayed()] == [f"ticket:{once.pk}:{once.last_seq},"]


BREAKS = [
    ("DELETE FROM support_alarm WHERE threshold = 'management'", "lost"),
    ("UPDATE support_alarm SET due_at = due_at + interval '1 h' WHERE threshold = 'management'", "armed for"),
    (
        "UPDATE support_alarm SET key = key || '0' WHERE threshold = 'management'",
        "though nothing asks for it",
    ),
    ("UPDATE support_alarm SET threshold = '99' WHERE threshold = '100'", "lost"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("broken", "said"), BREAKS)
def test_an_alarm_that_is_lost_moved_or_made_up_is_named_and_mended_at_night(cast, broken, said):
    a_ticket(cast.northwind)
    assert strayed() == []
    run(broken)
    assert any(said in what for what in strayed())
    assert (alarms_kept.mend(), strayed(), alarms_kept.mend()) == (1, [], 0)

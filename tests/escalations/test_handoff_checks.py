"""The checker (21) sees managers who were told of a crossing too early, twice, or not at all, whether a hand-off was written or not."""

import pytest
from django.db import connection

from config.demo.clock import set_to
from escalations import handing, handoff_alarms, notices
from escalations.invariants import checks
from support.actors import Actor
from tests.attacks import run
from tests.cases import Cast
from tests.escalations.handoff_cases import WORDS, offered, on_duty, person, region, severe
from tests.escalations.outage_cases import declare, hit_contract
from tests.factories import TESTS
from tests.support.desk_cases import utc

INSERT = (
    "INSERT INTO escalations_handoffalarm (ticket_id, kind, closes_at, from_region_id, fired_at) "
    "VALUES (%s, 'region', %s, %s, %s)"
)
CLOSES = utc("2026-10-15 00:00")


def broken(promise="crosses once"):
    [check] = [each for each in checks() if promise in each.promise]
    return [where for (where,) in check.breaches()]


@pytest.mark.broken_on_purpose
@pytest.mark.parametrize(
    ("instants", "found"),
    [
        (["2026-10-14 23:30"], 0),
        (["2026-10-14 23:29"], 1),
        (["2026-10-14 23:30", "2026-10-14 23:31"], 1),
        (["2026-10-14 23:29", "2026-10-14 23:31"], 2),
    ],
)
def test_an_alarm_without_a_hand_off_is_checked_too(own_database, instants, found):
    ticket = severe("2026-10-14 20:00", owner=Cast.made().ana)
    with connection.as_owner():
        run("ALTER TABLE escalations_handoffalarm DISABLE TRIGGER guard")
        run("DROP INDEX handoff_alarms_once")
    for at in instants:
        run(INSERT, ticket.pk, CLOSES, region("us").pk, utc(at))
    assert len(broken()) == found
    assert all(ticket.number in where for where in broken())


@pytest.mark.django_db
def test_a_region_that_tells_earlier_since_a_hand_off_was_written_is_in_time(cast, clock):
    ticket = severe("2026-10-14 20:00", owner=cast.ana)
    offered(ticket, clock, Actor.of(cast.ana), "2026-10-14 22:00")
    us = region("us")
    us.alarm_minutes = 60
    us.by(TESTS).save()
    clock(utc("2026-10-14 23:01"))
    assert (handoff_alarms.sweep(), broken()) == (1, [])


@pytest.mark.django_db
def test_an_alarm_that_nobody_had_a_mail_of_is_seen(cast, clock):
    """As the app alone could write it, past the job that mails."""
    ticket = severe("2026-10-14 20:00", owner=cast.ana)
    clock(utc("2026-10-14 23:31"))
    assert (handoff_alarms.sweep(), broken("had its mail")) == (1, [])
    other = severe("2026-10-14 20:00", owner=cast.ana)
    run(INSERT, other.pk, CLOSES, region("us").pk, utc("2026-10-14 23:31"))
    [where] = broken("had its mail")
    assert other.number in where
    assert ticket.number not in where


@pytest.mark.django_db
def test_a_due_notice_that_the_desk_had_no_mail_of_is_seen(cast, clock):
    contract = hit_contract(cast.northwind)
    told, untold = (declare(cast, clock, contract) for _ in range(2))
    due = told.dues.get()
    clock(due.due_at)
    run("UPDATE escalations_duenotice SET warned_at = now(), told_at = now() WHERE outage_id = %s", untold.pk)
    notices.sweep(due.due_at)
    assert len(found := broken("had its mail")) == 2
    assert all(untold.number in where for where in found)


@pytest.mark.broken_on_purpose
def test_a_hand_off_for_an_instant_at_which_nobody_closes_is_named(own_database):
    ana, sol = Cast.made().ana, person("Sol")
    on_duty(sol)
    ticket = severe("2026-10-14 20:00", owner=ana)
    set_to(utc("2026-10-14 23:00"))
    handing.offer(ticket, **WORDS, by=Actor.of(ana), at=utc("2026-10-14 23:00"))
    assert broken("for a closing") == []
    with connection.as_owner():
        run("UPDATE escalations_handoff SET closes_at = '2026-12-24 11:11+00'")
    [said] = broken("for a closing")
    assert said.startswith(f"{ticket.number}, hand-off 1 is for 2026-12-24")

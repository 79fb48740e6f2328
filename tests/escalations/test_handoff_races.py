"""Two who accept at once, two sweepers at once, one offered twice at once; each with the guard taken off for comparison."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from escalations import handing, handoff_alarms
from escalations.models import HandOff, HandOffAlarm, HandOffStep
from support.actors import Actor
from support.models import Mail, Ticket
from support.refusal import Refused
from tests.attacks import run
from tests.billing.at_once import at_once, both, take_off
from tests.billing.billing_cases import set_clock
from tests.cases import Cast
from tests.escalations.handoff_cases import WORDS, offered, on_duty, person, severe
from tests.support.desk_cases import utc

AT = utc("2026-10-14 23:00")


def clock(at):
    set_clock(at)
    return at


@pytest.fixture
def evening(own_database):
    """Sol and Wren have the Australian night; one ticket crosses."""
    with transaction.atomic():
        cast = Cast.made()
        people = [person("Sol"), person("Wren")]
        for who in people:
            on_duty(who)
        clock(utc("2026-10-14 20:00"))
        return cast, people, severe(owner=cast.ana)


@both
def test_two_accept_at_once_and_one_has_it(evening, guarded, monkeypatch):
    cast, people, ticket = evening
    with transaction.atomic():
        row = offered(ticket, clock, Actor.of(cast.ana))
    if not guarded:
        take_off(("escalations_handoffstep", "guard"))
        with connection.as_owner():
            run("DROP INDEX handoff_ends_once")
            run("ALTER TABLE support_mail DROP CONSTRAINT support_mail_key_key")
        monkeypatch.setattr(Ticket, "lock", lambda ticket: ticket.refresh_from_db())

    def accept(i):
        mine = HandOff.objects.select_related("ticket", "to_region", "from_region", "to_person").get(
            pk=row.pk
        )
        try:
            handing.accept(mine, by=Actor.of(people[i % 2]), at=AT + timedelta(minutes=5))
        except Refused as refused:
            return refused.sentence
        return "accepted"

    answers = at_once(6, accept, clock=AT + timedelta(minutes=5))
    steps = HandOffStep.objects.filter(kind="accepted")
    if not guarded:
        assert steps.count() > 1
        return
    assert steps.count() == answers.count("accepted") == 1
    assert all("has accepted it already" in answer for answer in answers if answer != "accepted")
    assert Ticket.objects.get().owner.name == steps.get().actor_name


@both
def test_sweepers_at_once_tell_each_manager_once(evening, guarded, monkeypatch):
    cast, _people, _first = evening
    with transaction.atomic():
        for minute in range(1, 12):
            severe(f"2026-10-14 20:{minute:02}", owner=cast.ana)
    if not guarded:
        take_off(("escalations_handoffalarm", "guard"))
        with connection.as_owner():
            run("DROP INDEX handoff_alarms_once")
        monkeypatch.setattr(
            handoff_alarms, "_claimed", lambda tickets: list(tickets.select_related("customer", "owner"))
        )
    fired = at_once(4, lambda i: handoff_alarms.sweep(), clock=utc("2026-10-14 23:31"))
    if not guarded:
        assert HandOffAlarm.objects.count() > 12
        return
    set_clock(utc("2026-10-14 23:32"))
    assert sum(fired) + handoff_alarms.sweep() == HandOffAlarm.objects.count() == 12
    assert Mail.objects.filter(key__startswith="handoff-alarm:").count() == 12


@both
def test_two_offered_at_once_are_one(evening, guarded, monkeypatch):
    cast, _people, _ticket = evening
    if not guarded:
        take_off(("escalations_handoff", "guard"))
        with connection.as_owner():
            run("DROP INDEX one_open_handoff_per_ticket")
            run("ALTER TABLE escalations_handoff DROP CONSTRAINT handoff_once_in_its_place")
        monkeypatch.setattr(Ticket, "lock", lambda ticket: ticket.refresh_from_db())

    def offer(_i):
        try:
            handing.offer(Ticket.objects.get(), by=Actor.of(cast.ana), at=AT, **WORDS)
        except Refused:
            return 0
        return 1

    made = sum(at_once(4, offer, clock=AT))
    assert HandOff.objects.count() == made
    assert (made == 1) if guarded else (made > 1)

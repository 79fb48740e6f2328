"""Managers are told of what nobody took: in time, once, and after a time without a worker too."""

from dataclasses import replace

import pytest

from escalations import handing, handoff_board, rota
from escalations.models import HandOffAlarm, Region
from support import versions
from support.actors import Actor
from support.catalogue.problems import DefinitionRefused
from support.desk import priority
from support.models import Mail
from support.refusal import Refused
from tests.escalations.handoff_cases import CLOSES, offered, on_duty, person, severe, swept
from tests.factories import ANA, TESTS
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db


def test_half_an_hour_before_the_gap_managers_are_told_once_in_their_zones(ticket, clock, cast):
    kay = person("Kay", "Support managers", "America/New_York")
    assert swept(clock, "2026-10-14 23:29") == 0
    assert swept(clock, "2026-10-14 23:30") == 1
    assert swept(clock, "2026-10-14 23:31") == swept(clock, "2026-10-15 00:01") == 0
    row = HandOffAlarm.objects.get()
    assert (row.ticket, row.closes_at, row.handoff) == (ticket, utc(CLOSES), None)
    mails = {mail.to[0]: mail.text for mail in Mail.objects.filter(key__startswith="handoff-alarm:")}
    assert "20:00 (America/New_York)" in mails[kay.email]
    assert "00:00 (UTC)" in mails[cast.max.email]
    assert "No hand-off has been written." in mails[kay.email]


def test_without_a_manager_the_desk_is_told(ticket, clock, cast):
    cast.max.disable(by=TESTS, at=utc("2026-10-14 20:00"))
    assert swept(clock, "2026-10-14 23:40") == 1
    assert Mail.objects.filter(key__endswith=":desk").count() == 1


def test_an_accepted_one_tells_nobody_and_one_asked_back_does(ticket, sol, clock, cast):
    ana, taker = Actor.of(cast.ana), Actor.of(sol)
    other = severe("2026-10-14 20:05", owner=cast.ana)
    handing.accept(offered(ticket, clock, ana), by=taker, at=clock(utc("2026-10-14 23:10")))
    asked = offered(other, clock, ana, "2026-10-14 23:11")
    handing.ask_back(asked, text="Whose phone?", by=taker, at=clock(utc("2026-10-14 23:12")))
    assert swept(clock, "2026-10-14 23:30") == 1
    row = HandOffAlarm.objects.get()
    assert (row.ticket, row.handoff) == (other, asked)
    assert "Its hand-off to Australia is open." in Mail.objects.get(key__startswith="handoff-alarm:").text


@pytest.mark.parametrize("broken_first", [True, False])
def test_hours_that_cannot_be_read_keep_nobody_elses_from_being_told(
    ticket, clock, cast, monkeypatch, broken_first
):
    """And the job fails, so that somebody sees to them."""
    of_ana = severe("2026-10-14 20:05", owner=cast.ana)
    to_max = {"person": cast.max, "off_at": utc("2026-10-14 23:20")}
    offered(of_ana, clock, Actor.of(cast.ana), **to_max)
    [relay] = rota.relays()
    broken = replace(relay, hours={})
    monkeypatch.setattr(rota, "relays", lambda: [broken, relay] if broken_first else [relay, broken])
    with pytest.raises(ExceptionGroup) as failed:
        swept(clock, "2026-10-14 23:31")
    assert [type(error) for error in failed.value.exceptions] == [KeyError]
    told = HandOffAlarm.objects.values_list("ticket", "kind")
    assert set(told) >= {(ticket.pk, "region"), (of_ana.pk, "person")}


def test_whoever_is_to_be_told_is_found_without_reading_a_definition(ticket, clock, cast, monkeypatch):
    """It reads every calendar that it names, and one that cannot be read would silence them all."""

    def unreadable(_service):
        raise DefinitionRefused([])

    monkeypatch.setattr(versions, "definition", unreadable)
    assert swept(clock, "2026-10-14 23:31") == 1
    assert HandOffAlarm.objects.get().ticket == ticket


def test_a_region_says_itself_how_long_before(ticket, clock):
    us = Region.objects.get(code="us")
    us.alarm_minutes = 90
    us.by(TESTS).save()
    assert swept(clock, "2026-10-14 22:29") == 0
    assert swept(clock, "2026-10-14 22:30") == 1


def test_after_a_night_without_a_worker_what_crossed_untaken_is_told_and_what_came_later_is_not(
    ticket, clock, cast
):
    later = severe("2026-10-14 20:10", priority="B", owner=cast.ana)
    fixed = severe("2026-10-14 20:11", owner=cast.ana)
    fixed.resolve(outcome="resolved", by=ANA, at=utc("2026-10-14 22:00"))
    fixed.reopen(by=ANA, at=utc("2026-10-15 02:00"))
    priority.assess(later, "A", agreed=True, by=ANA, at=utc("2026-10-15 02:00"))
    assert swept(clock, "2026-10-15 09:00") == 1
    assert HandOffAlarm.objects.get().ticket == ticket
    assert swept(clock, "2026-10-15 09:30") == 3  # the next closing comes for all of them
    assert HandOffAlarm.objects.filter(closes_at=utc("2026-10-15 10:00")).count() == 3


def test_a_crossing_that_nobody_took_is_written_late_and_then_the_next_one(ticket, sol, clock, cast):
    swept(clock, "2026-10-14 23:30")
    late = offered(ticket, clock, Actor.of(cast.ana), "2026-10-15 00:20")
    assert (late.closes_at, late.to_region.code) == (utc(CLOSES), "au")
    handing.accept(late, by=Actor.of(sol), at=clock(utc("2026-10-15 00:30")))
    following = offered(ticket, clock, Actor.of(sol), "2026-10-15 08:00")
    assert (following.closes_at, following.to_region.code) == (utc("2026-10-15 10:00"), "us")


def test_from_the_alarm_of_the_next_closing_on_it_is_written_for_that_one(ticket, clock, cast):
    swept(clock, "2026-10-14 23:30")
    uma = person("Uma", zone="America/New_York")
    on_duty(uma, "us", "2026-10-15 10:00", "2026-10-16 00:00")
    relay = rota.relay_of(ticket)
    ways = {at: handing.crossing_for(ticket, relay, utc(f"2026-10-15 {at}")).at for at in ("09:29", "09:30")}
    assert ways == {"09:29": utc(CLOSES), "09:30": utc("2026-10-15 10:00")}
    [card] = handoff_board.board(cast.ana, utc("2026-10-15 09:29")).write
    assert (card.way, card.late) == ("United States → Australia", True)
    row = offered(ticket, clock, Actor.of(cast.ana), "2026-10-15 09:31")
    handing.accept(row, by=Actor.of(uma), at=clock(utc("2026-10-15 09:32")))
    [card] = handoff_board.board(cast.ana, utc("2026-10-15 09:33")).accepted
    assert card.way == "Australia → United States"


def test_a_hand_off_to_a_person_is_told_of_half_an_hour_before_he_goes(cast, clock):
    clock(utc("2026-10-14 20:00"))
    ticket = severe(owner=cast.ana, service="enghouse-premium", priority="P2")
    row = offered(ticket, clock, Actor.of(cast.ana), person=cast.max, off_at=utc("2026-10-15 01:00"))
    assert swept(clock, "2026-10-15 00:29") == 0
    assert swept(clock, "2026-10-15 00:30") == 1
    assert swept(clock, "2026-10-15 00:31") == 0
    assert HandOffAlarm.objects.get().handoff == row


@pytest.mark.parametrize("service", ["microsoft-o365-dedicated", "exponential-e-ucc"])
def test_a_service_that_names_no_regions_alarms_for_nothing(cast, clock, service):
    clock(utc("2026-10-14 20:00"))
    severe(service=service, priority={"exponential-e-ucc": "Critical"}.get(service, "A"), owner=cast.ana)
    assert swept(clock, "2026-10-14 23:45") == 0


def test_a_second_hand_off_for_the_same_leave_has_its_own_alarm(cast, clock):
    clock(utc("2026-10-14 20:00"))
    ticket = severe(owner=cast.ana, service="enghouse-premium", priority="P2")
    leave = {"person": cast.max, "off_at": utc("2026-10-15 01:00")}
    first = offered(ticket, clock, Actor.of(cast.ana), **leave)
    assert swept(clock, "2026-10-15 00:30") == 1
    at = clock(utc("2026-10-15 00:31"))
    handing.take_back(first, text="Wrong words.", by=Actor.of(cast.ana), at=at)
    second = offered(ticket, clock, Actor.of(cast.ana), "2026-10-15 00:32", **leave)
    assert swept(clock, "2026-10-15 00:33") == 1
    assert swept(clock, "2026-10-15 00:34") == 0
    assert HandOffAlarm.objects.get(handoff=second).closes_at == first.closes_at


def test_a_hand_off_to_a_person_takes_no_ticket_that_was_given_to_somebody_else_since(cast, clock):
    clock(utc("2026-10-14 20:00"))
    ticket = severe(owner=cast.ana, service="enghouse-premium", priority="P2")
    row = offered(ticket, clock, Actor.of(cast.ana), person=cast.max, off_at=utc("2026-10-15 01:00"))
    ticket.refresh_from_db()
    ticket.hand_to(sue := person("Sue"), by=ANA, at=clock(utc("2026-10-14 23:20")))
    with pytest.raises(Refused, match="was given to Sue since"):
        handing.accept(row, by=Actor.of(cast.max), at=clock(utc("2026-10-14 23:30")))
    ticket.refresh_from_db()
    assert ticket.owner == sue


def test_the_mail_says_what_stands_in_the_way_of_the_hand_off_that_is_wanted(ticket, clock, cast, sol):
    offered(ticket, clock, Actor.of(cast.ana), "2026-10-14 23:20")
    assert swept(clock, "2026-10-14 23:30") == 1
    assert swept(clock, "2026-10-15 09:31") == 1
    mail = Mail.objects.filter(key__startswith="handoff-alarm:").latest("pk")
    assert (
        "The open hand-off to Australia is for Thu 15 Oct, 00:00: accepted or taken back, it makes way for this one."
        in mail.text
    )

"""Closings near one another: each is told in its own time, and written in their order."""

import pytest

from escalations import handing, handoff_board, rota
from escalations.models import HandOffAlarm, Region
from support.actors import Actor
from tests.escalations.handoff_cases import offered, on_duty, person, swept
from tests.factories import TESTS
from tests.support.calendar_moves import another_version
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db


def test_of_two_closings_near_one_another_each_is_told_in_time(ticket, clock):
    """Where Australia closes, and ten minutes later again."""
    another_version("06:00", "06:10", code="us-distributor", days=7, saved=utc("2026-10-12 08:00"))
    told = [swept(clock, f"2026-10-15 {at}") for at in ("09:29", "09:30", "09:39", "09:40", "09:59", "10:05")]
    assert told == [0, 1, 0, 1, 0, 0]
    assert set(HandOffAlarm.objects.values_list("closes_at", flat=True)) == {
        utc("2026-10-15 10:00"),
        utc("2026-10-15 10:10"),
    }


def test_of_near_closings_the_board_says_when_managers_are_told_of_the_next(ticket, clock, cast):
    another_version("06:00", "06:10", code="us-distributor", days=7, saved=utc("2026-10-12 08:00"))
    assert swept(clock, "2026-10-15 09:31") == 1
    assert handoff_board.board(cast.ana, utc("2026-10-15 09:32")).alarm == "09:40"


def test_the_second_of_two_near_closings_is_written_once_the_first_is_accepted(ticket, clock, cast, sol):
    another_version("06:00", "06:10", code="us-distributor", days=7, saved=utc("2026-10-12 08:00"))
    uma = person("Uma", zone="America/New_York")
    on_duty(uma, "us", "2026-10-15 10:00", "2026-10-15 10:10")
    on_duty(sol, "au", "2026-10-15 10:00", "2026-10-15 12:00")
    first = offered(ticket, clock, Actor.of(cast.ana), "2026-10-15 09:31")
    handing.accept(first, by=Actor.of(uma), at=clock(utc("2026-10-15 09:35")))
    assert swept(clock, "2026-10-15 09:41") == 1
    [card] = handoff_board.board(cast.ana, utc("2026-10-15 09:41")).write
    assert (card.way, card.told_at) == ("United States → Australia", utc("2026-10-15 09:41"))
    assert handoff_board.board(cast.ana, utc("2026-10-15 09:41")).alarm == ""
    second = offered(ticket, clock, Actor.of(uma), "2026-10-15 09:42")
    assert second.closes_at == utc("2026-10-15 10:10")
    handing.accept(second, by=Actor.of(sol), at=clock(utc("2026-10-15 09:43")))
    board = handoff_board.board(cast.ana, utc("2026-10-15 09:44"))
    assert (board.unaccepted, board.untaken) == ([], 0)


def test_of_near_closings_the_first_is_written_first_whichever_is_told_first(ticket, clock, cast, sol):
    """Australia closes at 10:00 and tells half an hour before, the United States at 10:10 and an hour before."""
    another_version("06:00", "06:10", code="us-distributor", days=7, saved=utc("2026-10-12 08:00"))
    us = Region.objects.get(code="us")
    us.alarm_minutes = 60
    us.by(TESTS).save()
    uma = person("Uma", zone="America/New_York")
    on_duty(uma, "us", "2026-10-15 10:00", "2026-10-15 10:10")
    assert swept(clock, "2026-10-15 09:11") == 1
    board = handoff_board.board(cast.ana, utc("2026-10-15 09:12"))
    assert (board.due, [card.told_at for card in board.unaccepted]) == (True, [utc("2026-10-15 09:11")])
    first = offered(ticket, clock, Actor.of(cast.ana), "2026-10-15 09:12")
    assert first.closes_at == utc("2026-10-15 10:00")
    handing.accept(first, by=Actor.of(uma), at=clock(utc("2026-10-15 09:15")))
    [card] = handoff_board.board(cast.ana, utc("2026-10-15 09:16")).write
    assert card.way == "United States → Australia"
    relay = rota.relay_of(ticket)
    assert handing.crossing_for(ticket, relay, utc("2026-10-15 09:16")).at == utc("2026-10-15 10:10")

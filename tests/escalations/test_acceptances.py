"""An acceptance counts while somebody has the ticket for its closing; lost, it is told of at once."""

import pytest

from escalations import handing, handoff_board
from escalations.models import Duty, HandOffAlarm
from support.actors import Actor
from support.models import Mail
from tests.escalations.handoff_cases import CLOSES, away, offered, on_duty, person, swept
from tests.factories import ANA, TESTS
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db


def accepted(ticket, sol, clock, cast, at="2026-10-14 23:10"):
    row = offered(ticket, clock, Actor.of(cast.ana), at)
    handing.accept(row, by=Actor.of(sol), at=clock(utc(at)))
    return row


def disabled(ticket, sol, cast, at):
    sol.disable(by=TESTS, at=at)


def absent(ticket, sol, cast, at):
    away(sol)


def returned(ticket, sol, cast, at):
    ticket.refresh_from_db()
    ticket.hand_to(cast.ana, by=ANA, at=at)


@pytest.mark.parametrize("lose", [disabled, absent, returned])
@pytest.mark.parametrize(("lost_at", "told_at"), [("23:20", "23:30"), ("23:40", "23:41")])
def test_an_acceptance_counts_while_who_accepted_has_the_ticket_and_is_there(
    ticket, sol, clock, cast, lose, lost_at, told_at
):
    row = accepted(ticket, sol, clock, cast)
    lose(ticket, sol, cast, clock(utc(f"2026-10-14 {lost_at}")))
    assert swept(clock, f"2026-10-14 {told_at}") == 1
    assert swept(clock, "2026-10-14 23:50") == swept(clock, "2026-10-15 00:01") == 0
    assert HandOffAlarm.objects.get().lost == row
    mail = Mail.objects.get(key__startswith="handoff-alarm:")
    assert "The accepted hand-off is lost" in mail.subject
    assert "Sol accepted it and is not there for it: write another hand-off." in mail.text


def test_what_was_lost_is_offered_and_accepted_again(ticket, sol, clock, cast):
    accepted(ticket, sol, clock, cast)
    on_duty(wren := person("Wren"))
    clock(utc("2026-10-14 23:20"))
    away(sol)
    again = accepted(ticket, wren, clock, cast, "2026-10-14 23:25")
    assert again.closes_at == utc(CLOSES)
    assert swept(clock, "2026-10-14 23:30") == swept(clock, "2026-10-15 00:30") == 0
    ticket.refresh_from_db()
    ticket.hand_to(cast.ana, by=ANA, at=clock(utc("2026-10-15 00:40")))
    assert swept(clock, "2026-10-15 00:41") == 1  # after the gap too
    assert HandOffAlarm.objects.get().lost == again


def test_who_was_told_that_nobody_accepts_is_told_when_the_acceptance_is_lost(ticket, sol, clock, cast):
    assert swept(clock, "2026-10-14 23:30") == 1
    accepted(ticket, sol, clock, cast, "2026-10-14 23:40")
    assert swept(clock, "2026-10-14 23:41") == 0
    away(sol)
    assert swept(clock, "2026-10-14 23:42") == 1
    assert swept(clock, "2026-10-14 23:43") == 0


def test_within_the_region_and_to_the_next_one_a_ticket_moves_without_an_alarm(ticket, sol, clock, cast):
    accepted(ticket, sol, clock, cast)
    on_duty(wren := person("Wren"), begin="2026-10-15 05:00")
    ticket.refresh_from_db()
    ticket.hand_to(wren, by=ANA, at=clock(utc("2026-10-15 05:01")))
    assert swept(clock, "2026-10-15 05:02") == 0
    on_duty(cast.ana, "us", "2026-10-15 10:00", "2026-10-15 18:00")
    row = offered(ticket, clock, Actor.of(wren), "2026-10-15 09:10")
    handing.accept(row, by=Actor.of(cast.ana), at=clock(utc("2026-10-15 09:20")))
    assert swept(clock, "2026-10-15 09:31") == swept(clock, "2026-10-15 10:01") == 0


def test_what_the_next_region_accepted_early_counts_while_somebody_has_it(ticket, sol, clock, cast):
    """Sol's acceptance is lost with the one after it, not first when managers are told of the next closing."""
    accepted(ticket, sol, clock, cast)
    uma = person("Uma", zone="America/New_York")
    on_duty(uma, "us", "2026-10-15 10:00", "2026-10-16 00:00")
    swept(clock, "2026-10-15 00:30")
    early = offered(ticket, clock, Actor.of(sol), "2026-10-15 00:35")
    handing.accept(early, by=Actor.of(uma), at=clock(utc("2026-10-15 01:05")))
    assert swept(clock, "2026-10-15 01:05") == 0
    ticket.refresh_from_db()
    ticket.hand_to(cast.ana, by=ANA, at=clock(utc("2026-10-15 01:06")))
    assert swept(clock, "2026-10-15 01:07") == 1
    assert HandOffAlarm.objects.get().lost.closes_at == utc(CLOSES)
    [card] = handoff_board.board(cast.ana, utc("2026-10-15 01:08")).write
    assert (card.way, card.late) == ("United States → Australia", True)


def test_handed_to_a_person_before_his_duty_begins_it_is_not_lost(ticket, sol, clock, cast):
    """Sol goes at 05:00, Tom comes then and has accepted before; absent when he should be there, he is told of."""
    tom = person("Tom")
    [duty] = Duty.objects.filter(person=sol)
    duty.until_at = utc("2026-10-15 05:00")
    duty.by(TESTS).save()
    on_duty(tom, begin="2026-10-15 05:00")
    accepted(ticket, sol, clock, cast)
    leave = {"person": tom, "off_at": utc("2026-10-15 05:00")}
    inside = offered(ticket, clock, Actor.of(sol), "2026-10-15 04:30", **leave)
    handing.accept(inside, by=Actor.of(tom), at=clock(utc("2026-10-15 04:50")))
    assert swept(clock, "2026-10-15 04:51") == swept(clock, "2026-10-15 05:01") == 0
    away(tom, begin="2026-10-15 05:30")
    assert swept(clock, "2026-10-15 05:31") == 1


def test_handed_to_a_person_who_is_not_there_when_the_other_goes_it_is_lost(ticket, sol, clock, cast):
    accepted(ticket, sol, clock, cast)
    leave = {"person": person("Tom"), "off_at": utc("2026-10-15 05:00")}
    inside = offered(ticket, clock, Actor.of(sol), "2026-10-15 04:30", **leave)
    handing.accept(inside, by=Actor.of(leave["person"]), at=clock(utc("2026-10-15 04:50")))
    assert swept(clock, "2026-10-15 04:51") == 1

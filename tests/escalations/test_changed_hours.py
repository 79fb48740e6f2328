"""A region's hours are changed: what closed before is judged by the hours of then, what comes by the new ones."""

from datetime import timedelta

import pytest
import time_machine

from escalations import handing, handoff_alarms, handoff_board, rota
from escalations.invariants import checks
from escalations.models import HandOff, Region
from support.actors import Actor
from support.models import CalendarVersion, Mail, User
from tests.attacks import refused, run
from tests.escalations.handoff_cases import CLOSES, offered, on_duty, person, region, severe, swept
from tests.factories import TESTS
from tests.support.calendar_moves import another_version, newest
from tests.support.desk_cases import utc
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db


def earlier_by_two_hours(at):
    """Australia works from 20:00 to 04:00 in New York, the United States the rest."""
    another_version("00:00", "04:00", "20:00", "24:00", code="au-distributor", days=7, saved=utc(at))
    another_version("04:00", "20:00", code="us-distributor", days=7, saved=utc(at))


def of_other_calendars(at):
    """As earlier_by_two_hours, by calendars of their own."""
    for code, hours in {"au": ("00:00", "04:00", "20:00", "24:00"), "us": ("04:00", "20:00")}.items():
        old = newest(f"{code}-distributor")
        other = CalendarVersion(
            name=f"{code}-new",
            version=1,
            sha256=f"{code}-new",
            data=old.data,
            added_at=utc("2026-10-12 08:00"),
        )
        other.actor = TESTS
        other.save(force_insert=True)
        another_version(*hours, code=other.name, days=7, saved=utc("2026-10-12 09:00"))
        row = region(code)
        row.calendar = other.name
        row.by(TESTS, utc(at)).save()


@pytest.fixture
def duties():
    """Sol in Australia for two nights, Uma in the United States for the day between."""
    sol, uma = person("Sol"), person("Uma", zone="America/New_York")
    on_duty(sol)
    on_duty(uma, "us", "2026-10-15 10:00", "2026-10-16 00:00")
    on_duty(sol, "au", "2026-10-16 00:00", "2026-10-16 10:00")
    return Actor.of(sol), Actor.of(uma)


def handed(ticket, clock, by, to, offer, accept):
    handing.accept(offered(ticket, clock, by, offer), by=to, at=clock(utc(accept)))


@pytest.mark.parametrize("change", [earlier_by_two_hours, of_other_calendars])
@pytest.mark.parametrize("offered_already", [False, True])
def test_new_hours_make_no_closing_before_them(ticket, cast, clock, duties, change, offered_already):
    sol, uma = duties
    handed(ticket, clock, Actor.of(cast.ana), sol, "2026-10-14 23:10", "2026-10-14 23:20")
    handed(ticket, clock, sol, uma, "2026-10-15 09:10", "2026-10-15 09:20")
    if offered_already:
        offered(ticket, clock, uma, "2026-10-15 18:00")
    clock(utc("2026-10-15 18:00"))
    change("2026-10-15 18:00")
    assert swept(clock, "2026-10-15 18:01") == 0
    board = handoff_board.board(cast.max, utc("2026-10-15 18:02"))
    assert board.unaccepted == board.offered
    relay = rota.relay_of(ticket)
    assert relay.last(utc("2026-10-15 18:02")).at == utc("2026-10-15 10:00")
    assert relay.next(utc("2026-10-16 00:01")).at == utc("2026-10-16 08:00")
    assert swept(clock, "2026-10-15 23:31") == 1


@pytest.mark.parametrize("change", [earlier_by_two_hours, of_other_calendars])
def test_what_nobody_took_before_the_hours_were_changed_is_still_written_and_taken(
    ticket, cast, clock, duties, change
):
    _sol, uma = duties
    swept(clock, "2026-10-14 23:31")
    swept(clock, "2026-10-15 09:31")
    clock(utc("2026-10-15 18:00"))
    change("2026-10-15 18:00")
    row = offered(ticket, clock, Actor.of(cast.ana), "2026-10-15 18:05")
    assert (row.closes_at, row.to_region.code) == (utc("2026-10-15 10:00"), "us")
    handing.accept(row, by=uma, at=clock(utc("2026-10-15 18:06")))
    assert handoff_alarms.sweep() == 0


def home_early(at):
    """From this instant on the United States work until 16:00 in New York, and Australia from then on."""
    another_version("00:00", "06:00", "16:00", "24:00", code="au-distributor", days=7, saved=at)
    another_version("06:00", "16:00", code="us-distributor", days=7, saved=at)


@pytest.mark.parametrize("offered_already", [False, True])
def test_hours_that_close_a_region_at_once_are_a_closing_of_that_instant(
    client, ticket, cast, clock, duties, offered_already
):
    on_duty(person("Tom"), begin="2026-10-14 21:00", end=CLOSES)
    tom = Actor.of(User.objects.get(name="Tom"))
    old = offered(ticket, clock, Actor.of(cast.ana), "2026-10-14 20:30") if offered_already else None
    cut = clock(utc("2026-10-14 21:00") + timedelta(seconds=3.123456))
    home_early(cut)
    assert swept(clock, "2026-10-14 21:01") == 1
    mail = Mail.objects.filter(key__startswith="handoff-alarm:").get().text
    at = clock(utc("2026-10-14 21:02"))
    board = handoff_board.board(cast.max, at)
    if old is None:
        assert "No hand-off has been written." in mail
        assert [(card.way, card.late) for card in board.write] == [("United States → Australia", True)]
    else:
        assert "which is no closing any more: take it back." in mail
        [card] = board.offered
        assert ("take it back and write another one" in card.words, card.may_take) == (True, False)
        client.force_login(cast.max)
        page = client.get(f"/tickets/{ticket.number}/handoff/").text
        assert ("Its region closes at another time by now" in page, "Accept: the ticket" in page) == (
            True,
            False,
        )
        client.force_login(User.objects.get(pk=tom.id))
        with time_machine.travel(at, tick=False):
            asked = post(client, "escalations:handoff-ask", ticket.number, about=1, text="Who calls at nine?")
        assert (asked.status_code, "Who calls at nine?" in asked.text) == (422, True)
        handing.take_back(old, text="Home early.", by=Actor.of(cast.ana), at=at)
    row = offered(ticket, clock, Actor.of(cast.ana), "2026-10-14 21:03")
    assert (row.closes_at, row.to_region.code) == (cut, "au")
    handing.accept(row, by=tom, at=clock(utc("2026-10-14 21:04")))
    assert (swept(clock, "2026-10-14 21:05"), HandOff.objects.standing().get()) == (0, row)
    [never] = [each for each in checks() if "a closing of the one before" in each.promise]
    assert list(never.breaches()) == []


def test_hours_that_are_cut_rightly_stay_cut_when_the_region_opens_the_next_day(ticket, cast, clock):
    """Australia goes on until 07:00 in New York, and closes after the United States have opened."""
    another_version(
        "00:00", "07:00", "16:00", "24:00", code="au-distributor", days=7, saved=utc("2026-10-13 21:00")
    )
    another_version("06:00", "16:00", code="us-distributor", days=7, saved=utc("2026-10-14 21:00"))
    assert swept(clock, "2026-10-14 21:01") == 1
    another_version("06:00", "15:00", code="us-distributor", days=7, saved=utc("2026-10-15 10:05"))
    for at in ("2026-10-14 21:02", "2026-10-15 10:01", "2026-10-15 10:06"):
        [card] = handoff_board.board(cast.max, utc(at)).write
        assert (card.way, card.late) == ("United States → Australia", True)


def test_a_desk_beside_one_that_never_closes_is_cut_too(ticket, cast, clock):
    another_version("00:00", "24:00", code="au-distributor", days=7, saved=utc("2026-10-12 08:00"))
    another_version("06:00", "14:00", code="us-distributor", days=7, saved=utc("2026-10-14 20:05"))
    assert swept(clock, "2026-10-14 20:06") == 1
    row = offered(ticket, clock, Actor.of(cast.ana), "2026-10-14 20:07")
    assert (row.closes_at, row.to_region.code) == (utc("2026-10-14 20:05"), "au")


def test_a_wrong_change_that_is_put_right_closes_nothing(ticket, cast, clock):
    another_version("06:00", "14:00", code="us-distributor", days=7, saved=utc("2026-10-14 21:00"))
    assert swept(clock, "2026-10-14 21:01") == 1
    another_version("06:00", "20:00", code="us-distributor", days=7, saved=utc("2026-10-14 21:05"))
    assert swept(clock, "2026-10-14 21:06") == 0
    assert not handoff_board.board(cast.max, utc("2026-10-14 21:07")).write[0].late
    assert offered(ticket, clock, Actor.of(cast.ana), "2026-10-14 21:08").closes_at == utc(CLOSES)


@pytest.mark.parametrize("seconds", [10, 80])
def test_a_region_that_is_open_between_two_changes_alone_closes_nothing(ticket, cast, clock, seconds):
    """The United States go on until 22:00 in New York and Australia begins then, saved before and after 20:00."""
    another_version(
        "06:00", "22:00", code="us-distributor", days=7, saved=utc(CLOSES) - timedelta(seconds=10)
    )
    another_version(
        "00:00",
        "06:00",
        "22:00",
        "24:00",
        code="au-distributor",
        days=7,
        saved=utc(CLOSES) + timedelta(seconds=seconds),
    )
    assert swept(clock, "2026-10-15 00:02") == 0
    assert offered(ticket, clock, Actor.of(cast.ana), "2026-10-15 00:03").closes_at == utc("2026-10-15 02:00")


def test_hours_of_then_are_those_that_were_kept_then(ticket):
    """A line of history of one's own would make closings where none was."""
    us = region("us")
    names = [
        f'"{column.column}"' for column in Region.history.model._meta.fields if column.column != "history_id"
    ]
    said = [
        {'"calendar"': "'au-distributor'", '"history_date"': "'2000-01-01'"}.get(name, name) for name in names
    ]
    with refused("history_of_now"):
        run(
            f"INSERT INTO escalations_historicalregion ({', '.join(names)}) SELECT {', '.join(said)} "
            "FROM escalations_historicalregion WHERE id = %s LIMIT 1",
            us.pk,
        )


def test_the_board_reckons_closings_once_for_however_many_tickets(ticket, cast, monkeypatch):
    severe("2026-10-14 20:01", owner=cast.ana)
    asked, turn = [], rota.Relay.turn
    monkeypatch.setattr(rota.Relay, "turn", lambda relay, at: asked.append(at) or turn(relay, at))
    board = handoff_board.board(cast.ana, utc("2026-10-14 20:05"))
    assert (len(board.write), len(asked)) == (2, len(rota.relays()))


def test_whoever_took_it_late_within_the_hours_of_then_keeps_it(ticket, cast, clock, duties):
    """Ana, of the United States, at 06:05 in New York; at 06:30 her region's hours are put off until 07:00."""
    on_duty(cast.ana, "us", CLOSES, "2026-10-16 00:00")
    swept(clock, "2026-10-14 23:31")
    row = offered(ticket, clock, Actor.of(cast.ana), "2026-10-15 00:20")
    handing.accept(row, by=Actor.of(cast.ana), at=clock(utc("2026-10-15 10:05")))
    row.refresh_from_db()
    another_version("07:00", "20:00", code="us-distributor", days=7, saved=utc("2026-10-15 10:30"))
    clock(utc("2026-10-15 10:31"))
    assert type(row).objects.standing().get() == row

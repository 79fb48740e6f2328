"""A region's hours are changed: the new ones count from the second midnight on, and no closing of today or tomorrow moves."""

import random
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from escalations import handing, handoff_board, rota
from escalations.invariants import checks
from escalations.models import Region
from escalations.region_hours import counts_from
from escalations.relay import crossings
from support.actors import Actor
from support.models import CalendarVersion, Mail
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


@pytest.mark.parametrize(
    ("saved", "since"),
    [
        ("2026-10-13 00:00", "2026-10-15 00:00"),
        ("2026-10-13 23:59", "2026-10-15 00:00"),
        ("2026-10-14 00:00", "2026-10-16 00:00"),
    ],
)
def test_new_hours_count_from_the_second_midnight_on(saved, since):
    assert counts_from(utc(saved).astimezone(ZoneInfo("Australia/Sydney"))) == utc(since)


@pytest.mark.parametrize("change", [earlier_by_two_hours, of_other_calendars])
@pytest.mark.parametrize("offered_already", [False, True])
def test_new_hours_move_no_closing_of_today_or_tomorrow(ticket, cast, clock, duties, change, offered_already):
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
    assert board.lines[0].new_hours == [
        ("United States", "Sat 17 Oct, 00:00"),
        ("Australia", "Sat 17 Oct, 00:00"),
    ]
    relay = rota.relay_of(ticket)
    closings = [
        crossing.at for crossing in crossings(relay.desks, utc("2026-10-15 09:00"), utc("2026-10-18 01:00"))
    ]
    assert closings == [
        utc("2026-10-15 10:00"),
        utc("2026-10-16 00:00"),
        utc("2026-10-16 10:00"),
        utc("2026-10-17 00:00"),
        utc("2026-10-17 08:00"),
        utc("2026-10-18 00:00"),
    ]
    assert swept(clock, "2026-10-15 23:31") == 1


def test_hours_end_with_the_midnight_from_which_others_count(ticket, cast, clock, sol):
    """The United States work until 22:00 in New York, and from 20:00 there, midnight in UTC, on until 20:00 again: a closing like any other."""
    us = {"code": "us-distributor", "days": 7}
    another_version("06:00", "22:00", **us, saved=utc("2026-10-12 09:00"))
    another_version("06:00", "20:00", **us, saved=utc("2026-10-13 09:00"))
    assert [swept(clock, f"2026-10-14 {at}") for at in ("23:29", "23:30", "23:31")] == [0, 1, 0]
    row = offered(ticket, clock, Actor.of(cast.ana), "2026-10-14 23:40")
    assert (row.closes_at, row.to_region.code) == (utc(CLOSES), "au")
    handing.accept(row, by=Actor.of(sol), at=clock(utc("2026-10-14 23:50")))
    assert swept(clock, "2026-10-15 00:01") == 0


def test_hours_that_others_go_on_from_make_no_closing(ticket, clock):
    """Until 20:00 in New York, midnight in UTC, and from then on until 22:00."""
    another_version("06:00", "22:00", code="us-distributor", days=7, saved=utc("2026-10-13 09:00"))
    assert rota.relay_of(ticket).next(utc("2026-10-14 21:00")).at == utc("2026-10-15 02:00")
    assert swept(clock, "2026-10-15 00:01") == 0


def test_what_is_put_right_on_the_same_day_never_counted(ticket):
    known = rota.relay_of(ticket).hours
    another_version("06:00", "14:00", code="us-distributor", days=7, saved=utc("2026-10-14 09:00"))
    assert rota.relay_of(ticket).hours["us"].changes_after(utc("2026-10-14 10:00")) == utc("2026-10-16 00:00")
    another_version("06:00", "20:00", code="us-distributor", days=7, saved=utc("2026-10-14 11:00"))
    [*_before, (_since, counting)] = rota.relay_of(ticket).hours["us"].told
    assert (counting, known["us"].told[-1][1]) == ("us-distributor@3", "us-distributor@1")
    assert len(rota.relay_of(ticket).hours["us"].told) == 2


@pytest.mark.parametrize("seed", range(4))
def test_the_database_reckons_the_same_closings(ticket, clock, seed):
    """Hours saved anew and calendars changed at random, up to thrice a day."""
    chance, begin = random.Random(seed), utc("2026-10-13 00:00")
    for day in range(7):
        for minute in sorted(chance.sample(range(1440), chance.randrange(4))):
            at = clock(begin + timedelta(days=day, minutes=minute))
            code = chance.choice(["us", "au"])
            if chance.random() < 0.3:
                row = region(code)
                row.calendar = chance.choice(["us-distributor", "au-distributor"])
                row.by(TESTS, at).save()
            else:
                hours = [f"{each:02}:00" for each in sorted(chance.sample(range(25), 4))]
                another_version(*hours, code=f"{code}-distributor", days=chance.choice([5, 7]), saved=at)
    relay = rota.relay_of(ticket)
    known = crossings(relay.desks, begin, begin + timedelta(days=11))
    assert len(known) > 10
    asked = {begin + timedelta(minutes=30 * n) for n in range(1, 11 * 48 + 1)}
    asked |= {each.at + step for each in known for step in (-timedelta.resolution, timedelta.resolution)}
    closing = [(each.closing, each.at) for each in known]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.code, i FROM escalations_region r, unnest(%s::timestamptz[]) i WHERE region_closes(r.id, i)",
            [sorted(asked)],
        )
        assert sorted(cursor.fetchall()) == sorted(closing)


def over_a_weekend(clock, cast, ticket):
    """Nobody works from Friday 24:00 in New York on; the ticket crosses again on Monday at 06:00 there, written on Saturday."""
    saved = utc("2026-10-12 09:00")
    another_version("00:00", "06:00", "20:00", "24:00", code="au-distributor", days=5, saved=saved)
    another_version("06:00", "20:00", code="us-distributor", days=5, saved=saved)
    uma = person("Uma", zone="America/New_York")
    on_duty(uma, "us", "2026-10-17 04:00", "2026-10-19 20:00")
    handed(ticket, clock, Actor.of(cast.ana), Actor.of(uma), "2026-10-17 03:30", "2026-10-17 03:50")
    return offered(ticket, clock, Actor.of(uma), "2026-10-17 05:00"), uma


def test_a_hand_off_that_was_written_days_before_may_be_moved(client, ticket, cast, clock):
    old, uma = over_a_weekend(clock, cast, ticket)
    assert old.closes_at == utc("2026-10-19 10:00")
    saved = clock(utc("2026-10-17 06:00"))
    another_version("00:00", "05:00", "20:00", "24:00", code="au-distributor", days=5, saved=saved)
    another_version("05:00", "20:00", code="us-distributor", days=5, saved=saved)
    assert swept(clock, "2026-10-19 08:31") == 1
    mail = Mail.objects.filter(key__startswith="handoff-alarm:").get().text
    assert "stands in its way. Its region closes at another time by now: take this hand-off back" in mail
    at = clock(utc("2026-10-19 08:32"))
    [card] = handoff_board.board(cast.max, at).offered
    assert ("take this hand-off back and write another one" in card.words, card.may_take) == (True, False)
    client.force_login(cast.max)
    page = client.get(f"/tickets/{ticket.number}/handoff/").text
    assert ("Its region closes at another time by now" in page, "Accept: the ticket" in page) == (True, False)
    client.force_login(uma)
    with time_machine.travel(at, tick=False):
        asked = post(client, "escalations:handoff-ask", ticket.number, about=2, text="Who calls at nine?")
    assert (asked.status_code, "Who calls at nine?" in asked.text) == (422, True)
    assert "take this hand-off back and write another one" in asked.text
    handing.take_back(old, text="Another hour.", by=Actor.of(cast.ana), at=at)
    row = offered(ticket, clock, Actor.of(cast.ana), "2026-10-19 08:33")
    assert (row.closes_at, row.to_region.code) == (utc("2026-10-19 09:00"), "us")
    handing.accept(row, by=Actor.of(uma), at=clock(utc("2026-10-19 08:34")))
    assert swept(clock, "2026-10-19 08:35") == 0
    [never] = [each for each in checks() if "a closing of the one before" in each.promise]
    assert list(never.breaches()) == []


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
    """Ana, of the United States, at 06:05 in New York; two days later her region begins at 07:00."""
    on_duty(cast.ana, "us", CLOSES, "2026-10-18 00:00")
    swept(clock, "2026-10-14 23:31")
    row = offered(ticket, clock, Actor.of(cast.ana), "2026-10-15 00:20")
    handing.accept(row, by=Actor.of(cast.ana), at=clock(utc("2026-10-15 10:05")))
    row.refresh_from_db()
    another_version("07:00", "20:00", code="us-distributor", days=7, saved=utc("2026-10-15 10:30"))
    clock(utc("2026-10-17 10:30"))
    assert not rota.is_open(row.from_region, utc("2026-10-17 10:30"))
    assert type(row).objects.standing().get() == row


def test_a_calendars_pages_say_from_when_on_a_region_works_by_it(client, ticket, cast, now):
    now("2026-10-14 21:00")
    client.force_login(cast.max)
    page = "/calendars/us-distributor/"
    assert "United States works by these hours." in client.get(page).text
    edited = client.get(f"{page}edit/").text
    assert "What you save counts in United States from Fri 16 Oct, 00:00 on." in edited
    another_version("06:00", "19:00", code="us-distributor", days=7, saved=utc("2026-10-14 21:00"))
    assert "United States works by these hours from Fri 16 Oct, 00:00 on." in client.get(page).text
    assert "works by" not in client.get("/calendars/uk-business/").text
    au = region("au")
    au.calendar = "us-distributor"
    au.by(TESTS, now("2026-10-14 21:30")).save()
    assert (
        "Australia works by these hours until Fri 16 Oct, 00:00."
        in client.get("/calendars/au-distributor/").text
    )


def test_a_region_that_leaves_a_calendar_works_by_it_until_then(client, ticket, cast, now):
    another_version("06:00", "19:00", code="us-distributor", days=7, saved=utc("2026-10-13 21:00"))
    us = region("us")
    us.calendar = "au-distributor"
    us.by(TESTS, now("2026-10-14 21:00")).save()
    client.force_login(cast.max)
    page = client.get("/calendars/us-distributor/").text
    assert "United States works by these hours until Fri 16 Oct, 00:00." in page
    now("2026-10-16 00:00")
    assert "works by" not in client.get("/calendars/us-distributor/").text

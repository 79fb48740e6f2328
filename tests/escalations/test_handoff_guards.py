"""Rules of regions, the rota and hand-offs in the database: scripts and SQL get no further than the pages do."""

import pytest
from django.db import connection, transaction

from escalations import handing
from escalations.models import HandOff, Region
from support.actors import Actor
from support.refusal import Refused
from tests.attacks import refused, run
from tests.escalations.handoff_cases import CLOSES, away, offered, on_duty, person, region, severe
from tests.factories import ANA, TESTS
from tests.support.calendar_moves import another_version
from tests.support.desk_cases import utc

HANDOFF = (
    "INSERT INTO escalations_handoff (ticket_id, position, kind, from_region_id, to_region_id, from_person_id, to_person_id, closes_at, alarm_at, "
    "standing, tried, next_action, expected, cases, state, offered_at, actor_kind, actor_id, actor_name, next_update_at) "
    "VALUES (%s, 9, %s, %s, %s, %s, %s, %s, '2030-01-01 00:00+00', %s, 'x', 'x', 'x', '{7}', 'accepted', '2030-01-01 00:00+00', 'staff', 1, 'Ana', '2030-01-01 00:00+00')"
)
STEP = (
    "INSERT INTO escalations_handoffstep (handoff_id, kind, text, at, actor_kind, actor_id, actor_name) "
    "VALUES (%s, %s, %s, '2030-01-01 00:00+00', %s, %s, 'Sol')"
)
ALARM = (
    "INSERT INTO escalations_handoffalarm (ticket_id, kind, closes_at, from_region_id, fired_at) "
    "VALUES (%s, 'region', %s, %s, '2030-01-01 00:00+00')"
)
pytestmark = pytest.mark.django_db


@pytest.fixture
def handoff(ticket, clock, cast, sol):
    return offered(ticket, clock, Actor.of(cast.ana))


def sql_handoff(
    ticket, *, kind="region", regions=("us", "au"), people=(None, None), closes=f"{CLOSES}+00", says="x"
):
    ids = [region(code).pk if code else None for code in regions]
    run(HANDOFF, ticket.pk, kind, *ids, *people, closes, says)


def step(handoff, kind, who, text="x", actor="staff"):
    run(STEP, handoff.pk, kind, text, actor, who.pk if who else None)


def test_place_state_instants_and_cases_are_the_databases(ticket, clock, cast):
    now = clock(utc("2026-10-14 21:00"))
    sql_handoff(ticket)
    row = HandOff.objects.get()
    assert (row.position, row.state, row.offered_at, row.cases) == (1, "offered", now, [])
    assert (row.alarm_at, row.from_person) == (utc("2026-10-14 23:30"), cast.ana)
    assert row.next_update_at == ticket.clocks.get(kind="response").due_at


def test_no_script_opens_a_second_one_or_one_between_other_regions(ticket, handoff, clock, cast):
    with refused("one_open_handoff_per_ticket"):
        sql_handoff(ticket)
    other = severe("2026-10-14 20:01", priority="B", owner=cast.ana)
    for regions, subject in [(("us", "us"), severe("2026-10-14 20:02")), (("us", "au"), other)]:
        with refused("handoff_between_the_services_regions"):
            sql_handoff(subject, regions=regions)
    with refused("handoff_to_a_region_or_a_person"):
        sql_handoff(severe("2026-10-14 20:03"), people=(None, cast.max.pk))
    with refused("handoff_says_what_the_next_one_needs"):
        sql_handoff(severe("2026-10-14 20:04"), says="  ")
    for instant in ("infinity", "-infinity"):
        with refused("handoff_in_our_time"):
            sql_handoff(severe("2026-10-14 20:05"), closes=instant)


def test_a_region_hands_over_when_it_closes_and_at_no_other_instant(ticket, clock):
    clock(utc("2026-10-14 21:00"))
    for closes in (
        "2026-10-14 23:59:59.999999+00",
        "2026-10-15 00:00:00.000001+00",
        "2026-10-15 10:00+00",
        "2026-12-24 11:11+00",
    ):
        with refused("handoff_at_a_closing"):
            sql_handoff(ticket, closes=closes)
    with refused("handoff_at_a_closing"):
        sql_handoff(ticket, regions=("au", "us"))
    for closes in ("2026-10-23 00:00+00", "2026-10-06 00:00+00", "2030-01-02 01:00+00"):
        with refused("handoff_for_a_closing_that_is_near"):
            sql_handoff(ticket, closes=closes)
    sql_handoff(ticket, regions=("au", "us"), closes="2026-10-14 10:00+00")


def test_what_is_for_an_hour_at_which_its_region_closes_no_more_is_not_accepted(ticket, handoff, sol, clock):
    another_version("06:00", "19:00", code="us-distributor", days=7, saved=utc("2026-10-12 08:00"))
    at = clock(utc("2026-10-15 00:05"))
    with pytest.raises(Refused, match="take this hand-off back and write another one"):
        handing.accept(handoff, by=Actor.of(sol), at=at)
    with refused("handoff_at_a_closing"):
        run(STEP, handoff.pk, "accepted", "", "staff", sol.pk)
    handing.take_back(handoff, text="It closes at 19:00.", by=ANA, at=at)


def test_a_ticket_goes_from_its_owner_to_somebody_of_the_desk(ticket, cast):
    person_to = {"kind": "person", "regions": (None, None)}
    for people in [(cast.max.pk, cast.ana.pk), (cast.ana.pk, cast.ana.pk)]:
        with refused("handoff_of_its_owner"):
            sql_handoff(ticket, people=people, **person_to)
    with refused("handoff_to_somebody_of_the_desk"):
        sql_handoff(ticket, people=(cast.ana.pk, cast.robin.pk), **person_to)


def test_only_the_receiving_rota_accepts_or_asks_back(handoff, sol, clock, cast):
    away(wren := person("Wren"))
    on_duty(wren)
    for who in (cast.ana, cast.robin, wren, None):
        for kind in ("accepted", "asked"):
            with refused("handoff_taken_on_duty"):
                step(handoff, kind, who)
    with refused("the_desk_answers_handoffs"):
        step(handoff, "accepted", sol, actor="contact")
    step(handoff, "accepted", sol)
    handoff.refresh_from_db()
    assert handoff.state == "accepted"
    for kind in ("accepted", "asked", "answered", "withdrawn"):
        with refused("handoff_is_over"):
            step(handoff, kind, sol)


def test_a_hand_off_to_a_person_is_taken_by_nobody_else(ticket, sol, clock, cast):
    row = offered(ticket, clock, Actor.of(cast.ana), person=cast.max, off_at=utc("2026-10-15 00:30"))
    with refused("handoff_taken_by_whom_it_is_for"):
        step(row, "accepted", cast.ana)
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("UPDATE support_ticket SET owner_id = %s WHERE id = %s", [sol.pk, ticket.pk])
        with refused("handoff_from_its_owner"):
            step(row, "accepted", cast.max)
        cursor.execute("UPDATE support_ticket SET owner_id = %s WHERE id = %s", [cast.ana.pk, ticket.pk])
    step(row, "accepted", cast.max)


def test_a_hand_off_to_a_person_is_not_taken_once_he_has_left_the_desk(ticket, clock, cast):
    row = offered(ticket, clock, Actor.of(cast.ana), person=cast.max, off_at=utc("2026-10-15 00:30"))
    cast.max.is_active = False
    cast.max.by(TESTS).save()
    for kind in ("accepted", "asked"):
        with refused("handoff_taken_by_somebody_of_the_desk"):
            step(row, kind, cast.max)
    step(row, "withdrawn", cast.ana)


def test_steps_come_in_their_order_and_say_something(handoff, sol):
    with refused("handoff_answered_when_asked"):
        step(handoff, "answered", sol)
    with refused("handoff_step_says_what"):
        step(handoff, "asked", sol, text=" ")
    with refused("handoff_step_of_a_known_kind"):
        step(handoff, "offered", sol)
    step(handoff, "asked", sol)
    with refused("handoff_asked_once_at_a_time"):
        step(handoff, "asked", sol)


def test_an_alarm_is_never_early_and_never_for_what_was_accepted(ticket, handoff, sol, clock):
    us = region("us").pk
    clock(utc("2026-10-14 23:29"))
    with refused("handoff_alarms_are_never_early"):
        run(ALARM, ticket.pk, f"{CLOSES}+00", us)
    clock(utc("2026-10-14 23:30"))
    run(ALARM, ticket.pk, f"{CLOSES}+00", us)
    with refused("handoff_alarms_once"):
        run(ALARM, ticket.pk, f"{CLOSES}+00", us)
    other = severe("2026-10-14 20:05", owner=ticket.owner)
    handing.accept(
        offered(other, clock, Actor.of(ticket.owner), "2026-10-14 23:31"),
        by=Actor.of(sol),
        at=clock(utc("2026-10-14 23:32")),
    )
    with refused("handoff_alarms_for_what_nobody_took"):
        run(ALARM, other.pk, f"{CLOSES}+00", us)
    away(sol)
    with refused("handoff_alarm_names_what_was_lost"):
        run(ALARM, other.pk, f"{CLOSES}+00", us)
    lost = ALARM.replace("fired_at)", "fired_at, lost_id)").replace(
        "+00')", f"+00', {other.handoffs.get().pk})"
    )
    run(lost, other.pk, f"{CLOSES}+00", us)
    with refused("escalations_handoffalarm_lost_id_key"):
        run(lost, other.pk, f"{CLOSES}+00", us)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE escalations_handoff SET state = 'accepted'",
        "UPDATE escalations_handoff SET standing = 'y'",
        "DELETE FROM escalations_handoff",
        "TRUNCATE escalations_handoff CASCADE",
        "DELETE FROM escalations_region",
        "TRUNCATE escalations_duty",
        *(
            f"{what} escalations_{table}{rest}"
            for table, column in [("handoffstep", "at"), ("handoffalarm", "fired_at")]
            for what, rest in [("UPDATE", f" SET {column} = {column}"), ("DELETE FROM", ""), ("TRUNCATE", "")]
        ),
    ],
)
def test_what_was_handed_over_stays(handoff, attack):
    with refused("permission denied"):
        run(attack)


def test_the_rota_is_of_the_desk_each_once_at_a_time_and_changes_leave_history(sol, cast):
    with refused("the_rota_is_of_the_desk"):
        on_duty(cast.robin)
    with refused("on_duty_once_at_a_time"):
        on_duty(sol, "us", "2026-10-15 09:59", "2026-10-15 12:00")
    on_duty(sol, "us", "2026-10-15 10:00", "2026-10-15 12:00")
    away(sol)
    with refused("absent_once_at_a_time"):
        away(sol, "2026-10-15 09:00", "2026-10-15 12:00")
    with refused("history_required"):
        run(
            "UPDATE escalations_duty SET until_at = '2026-10-15 09:00+00' WHERE region_id = %s",
            region("au").pk,
        )


def test_a_region_keeps_its_code_and_has_hours(cast):
    australia = Region.objects.get(code="au")
    with refused("regions_have_a_calendar"):
        run("UPDATE escalations_region SET calendar = 'nowhere' WHERE id = %s", australia.pk)
    with refused("regions_keep_their_code"):
        run("UPDATE escalations_region SET code = 'nz' WHERE id = %s", australia.pk)

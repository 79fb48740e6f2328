"""The rules of levels, engineering and management hold for plain SQL too; the negative control breaks them without the guard."""

import pytest
from django.db import connection

from escalations.models import ManagementEscalation
from tests.attacks import refused, run
from tests.escalations.level_cases import a_ticket, at_engineering, filled, up
from tests.factories import ANA
from tests.support.desk_cases import utc

MOVE = (
    "INSERT INTO escalations_levelmove (ticket_id, position, old, new, engineering, sheet_id, missed, impact, reason, actor_kind, "
    "actor_name) VALUES (%s, 7, 2, %s, false, %s, '', %s, 'x', 'staff', 'Ana')"
)
SHEET = (
    "INSERT INTO escalations_faultreport (ticket_id, number, answers, missing, file_id, actor_kind, actor_name) "
    "VALUES (%s, 7, '{}', '[]', %s, 'staff', 'Ana')"
)
REVIEW = (
    "INSERT INTO escalations_engineeringreview (move_id, impact, words, actor_kind, actor_name) "
    "VALUES (%s, 1, 'x', 'staff', 'Ana')"
)
OPEN = "INSERT INTO escalations_managementescalation (ticket_id, cause, alarm_id, move_id) VALUES (%s, %s, %s, %s)"
STEP = "INSERT INTO escalations_management{} (escalation_id, actor_kind, actor_id, actor_name{}) VALUES (%s, 'staff', %s, 'Ana'{})"
TABLES = [
    "faultreport",
    "levelmove",
    "engineeringreview",
    "managementescalation",
    "managementtaking",
    "managementupdate",
    "managementclosing",
]


@pytest.mark.django_db
def test_no_level_is_passed_over_and_none_receives_nothing(clock):
    ticket = a_ticket()
    for new in (3, 4, 5, 1, 0):
        with refused("level_by_level"):
            run(MOVE, ticket.pk, new, None, 1)
    with refused("level_receives_its_sheet"):
        run(MOVE, ticket.pk, 2, None, None)
    other = filled(a_ticket())
    with refused("level_receives_its_sheet"):
        run(MOVE, ticket.pk, 2, other.pk, None)


@pytest.mark.django_db
def test_what_is_missing_is_the_databases_word(clock):
    ticket = a_ticket()
    file = filled(ticket).file
    run(SHEET, ticket.pk, file.pk)
    sheet = ticket.fault_reports.last()
    assert (sheet.number, len(sheet.missing)) == (2, 8)
    up(ticket, 2, clock)
    with refused("level_receives_a_complete_sheet"):
        run(MOVE, ticket.pk, 3, sheet.pk, None)


@pytest.mark.django_db
def test_engineering_is_what_the_service_says_and_knows_the_impact(clock):
    ticket = a_ticket()
    filled(ticket)
    for new in (2, 3):
        up(ticket, new, clock)
    with refused("engineering_knows_the_impact"):
        run(MOVE, ticket.pk, 4, None, None)
    with refused("impact_is_known"):
        run(MOVE, ticket.pk, 4, None, 9)


@pytest.mark.django_db
def test_engineering_reviews_what_it_has_and_nothing_that_is_done(clock):
    waiting, done = a_ticket(), at_engineering(a_ticket(), clock)
    up_to_two = filled(waiting) and up(waiting, 2, clock)
    run(REVIEW, done.pk)
    done.ticket.resolve(outcome="resolved", by=ANA, at=clock(utc("2026-10-12 11:00")))
    for move in (up_to_two, done):
        with refused("engineering_reviews_its_own"):
            run(REVIEW, move.pk)


@pytest.mark.django_db
def test_nothing_but_its_cause_opens_management(clock):
    ticket = a_ticket(priority="P1")
    alarm = ticket.alarms.get(action="escalations.management")
    with refused("management_by_its_alarm"):
        run(OPEN, ticket.pk, "alarm", alarm.pk, None)
    move = at_engineering(a_ticket(), clock)
    with refused("management_beside_engineering"):
        run(OPEN, ticket.pk, "engineering", None, move.pk)
    with refused("management_of_this_severity"):
        run(OPEN, ticket.pk, "severity", None, None)


@pytest.mark.django_db
def test_only_managers_act_there_and_not_after_it_was_closed(clock, cast):
    at_engineering(a_ticket(priority="P1"), clock)
    row = ManagementEscalation.objects.get()
    update = STEP.format("update", ", words", ", 'x'")
    taking = STEP.format("taking", ", driver_id", f", {cast.ana.pk}")
    for attack, actor in [(update, cast.ana), (taking, cast.max)]:
        with refused("management_is_managers"):
            run(attack, row.pk, actor.pk)
    run(STEP.format("closing", ", reason", ", 'x'"), row.pk, cast.max.pk)
    with refused("management_is_closed"):
        run(update, row.pk, cast.max.pk)


@pytest.mark.django_db
def test_all_of_it_stays(clock):
    at_engineering(a_ticket(priority="P1"), clock)
    for table in TABLES:
        for attack in ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]:
            with refused("permission denied"):
                run(attack.format(f"escalations_{table}"))


@pytest.mark.broken_on_purpose
def test_without_its_guard_a_level_is_passed_over(own_database):
    connection.simulated_now = utc("2026-10-12 10:00").isoformat()
    connection.close()
    ticket = a_ticket()
    with connection.as_owner():
        run("ALTER TABLE escalations_levelmove DISABLE TRIGGER guard")
    run(
        MOVE.replace("actor_kind, ", "at, actor_kind, ").replace("'x', ", "'x', now(), "),
        ticket.pk,
        3,
        None,
        1,
    )
    assert ticket.level_moves.get().new == 3
    connection.simulated_now = ""
    connection.close()

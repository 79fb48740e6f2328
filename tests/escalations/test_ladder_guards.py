"""Invariant 25 in the database: no path puts a level before its time, and the checker sees it where one did."""

import pytest
from django.db import connection

from escalations.invariants import checks
from escalations.models import Escalation, EscalationClosing
from support.actors import Actor
from tests.attacks import refused, run
from tests.escalations.ladder_cases import GROUND, escalate, ladder_ticket
from tests.factories import ANA
from tests.support.desk_cases import utc

COLUMNS = (
    "ticket_id, position, level, levels, name, ground, missed, ground_text, reason, fallback, raised_at, not_before, "
    "override_reason, channel, actor_kind, actor_name"
)
LATER = "2026-10-20 00:00+00"  # what an attacker says that it is; the database knows better


def values(ticket, level, position, override=""):
    instants = (LATER, LATER) if position else ("2026-10-12 10:20+00", "2026-10-12 14:20+00")
    return (
        ticket.pk,
        position,
        level,
        4,
        "",
        GROUND,
        "",
        "",
        "Third day.",
        "",
        *instants,
        override,
        "desk",
        "staff",
        "Ana",
    )


def row(ticket, level, position):
    names = COLUMNS.split(", ")
    return Escalation(**dict(zip(names, values(ticket, level, position), strict=True)))


def save(ticket, *levels):
    for position, level in enumerate(levels):
        row(ticket, level, position + 2).save(force_insert=True)


def bulk_create(ticket, *levels):
    Escalation.objects.bulk_create([row(ticket, level, i + 2) for i, level in enumerate(levels)])


def plain_sql(ticket, *levels):
    marks = ", ".join(["%s"] * len(COLUMNS.split(", ")))
    rows = ", ".join([f"({marks})"] * len(levels))
    parameters = [value for i, level in enumerate(levels) for value in values(ticket, level, i + 2)]
    run(f"INSERT INTO escalations_escalation ({COLUMNS}) VALUES {rows}", *parameters)


def copy(ticket, *levels):
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY escalations_escalation ({COLUMNS}) FROM STDIN") as into,
    ):
        for i, level in enumerate(levels):
            into.write_row(values(ticket, level, i + 2))


PATHS = [save, bulk_create, plain_sql, copy]


def broken():
    check = next(checks())
    return [where for (where,) in check.breaches()]


@pytest.fixture
def on_level_1(clock, cast):
    ticket = ladder_ticket(holder=cast.northwind)
    escalate(ticket, clock, "2026-10-12 10:20")
    clock(utc("2026-10-12 11:20"))
    return ticket


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_a_level_before_its_time_is_refused_on_every_path(on_level_1, path):
    with refused("ladder_not_before_its_time"):
        path(on_level_1, 2)
    assert broken() == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("level", [3, 1, 4])
def test_no_level_is_passed_over_or_repeated_on_any_path(on_level_1, clock, path, level):
    clock(utc("2026-10-20 09:00"))
    with refused("ladder_level_by_level"):
        path(on_level_1, level)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_two_levels_in_one_statement_are_refused(clock, path):
    clock(utc("2026-10-12 10:20"))
    with refused("ladder_not_before_its_time"):
        path(ladder_ticket(), 1, 2)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_place_texts_and_instants_are_the_databases_whatever_was_sent(clock, path):
    ticket, now = ladder_ticket(), clock(utc("2026-10-12 10:20"))
    path(ticket, 1)
    row = Escalation.objects.get()
    assert (row.position, row.levels, row.name) == (1, 4, "Service Desk")
    assert (row.raised_at, row.not_before) == (now, utc("2026-10-12 14:20"))


@pytest.mark.django_db
def test_an_override_needs_a_manager_in_the_database_too(on_level_1, cast):
    early = row(on_level_1, 2, 2)
    early.override_reason = "Now."
    robin = cast.robin_contact
    for who, channel, contact in [
        (Actor.of(cast.ana), "desk", None),
        (Actor.system("import"), "alarm", None),
        (Actor.of(robin), "portal", robin),
    ]:
        early.actor, early.channel, early.contact, early.pk = who, channel, contact, None
        with refused("ladder_overridden_by_managers"):
            early.save(force_insert=True)
    early.actor, early.channel, early.contact = Actor.of(cast.max), "desk", None
    early.save(force_insert=True)
    assert broken() == []


@pytest.mark.django_db
@pytest.mark.parametrize(("level", "ground"), [(5, GROUND), (0, GROUND), (-1, GROUND), (1, "angry")])
def test_what_the_service_does_not_know_is_refused(clock, level, ground):
    unknown = row(ladder_ticket(), level, 2)
    unknown.ground = ground
    with refused("ladder_of_the_service"):
        unknown.save(force_insert=True)


@pytest.mark.django_db
def test_only_the_last_level_is_ended(on_level_1, clock):
    first = Escalation.objects.get()
    escalate(on_level_1, clock, "2026-10-12 14:20")
    with refused("ladder_ends_at_its_last"):
        EscalationClosing(escalation=first, reason="x", actor_kind="staff").save(force_insert=True)


@pytest.mark.django_db
def test_what_was_raised_acknowledged_and_closed_stays(on_level_1):
    row = Escalation.objects.get()
    row.acknowledge(by=ANA, at=utc("2026-10-12 11:20"))
    row.close(reason="Agreed.", by=ANA, at=utc("2026-10-12 11:20"))
    for table in ["escalation", "escalationacknowledgement", "escalationclosing"]:
        for attack in ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]:
            with refused("permission denied"):
                run(attack.format(f"escalations_{table}"))


@pytest.mark.broken_on_purpose
@pytest.mark.parametrize("path", PATHS)
def test_without_the_guard_every_path_breaks_it_and_the_checker_says_where(own_database, path):
    ticket = ladder_ticket()
    with connection.as_owner():
        run("ALTER TABLE escalations_escalation DISABLE TRIGGER guard")
    plain_sql_row = dict(zip(COLUMNS.split(", "), values(ticket, 1, 0), strict=True))
    Escalation(**plain_sql_row).save(force_insert=True)
    early = {**plain_sql_row, "level": 2, "position": 1, "raised_at": "2026-10-12 11:20+00"}
    Escalation(**early).save(force_insert=True)
    path(ticket, 4)
    assert broken() == [
        f"{ticket.number}, escalation 1 to level 2",
        f"{ticket.number}, escalation 2 to level 4",
    ]

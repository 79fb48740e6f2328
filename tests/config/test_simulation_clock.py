"""The database's clock: real time, unless the owner marked the database as a simulation."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection

from config import simulation
from tests.attacks import refused, run

WHEN = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_in_a_marked_database_the_session_says_what_time_it_is(clock):
    clock(WHEN)
    assert run("SELECT countersign_now()") == [(WHEN,)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attack",
    ["DELETE FROM simulation", "INSERT INTO simulation (why) VALUES ('x')", "UPDATE simulation SET why = ''"],
)
def test_the_app_can_neither_mark_nor_unmark(attack):
    with refused("permission denied"):
        run(attack)


@pytest.mark.parametrize("marked", [True, False])
def test_without_the_mark_the_setting_does_nothing(own_database, marked):
    if not marked:
        with connection.as_owner():
            run("DELETE FROM simulation")
    run("SELECT set_config('countersign.now', %s, false)", WHEN.isoformat())
    [(now,)] = run("SELECT countersign_now()")
    assert (now == WHEN) is marked


def test_a_database_is_marked_once(own_database):
    with pytest.raises(IntegrityError, match="simulation_pkey"):
        simulation.mark("again")

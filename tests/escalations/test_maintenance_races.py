"""Two at once on a maintenance window: it is called off once, and a ticket stands still once. Without the guards they are two."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from escalations import maintenance, maintenance_stops
from escalations.invariants import TOLD
from escalations.models import MaintenanceNotice, MaintenanceStop
from support.actors import Actor
from support.refusal import Refused
from tests.attacks import run
from tests.cases import Cast
from tests.escalations.maintenance_cases import announce, kept_contract
from tests.escalations.test_maintenance_guards import sql_notice, sql_told, told
from tests.support.desk_cases import raise_ticket, utc


@pytest.mark.parametrize("guarded", [True, pytest.param(False, marks=pytest.mark.broken_on_purpose)])
def test_a_window_is_called_off_once_though_two_do_it_at_once(own_database, guarded):
    with transaction.atomic():
        cast = Cast.made()
        contract = kept_contract(cast.northwind)
    window = _announced(cast, contract)
    if not guarded:
        with connection.as_owner():
            run("ALTER TABLE escalations_maintenancenotice DISABLE TRIGGER guard")
            run("DROP INDEX window_called_off_once")
            run("ALTER TABLE escalations_maintenancerecipient DISABLE TRIGGER guard")
            run("ALTER TABLE escalations_maintenancenotice DISABLE TRIGGER reaches")
    barrier = threading.Barrier(2)

    def withdraw(_):
        _at("2026-10-15 09:00")
        barrier.wait()
        try:
            with transaction.atomic():
                notice = sql_notice(window.pk, cast.ana, "withdrawn")
                sql_told(notice, told(contract))
        except Exception as error:
            return f"{error}"
        finally:
            connection.close()
        return "withdrawn"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(withdraw, range(2)))
    n = MaintenanceNotice.objects.filter(kind="withdrawn").count()
    assert n == (1 if guarded else 2), answers
    assert not guarded or "withdrawn or moved already" in answers[0]


def test_two_sweeps_at_once_stop_a_ticket_once(own_database):
    with transaction.atomic():
        cast = Cast.made()
        contract = kept_contract(cast.northwind)
    window = _announced(cast, contract)
    with transaction.atomic():
        product = contract.lines.get().product
        raise_ticket(contract, utc("2026-11-14 20:00"), priority="P1", product=product)
    barrier = threading.Barrier(2)

    def sweep(_):
        _at("2026-11-14 22:00")
        barrier.wait()
        try:
            return maintenance_stops.sweep()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sweep, range(2))) == [0, 1]
    assert MaintenanceStop.objects.get().window == window


def test_the_checker_names_a_ticket_that_stands_still_beyond_its_window(own_database):
    with transaction.atomic():
        cast = Cast.made()
        contract = kept_contract(cast.northwind)
    window = _announced(cast, contract)
    with transaction.atomic():
        product = contract.lines.get().product
        ticket = raise_ticket(contract, utc("2026-11-14 20:00"), priority="P1", product=product)
    _at("2026-11-14 22:00")
    assert maintenance_stops.sweep() == 1
    assert run(TOLD) == []
    with connection.as_owner():
        run("UPDATE support_wait SET until = %s", utc("2026-11-15 04:30"))
        assert run(TOLD) == [(f"ticket {ticket.pk} stands still for {window.number} beyond its end",)]
        run("UPDATE support_wait SET until = %s", utc("2026-11-15 02:00"))


def test_of_two_who_move_a_window_at_once_one_is_told(own_database):
    with transaction.atomic():
        cast = Cast.made()
        contract = kept_contract(cast.northwind)
    window = _announced(cast, contract)
    barrier = threading.Barrier(2)
    said = {
        "begins_at": utc("2026-11-20 00:00"),
        "ends_at": utc("2026-11-20 04:00"),
        "text": "The vendor asked.",
    }

    def move(_):
        _at("2026-10-15 09:00")
        barrier.wait()
        try:
            maintenance.move(window, **said, by=Actor.of(cast.ana), at=utc("2026-10-15 09:00"))
        except Refused as refused:
            return refused.sentence
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(move, range(2)))
    assert (answers[0], "moved already" in answers[1]) == ("", True)


def _at(text):
    connection.simulated_now = utc(text).isoformat()
    run("SELECT set_config('countersign.now', %s, false)", connection.simulated_now)


def _announced(cast, contract):
    _at("2026-10-14 09:00")
    return announce(cast.ana, lambda at: at, contract)

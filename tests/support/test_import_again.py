"""Importing again: nothing twice, what is new where that is well defined, and an import cut short ends the same."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from config.env import ROOT
from support import folding
from support.models import Clock, Contract, Customer, Event, Message, Ticket, Wait
from tests.factories import ANA
from tests.support.incident_cases import RULES, a_log, imported, ticket
from tests.support.table_cases import at, cycles, were


def counts():
    return [model.objects.count() for model in (Customer, Contract, Ticket, Event, Wait, Clock)]


def told():
    """All that an import leaves, without the numbers that the database gives."""
    events = Event.objects.order_by("source_key").values_list("source_key", "seq", "kind", "at")
    clocks = Clock.objects.order_by("ticket__title", "key").values_list("ticket__title", "verdict", "due_at")
    fields = ("title", "state", "outcome", "done_at", "priority", "rank", "changed_at", "contract__starts_on")
    waits = Wait.objects.order_by("started_at", "reason").values_list("reason", "started_at", "ended_at")
    return (
        list(events),
        list(clocks),
        list(Ticket.objects.order_by("title").values_list(*fields)),
        list(waits),
    )


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Europe/London", "America/Denver"])
def test_importing_twice_adds_nothing_and_says_so_where_the_times_are_others(zone, capsys):
    imported()
    before = counts(), told()
    imported(timezone=zone)
    assert (counts(), told()) == before
    said = capsys.readouterr().err.count("was imported with another opening, perhaps in another time zone")
    assert said == (0 if zone == "Europe/London" else 8)


@pytest.mark.django_db
def test_under_another_service_it_is_another_import():
    imported()
    imported(service="egroup-csp-advantage")
    assert Ticket.objects.count() == 16
    assert Contract.objects.filter(holder__name="Location 1").count() == 2


def written_at(row):
    """ "2016-06-06 12:30" of "06-06-2016 12:30", so that the texts come in the order of the times."""
    day, month, year, clock = row["sys_updated_at"].replace(" ", "-").split("-")
    return f"{year}-{month}-{day} {clock}"


def located(row):
    """Without the one row that does not know the place yet: a ticket stays with the customer it was opened for."""
    return (row["number"], row["sys_mod_count"]) != ("INC0000002", "0")


@pytest.mark.django_db
@pytest.mark.parametrize("delta", [False, True])
@pytest.mark.parametrize(
    "hour",
    ["2016-06-06 12:30", "2016-06-06 14:00", "2016-06-07 08:30", "2016-06-09 14:50", "2016-06-10 10:00"],
)
def test_an_updated_log_ends_as_if_it_had_been_imported_at_once(tmp_path, hour, delta):
    whole = a_log(tmp_path, located, name="whole.csv")
    with transaction.atomic():
        imported(whole)
        at_once = told()
        transaction.set_rollback(True)
    imported(a_log(tmp_path, lambda row: located(row) and written_at(row) <= hour, name="earlier.csv"))
    only_new = a_log(tmp_path, lambda row: located(row) and written_at(row) > hour, name="later.csv")
    imported(only_new if delta else whole)
    assert told() == at_once
    connection.check_constraints()


@pytest.mark.django_db
def test_a_row_that_lies_before_what_was_imported_is_reported_and_changes_nothing(tmp_path, capsys):
    imported()
    before = counts()
    late = {
        "sys_mod_count": "1",
        "sys_updated_at": "06-06-2016 11:00",
        "incident_state": "Awaiting User Info",
    }
    imported(a_log(tmp_path, more=[("INC0000001", late)]))
    assert counts() == before
    said = capsys.readouterr().err
    assert f"INC0000001 ({ticket(1).number}) is left as it is: line 34" in said


@pytest.mark.django_db
def test_what_the_desk_has_worked_on_is_left_to_the_desk(tmp_path, capsys):
    imported()
    Message.reply(ticket(5), "The carrier answered.", by=ANA, at=at("2016-06-09 15:30+01:00"))
    before = counts()
    imported()
    assert capsys.readouterr().err == ""
    new = {"sys_mod_count": "3", "sys_updated_at": "09-06-2016 16:00", "incident_state": "Resolved"}
    imported(a_log(tmp_path, more=[("INC0000005", new)]))
    assert counts() == before
    assert "INC0000005" in capsys.readouterr().err


@pytest.mark.django_db
def test_what_the_desk_does_after_an_import_is_judged():
    imported()
    Message.reply(ticket(5), "The carrier answered.", by=ANA, at=at("2016-06-09 15:30+01:00"))
    expected = were(("unjudged", "2016-06-09 16:00+01:00"), ("pending", "2016-06-09 17:30+01:00"))
    assert cycles(ticket(5), "update") == expected


@pytest.mark.django_db
def test_a_contract_begins_earlier_when_an_earlier_incident_turns_up(tmp_path):
    imported(a_log(tmp_path, lambda row: row["number"] == "INC0000003"))
    assert str(Contract.objects.get(holder__name="Location 1").starts_on) == "2016-06-07"
    imported()
    assert str(Contract.objects.get(holder__name="Location 1").starts_on) == "2016-06-06"


class Killed(BaseException):
    """What no program catches."""


@pytest.mark.django_db
@pytest.mark.parametrize("after", [1, 4, 7])
def test_cut_short_and_repeated_it_ends_the_same(monkeypatch, after):
    with transaction.atomic():
        imported()
        at_once = told()
        transaction.set_rollback(True)
    stores, store = [], folding.store

    def dying(ticket):  # in the middle of an incident: its rows are written, not yet committed
        stores.append(ticket)
        if len(stores) > after:
            raise Killed
        store(ticket)

    with monkeypatch.context() as patched:
        patched.setattr(folding, "store", dying)
        with pytest.raises(Killed):
            imported()
    assert Ticket.objects.count() == after
    imported()
    assert told() == at_once


def test_two_imports_at_once_import_each_incident_once(own_database):
    def one(_):
        try:
            return imported()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, range(2)))
    assert Ticket.objects.count() == 8
    assert Customer.objects.filter(name__startswith="Location").count() == 4
    assert len(told()[0]) == 35


@pytest.mark.parametrize(("there", "code"), [(True, 0), (False, 1)])
def test_the_exit_code_says_whether_it_was_imported(own_database, tmp_path, there, code):
    file = a_log(tmp_path, name=f"{own_database}.csv") if there else tmp_path / "nowhere.csv"
    options = [f"--{name}={value}" for name, value in RULES.items()]
    done = subprocess.run(
        [sys.executable, "manage.py", "import_incidents", str(file), "--json", *options],
        cwd=ROOT,
        env={**os.environ, "DATABASE_NAME": own_database},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert (json.loads(done.stdout)["created"] == 8) if code == 0 else ("There is no file" in done.stderr)

"""Alarms with two sweepers, a killed worker and three days of downtime: each has one effect (invariant 21)."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

from django.db import connection, transaction

from config.env import ROOT
from support import alarms, tasks
from support.desk import warning
from support.models import Alarm, Mail
from tests.attacks import run
from tests.billing.at_once import at_once, both, take_off
from tests.billing.billing_cases import set_clock
from tests.support.desk_cases import contract_under, raise_ticket, utc

OPENED, LATER = utc("2026-10-12 09:00"), utc("2026-10-12 09:30")
TICKETS = 30
DIES_IN_ITS_BATCH = """
import django, time
django.setup()
from support import alarms
from support.desk import warning
def act(due, at):
    warning.tell(due, at)
    print("now", flush=True); time.sleep(60)
alarms.register("support.warn", act)
alarms.sweep("support")
"""


def many():
    with transaction.atomic():
        contract = contract_under("exponential-e-ucc")
        for n in range(TICKETS):
            raise_ticket(contract, OPENED + timedelta(seconds=n), priority="High")
    return Alarm.objects.filter(due_at__lte=LATER + timedelta(minutes=1)).count()


def naive(_i):
    """What a sweep is without its claim: ask what is due, act, write down that it was done."""
    due = list(
        Alarm.objects.armed()
        .filter(due_at__lte=LATER + timedelta(minutes=1))
        .select_related("ticket__customer", "ticket__owner")
    )
    for alarm in due:
        with transaction.atomic():
            warning.tell([alarm], LATER)
            Alarm.objects.filter(pk=alarm.pk).update(fired_at=LATER + timedelta(minutes=1))
    return len(due)


@both
def test_sweepers_at_once_tell_everybody_once(own_database, guarded, monkeypatch):
    due = many()
    assert due == 2 * TICKETS
    if guarded:
        monkeypatch.setattr(alarms, "BATCH", 7)
        fired = at_once(4, lambda i: alarms.sweep("support"), clock=LATER + timedelta(minutes=1))
        assert (sum(fired), Mail.objects.count()) == (due, due)
        return
    take_off(("support_alarm", "guard"))
    with connection.as_owner():
        run("ALTER TABLE support_mail DROP CONSTRAINT support_mail_key_key")
    at_once(4, naive, clock=LATER + timedelta(minutes=1))
    assert Mail.objects.count() > due


def test_a_worker_killed_in_its_batch_leaves_it_armed_and_the_next_tells_everybody_once(own_database):
    due = many()
    environment = {
        **os.environ,
        "DATABASE_NAME": own_database,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PGOPTIONS": f"-c countersign.now={(LATER + timedelta(minutes=1)).isoformat().replace(' ', 'T')}",
    }
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", "import os\n" + DIES_IN_ITS_BATCH],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout.readline() == "now\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    assert not Mail.objects.exists()
    set_clock(LATER + timedelta(minutes=1))
    assert alarms.sweep("support") == due
    assert Mail.objects.count() == due


def test_three_days_without_a_worker_give_each_breach_once(own_database):
    many()
    set_clock(utc("2026-10-15 09:00"))
    everything = Alarm.objects.count()
    assert alarms.sweep("support") == everything
    assert alarms.sweep("support") == 0
    keys = Mail.objects.values_list("key", flat=True)
    assert len(keys) == len(set(keys)) == everything


def test_a_job_that_runs_twice_sweeps_nothing_twice(own_database):
    due = many()
    set_clock(LATER + timedelta(minutes=1))
    for _ in range(2):
        tasks.sweep(timestamp=0)
    assert Mail.objects.count() == due

"""Due work is never early, at most a minute late, and once after downtime (22); work that is lost is seen within five minutes (26)."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from inspect import signature

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from config.env import ROOT
from escalations import notices
from escalations.models import DueNotice
from support import alarms, jobs, tasks, troubled
from support.mail import outbox
from support.models import Alarm, Mail
from tests.attacks import run
from tests.billing.at_once import at_once, both, take_off
from tests.billing.billing_cases import set_clock
from tests.cases import Cast
from tests.escalations.handoff_cases import CLOSES, region, severe
from tests.escalations.outage_cases import declare, hit_contract
from tests.support.desk_cases import contract_under, raise_ticket, utc

OPENED = utc("2026-10-12 09:00")
MINUTE = timedelta(minutes=1)
SWEEPS = ["support.sweep", "escalations.sweep", "escalations.sweep_notices", "escalations.climb"]
SWEEPS += ["escalations.handoffs", "escalations.owe_reports", "escalations.maintenance"]
SWEEPS += ["escalations.report_papers"]
WORKER = """
import django, time
django.setup()
from support import jobs
from support.mail import outbox
def work(number):
    print("now", flush=True); time.sleep({seconds})
outbox.send = work
jobs.app.periodic_registry.periodic_tasks.clear()  # what is due by the minute is the test's to say
own = jobs.app.with_connector(jobs.app.connector.get_worker_connector())
with own.open():
    own.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
"""
DIES_AT_WORK, WORKS = WORKER.format(seconds=120), WORKER.format(seconds=0)


def opened():
    """Armed alarms of one ticket; answers the first of them."""
    with transaction.atomic():
        raise_ticket(contract_under("exponential-e-ucc"), OPENED, priority="High")
    return Alarm.objects.order_by("due_at").first()


def owing():
    """An outage whose first notice is owed."""
    with transaction.atomic():
        declare(Cast.made(), lambda at: set_clock(at) or at, hit_contract())
    return DueNotice.objects.get()


def test_four_sweepers_a_second_before_it_is_due_fire_nothing_and_at_it_once(own_database):
    alarm = opened()
    early, due = alarm.due_at - timedelta(seconds=1), alarm.due_at
    assert at_once(4, lambda i: alarms.sweep("support"), clock=early) == [0] * 4
    assert sum(at_once(4, lambda i: alarms.sweep("support"), clock=due)) == 1
    assert sum(at_once(4, lambda i: alarms.sweep("support"), clock=due)) == 0
    alarm.refresh_from_db()
    assert alarm.fired_at == due


def test_four_sweepers_tell_of_a_notice_at_its_instant_and_not_before(own_database):
    row = owing()
    for instant, told in [
        (row.warn_at - timedelta(seconds=1), 0),
        (row.warn_at, 1),
        (row.due_at - timedelta(seconds=1), 0),
        (row.due_at, 1),
    ]:
        before = Mail.objects.filter(key__startswith="notice-").count()
        at_once(4, lambda i: notices.sweep(OPENED), clock=instant)
        sent = Mail.objects.filter(key__startswith="notice-").count() - before
        assert (sent > 0) == bool(told)
    assert Mail.objects.filter(key__startswith=f"notice-due:{row.pk}:").count() == 2  # Max and Ana


def notice():
    row = owing()
    return (
        row.due_at,
        "UPDATE escalations_duenotice SET told_at = due_at WHERE id = %s RETURNING id",
        [row.pk],
    )


def alarm():
    row = opened()
    return row.due_at, "UPDATE support_alarm SET fired_at = due_at WHERE id = %s RETURNING id", [row.pk]


def handoff_alarm():
    ticket, crosses = severe(), utc(CLOSES)
    due = crosses - 30 * MINUTE
    row = (
        "INSERT INTO escalations_handoffalarm (ticket_id, kind, closes_at, from_region_id, fired_at) "
        "VALUES (%s, 'region', %s, %s, %s) RETURNING id"
    )
    return due, row, [ticket.pk, crosses, region("us").pk, due]


@both
@pytest.mark.parametrize("of", [notice, alarm, handoff_alarm])
def test_no_script_tells_before_it_is_due(own_database, guarded, of):
    """Sixteen at once write that somebody was told in time, a second early; without the guard it is so."""
    with transaction.atomic():
        due, sql, values = of()
    table = sql.removeprefix("INSERT INTO ").removeprefix("UPDATE ").split()[0]
    if not guarded:
        take_off((table, "guard"))

    def tell(i):
        try:
            return bool(run(sql, *values))
        except Exception as error:
            return f"{error}"

    answers = at_once(16, tell, clock=due - timedelta(seconds=1))
    assert answers.count(True) == 0 if guarded else answers.count(True) > 0
    assert not guarded or all("early" in answer or "before its time" in answer for answer in answers)


def test_what_came_due_in_three_days_of_downtime_is_told_once(own_database):
    row = owing()
    late = row.due_at + timedelta(days=3)
    at_once(4, lambda i: notices.sweep(late), clock=late)
    at_once(4, lambda i: notices.sweep(late), clock=late + MINUTE)
    keys = list(Mail.objects.filter(key__startswith="notice-due:").values_list("key", flat=True))
    assert len(keys) == len(set(keys)) == 2
    row.refresh_from_db()
    assert row.told_at == late


def test_whatever_comes_due_is_looked_for_each_minute():
    """A healthy worker is at most a minute late."""
    known = {task.task.name: task.cron for task in jobs.app.periodic_registry.periodic_tasks.values()}
    assert tasks.sweep.name in SWEEPS
    for name in SWEEPS:
        assert known[name] == "* * * * *"


def test_every_job_that_is_told_an_instant_is_called_by_a_cron():
    """Such a job has no other caller: without its cron nobody would ever run it."""
    told = {name for name, job in jobs.app.tasks.items() if "timestamp" in signature(job.func).parameters}
    called = {each.task.name for each in jobs.app.periodic_registry.periodic_tasks.values()}
    assert set(SWEEPS) <= told
    assert {
        name for name in told if name.partition(".")[0] in {"support", "billing", "escalations"}
    } <= called


@pytest.mark.parametrize("watched", [True, False])
def test_a_job_whose_worker_was_killed_is_seen_within_five_minutes(own_database, monkeypatch, watched):
    """At work it is nobody's; once its worker is dead it is on the screen in time. Unless nobody listens to its heart."""
    number = jobs.defer("support.send_mail", mail=1)
    _killed_at_work(own_database)
    assert ProcrastinateJob.objects.get(pk=number).status == troubled.DOING
    [(heard,)] = run("SELECT last_heartbeat FROM procrastinate_workers")
    if not watched:
        monkeypatch.setattr(troubled, "SILENT", timedelta(days=1))
    assert not ProcrastinateJob.objects.filter(troubled.jobs(heard)).exists()
    found = ProcrastinateJob.objects.filter(troubled.jobs(heard + timedelta(minutes=5)), pk=number)
    assert found.exists() == watched


@pytest.mark.parametrize(("silent", "minded"), [(True, True), (True, False), (False, True)])
def test_what_a_killed_worker_had_in_its_hands_is_done_by_the_next(own_database, silent, minded):
    """Where its heart is silent and somebody minds: a worker that lives keeps its job."""
    number = jobs.defer("support.send_mail", mail=1)
    _killed_at_work(own_database)
    if silent:
        run("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour'")
    if minded:
        jobs.defer("support.retry_stalled", timestamp=0)
    said, _errors = _worker(own_database, WORKS).communicate(timeout=60)
    done = silent and minded
    assert said == ("now\n" if done else "")
    status = ProcrastinateJob.objects.get(pk=number).status
    assert status == ("succeeded" if done else troubled.DOING)


def _worker(database, script):
    return subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "DATABASE_NAME": database, "DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )


def _killed_at_work(database):
    process = _worker(database, DIES_AT_WORK)
    assert process.stdout.readline() == "now\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


@both
def test_the_mail_of_what_was_undone_never_leaves_and_of_what_was_kept_always_does(own_database, guarded):
    """Sixteen queue at once and every other is undone (33). The control queues outside of the transaction of its cause."""

    def queue(i):
        said = {"to": [f"p{i}@a.example"], "subject": "s", "text": "t", "at": OPENED}
        try:
            if not guarded:
                outbox.queue(f"k{i}", **said)
            with transaction.atomic():
                if guarded:
                    outbox.queue(f"k{i}", **said)
                if i % 2:
                    raise InterruptedError
        except InterruptedError:
            return

    at_once(16, queue)
    kept = {f"k{i}" for i in range(0, 16, 2)}
    assert (set(Mail.objects.values_list("key", flat=True)) == kept) == guarded
    queued = ProcrastinateJob.objects.filter(task_name="support.send_mail").count()
    assert queued == Mail.objects.count()

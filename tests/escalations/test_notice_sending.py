"""A notice to two thousand: queued in one go, sent by the worker's job; a killed worker loses none (invariant 33)."""

import os
import signal
import subprocess
import sys
from collections import Counter

import pytest
from django.core import mail as sent
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from config.env import ROOT
from escalations import notices, outages
from escalations.models import Notice, NoticeRecipient
from support import tasks
from support.actors import Actor
from support.models import Contact, Mail
from tests.billing.billing_cases import set_clock
from tests.cases import Cast
from tests.escalations.outage_cases import SAID, declare, hit_contract, send
from tests.factories import TESTS
from tests.support.desk_cases import utc

QUERIES = 30  # of a notice to however many
MANY = 2000
CHILD = """
import os, sys, time
import django
django.setup()
from django.core.mail import EmailMessage
"""
DIES_WITH_A_MAIL_IN_THE_AIR = """
from support import tasks
from support.models import Mail
def leave(message, **options):
    with open(sys.argv[1], "a") as air:
        print(message.extra_headers["Message-ID"], file=air, flush=True)
    if leave.left:
        leave.left -= 1
    else:
        print("now", flush=True); time.sleep(60)
leave.left = 2
EmailMessage.send = leave
for number in Mail.objects.order_by("pk").values_list("pk", flat=True):
    tasks.send_mail(mail=number)
"""
DIES_WHILE_IT_QUEUES = """
from escalations import notices, outages
from escalations.models import Outage
from support.actors import Actor
from support.mail import outbox
from support.models import User
queue = outbox.queue_all
def stop(drafts):
    queue(drafts)
    print("now", flush=True); time.sleep(60)
outbox.queue_all = stop
by = Actor.of(User.objects.get(name="Ana"))
outage = Outage.objects.get()
notices.send(outage, details="x", impact="x", expected_at=None, by=by, at=outage.declared_at)
"""


def nominate(customer, people):
    rows = [
        Contact(
            customer=customer,
            name=f"Person {n}",
            email=f"p{n}@many.example",
            nominated_for_outages=True,
            time_zone=["Europe/London", "America/New_York"][n % 2],
        )
        for n in range(people)
    ]
    from simple_history.utils import bulk_create_with_history

    for row in rows:
        row.by(TESTS)
    bulk_create_with_history(rows, Contact, batch_size=500)


def child(database, code, *arguments):
    """A process on the test's database that has said that it is where it shall die."""
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD + code, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_NAME": database, "DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "now\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def declared(people):
    with transaction.atomic():
        cast = Cast.made()
        contract = hit_contract(cast.northwind, contacts=0)
        nominate(cast.northwind, people)
        outage = declare(cast, lambda at: set_clock(at) or at, contract)
    return cast, outage


@pytest.mark.django_db
def test_two_thousand_are_queued_in_one_go_and_sent_by_the_workers_job(cast, clock):
    contract = hit_contract(cast.northwind, contacts=0)
    nominate(cast.northwind, MANY)
    outage = declare(cast, clock, contract)
    with CaptureQueriesContext(connection) as asked:
        row = send(outage, cast, clock, "2026-10-14 09:10")
    assert len(asked) <= QUERIES
    assert row.recipients == NoticeRecipient.objects.count() == Mail.objects.count() == MANY
    jobs = ProcrastinateJob.objects.filter(task_name="support.send_mail").values_list("args", flat=True)
    assert len(jobs) == MANY
    for arguments in jobs:
        tasks.send_mail(**arguments)
    assert Counter(address for message in sent.outbox for address in message.to) == Counter(
        f"p{n}@many.example" for n in range(MANY)
    )
    assert not Mail.objects.exclude(state="sent").exists()


def test_a_killed_worker_loses_none_and_sends_one_twice_at_most_under_its_message_id(own_database, tmp_path):
    cast, outage = declared(8)
    notices.send(outage, **SAID, by=Actor.of(cast.ana), at=utc("2026-10-14 09:00"))
    air = tmp_path / "air"
    for _ in range(2):
        child(own_database, DIES_WITH_A_MAIL_IN_THE_AIR, air)
    for number in Mail.objects.values_list("pk", flat=True):
        tasks.send_mail(mail=number)
    left = air.read_text().split() + [each.extra_headers["Message-ID"] for each in sent.outbox]
    counted = Counter(left)
    assert set(counted) == set(Mail.objects.filter(state="sent").values_list("message_id", flat=True))
    assert len(counted) == 8
    assert sorted(counted.values()) == [1, 1, 1, 1, 1, 1, 2, 2]  # one for each kill


def test_whoever_is_killed_while_it_is_queued_leaves_nothing_and_the_notice_is_still_owed(own_database):
    cast, outage = declared(8)
    child(own_database, DIES_WHILE_IT_QUEUES)
    assert not Mail.objects.exists()
    assert not Notice.objects.exists()
    assert outages.owed(outage) is not None
    row = notices.send(outage, **SAID, by=Actor.of(cast.ana), at=utc("2026-10-14 09:00"))
    assert row.recipients == Mail.objects.count() == 8

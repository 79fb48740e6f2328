"""Two invoice runs at once, and runs killed anywhere: everything is billed once, numbers have no gap (11, 12, 18)."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.db import DatabaseError, connection, transaction

from billing import invoicing, timing
from billing.models import BilledEntry, Invoice, InvoiceLine, TimeEntry
from billing.unbilled import hold_invoices
from config.env import ROOT
from support.models import LegalEntity
from support.refusal import Refused
from tests.attacks import run
from tests.billing.at_once import at_once, both
from tests.billing.billing_cases import at, entry, world
from tests.factories import TESTS

OCTOBER = at(0, day=1).date()
CHILD = """
import django, sys, time
django.setup()
from datetime import date
from django.db import transaction
from django.utils import timezone
from billing import invoicing
from billing.models import Invoice, Approval
from support.actors import Actor
from support.models import LegalEntity
by, entity, october = Actor.system("child"), LegalEntity.objects.order_by("id").first(), date(2026, 10, 1)
"""
DIES_AFTER_DRAFTING = """
invoicing.draft(entity, october, by=by, at=timezone.now())
print("now", flush=True); time.sleep(60)
"""
DIES_WHILE_DRAFTING = """
with transaction.atomic():
    invoicing.draft(entity, october, by=by, at=timezone.now())
    print("now", flush=True); time.sleep(60)
"""
DIES_WHILE_ISSUING = """
[invoice, *others] = invoicing.draft(entity, october, by=by, at=timezone.now())
with transaction.atomic():
    invoicing.issue(invoice, by=by, at=timezone.now())
    print("now", flush=True); time.sleep(60)
"""
ISSUES_AND_CREDITS_FOR_EVER = """
mine = Approval.objects.get(pk=int(sys.argv[1])).engagement.contract.bill_to
print("now", flush=True)
while True:
    with transaction.atomic():
        [invoice] = [i for i in invoicing.draft(entity, october, by=by, at=timezone.now()) if i.bill_to == mine]
    try:
        invoice = invoicing.issue(invoice, by=by, at=timezone.now())
        invoicing.credit(invoice, reason="Again.", by=by, at=timezone.now())
    except Exception as error:
        assert "issued" in str(error) or "booking" in str(error), error
"""


def child(database, code, *arguments):
    """A process on the test's database that has said that it is where it shall die."""
    environment = {**os.environ, "DATABASE_NAME": database, "DJANGO_SETTINGS_MODULE": "config.settings"}
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD + code, *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "now\n"
    return process


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def standing():
    """Which entry stands on which invoice, and what the invoices come to."""
    live = BilledEntry.objects.filter(credited_by=None, line__invoice__number__isnull=False)
    invoices = Invoice.objects.order_by("series", "number").values_list("number", "total")
    return sorted(live.values_list("entry_id", flat=True)), list(invoices)


@pytest.mark.parametrize("code", [DIES_AFTER_DRAFTING, DIES_WHILE_DRAFTING, DIES_WHILE_ISSUING])
def test_a_killed_run_is_repeated_and_ends_the_same(own_database, code):
    first, second = world(), world()
    rows = [entry(first, at(10), at(11)), entry(second, at(10), at(10.5)), entry(second, at(11), at(12))]
    TimeEntry.objects.bulk_create(rows)
    kill(child(own_database, code))
    for _ in range(2):
        invoicing.run(first.entity, OCTOBER, by=TESTS, at=at(18))
    entries, invoices = standing()
    assert entries == [row.pk for row in rows]
    assert sorted(invoices) == [(1, 250), (2, 375)] or sorted(invoices) == [(1, 375), (2, 250)]


def test_two_runs_at_once_bill_everything_once(own_database):
    worlds = [world() for _ in range(3)]
    rows = [entry(w, at(10 + n), at(11 + n)) for w in worlds for n in range(3)]
    TimeEntry.objects.bulk_create(rows)

    def act(i):
        return len(
            invoicing.run(LegalEntity.objects.get(pk=worlds[0].entity.pk), OCTOBER, by=TESTS, at=at(18))
        )

    assert sum(at_once(4, act, clock=at(18))) == 3
    assert standing() == ([row.pk for row in rows], [(1, 750), (2, 750), (3, 750)])


@both
def test_sixteen_writers_put_an_entry_on_one_line(own_database, guarded):
    w = world()
    rows = [entry(w, at(10 + n / 4), at(10.25 + n / 4)) for n in range(8)]
    TimeEntry.objects.bulk_create(rows)
    draft = Invoice(legal_entity=w.entity, bill_to=w.contract.bill_to, month=OCTOBER)
    draft.save(force_insert=True)
    lines = [
        InvoiceLine.objects.create(
            invoice=draft, position=n, kind="time", approval=w.approval, rate=250, net=0
        )
        for n in range(16)
    ]
    if not guarded:
        with connection.as_owner():
            run("DROP INDEX entry_on_one_live_line")

    def act(i):
        for row in rows:
            try:
                with transaction.atomic():
                    BilledEntry.objects.create(line=lines[i], entry=row)
            except DatabaseError as error:
                assert "entry_on_one_live_line" in str(error)

    at_once(16, act, clock=at(18))
    assert BilledEntry.objects.count() == (8 if guarded else 128)
    if guarded:
        draft.lines.exclude(billed__isnull=False).delete()
        BilledEntry.objects.all().delete()  # a draft's lines of no price are no invoice: the checker asks for their sums
        InvoiceLine.objects.all().delete()


def test_time_that_is_being_billed_is_not_superseded(own_database):
    w = world()
    rows = [entry(w, at(10 + n / 4), at(10.25 + n / 4)) for n in range(12)]
    TimeEntry.objects.bulk_create(rows)

    def act(i):
        if i == 0:
            return invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))
        for row in rows[i::3]:
            try:
                with transaction.atomic():
                    hold_invoices(w.entity, OCTOBER, shared=True)
                    [(new,)] = run("SELECT nextval('billing_timeentry_id_seq')")
                    TimeEntry.objects.filter(pk=row.pk).update(superseded_by=new)
                    entry(w, row.started_at, row.stopped_at, id=new).save(force_insert=True)
            except DatabaseError as error:
                assert "is on INV-" in str(error)
        return None

    at_once(3, act, clock=at(18))
    assert not BilledEntry.objects.filter(entry__superseded_by__isnull=False).exists()


@both
def test_a_correction_and_a_draft_wait_for_each_other(own_database, monkeypatch, guarded):
    """Each holds what the other one wants unless both take the month first."""
    w = world()
    row = entry(w, at(10), at(11))
    row.save()
    invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
    if not guarded:
        monkeypatch.setattr(timing, "hold_invoices", lambda *args, **options: None)
    unbilled = invoicing.unbilled
    monkeypatch.setattr(invoicing, "unbilled", lambda *args: (time.sleep(1), unbilled(*args))[1])
    monkeypatch.setattr(timing, "hold", lambda *args, held=timing.hold: (time.sleep(0.3), held(*args))[1])
    said = []

    def act(i):
        try:
            if i:
                invoicing.draft(w.entity, OCTOBER, by=TESTS, at=at(18))
            else:
                timing.cancel(row, reason="A mistake.", by=TESTS, at=at(18))
        except Refused as refused:
            said.append(refused.sentence)

    at_once(2, act, clock=at(18))
    assert bool(said) is not guarded


def test_numbers_have_no_gap_whoever_is_killed(own_database):
    worlds = [world() for _ in range(3)]
    TimeEntry.objects.bulk_create([entry(w, at(10), at(11)) for w in worlds])
    writers = [child(own_database, ISSUES_AND_CREDITS_FOR_EVER, w.approval.pk) for w in worlds]
    for writer in writers:
        time.sleep(0.7)
        kill(writer)
    numbers = list(Invoice.objects.issued().order_by("number").values_list("number", flat=True))
    assert len(numbers) > 10
    assert numbers == list(range(1, len(numbers) + 1))

"""Voiding a batch: finance's act, with a reason; its files stay, its invoices stand in one live batch again (15)."""

import threading

import pytest
from django.db import connection

from billing import exporting
from billing.models import ExportBatch, ExportedInvoice, ExportVoid
from support.actors import Actor
from support.refusal import Refused
from tests.attacks import refused, run
from tests.billing.billing_cases import at, set_clock
from tests.billing.export_cases import OCTOBER, export, files, issue, ready
from tests.ground import standing_on

w = standing_on(ready)


def void(w, batch, reason="Wrong company.", by=None):
    return exporting.void(batch, reason=reason, by=Actor.of(by or w.fin), at=at(18))


def test_the_invoices_of_a_voided_batch_are_exported_again_and_its_files_stay(w):
    [invoice] = issue(w, 60)
    first = export(w, "generic")
    before = files(first)
    taken_back = void(w, first)
    assert (taken_back.actor_name, taken_back.reason, taken_back.voided_at) == (
        "Fin",
        "Wrong company.",
        at(18),
    )
    second = export(w, "generic")
    assert second.pk != first.pk
    assert files(first) == before == files(second)
    turns = ExportedInvoice.objects.filter(invoice=invoice).order_by("turn").values_list("batch", "turn")
    assert list(turns) == [(first.pk, 0), (second.pk, 1)]
    assert export(w, "generic").pk == second.pk


def test_another_format_is_not_touched(w):
    issue(w, 60)
    generic = export(w, "generic")
    void(w, generic)
    assert not ExportBatch.objects.live().exists()
    assert exporting.live_formats(w.entity, OCTOBER) == {}


def test_only_finance_voids_with_a_reason_and_once(w):
    issue(w, 60)
    batch = export(w, "generic")
    for person in (w.max, w.ana):
        with pytest.raises(Refused, match="Only finance voids"):
            void(w, batch, by=person)
    with pytest.raises(Refused, match="Write down why"):
        void(w, batch, reason="  ")
    void(w, batch)
    with pytest.raises(Refused, match="voided already"):
        void(w, batch)
    assert ExportVoid.objects.count() == 1


def test_a_void_is_only_added_and_a_live_invoice_gets_no_second_turn(w):
    issue(w, 60)
    batch = export(w, "generic")
    void(w, batch)
    export(w, "generic")
    for attack in [lambda: ExportVoid.objects.update(reason="x"), lambda: ExportVoid.objects.all().delete()]:
        with refused("permission denied"):
            attack()
    with refused("invoice_in_one_batch_per_format"):
        run(
            "INSERT INTO billing_exportedinvoice (batch_id, invoice_id, profile, turn) "
            "SELECT batch_id, invoice_id, profile, 7 FROM billing_exportedinvoice LIMIT 1"
        )
    with refused("voided_with_a_reason"):
        run(
            "INSERT INTO billing_exportvoid (batch_id, reason, actor_kind, actor_name) SELECT max(id), '', 'staff', 'x' FROM billing_exportbatch"
        )


def test_two_exports_at_once_put_an_invoice_into_one_batch(own_database):
    w = ready()
    issue(w, 60)
    made, start = [], threading.Barrier(2)

    def act():
        set_clock(at(18))
        start.wait(20)
        try:
            made.append(export(w, "generic").pk)
        finally:
            connection.simulated_now = ""
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(made) == 2
    assert len(set(made)) == ExportedInvoice.objects.count() == 1
    set_clock(None)


@pytest.mark.broken_on_purpose
def test_without_its_guard_an_invoice_would_stand_in_two_batches(own_database):
    w = ready()
    issue(w, 60)
    export(w, "generic")
    with connection.as_owner():
        run("ALTER TABLE billing_exportedinvoice DISABLE TRIGGER USER")
    run(
        "INSERT INTO billing_exportedinvoice (batch_id, invoice_id, profile, turn) "
        "SELECT batch_id, invoice_id, profile, 7 FROM billing_exportedinvoice"
    )
    assert ExportedInvoice.objects.count() == 2
    set_clock(None)

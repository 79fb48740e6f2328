"""Killed while a month is exported or closed: nothing of it stands, and whoever does it again gets it whole."""

import hashlib

import pytest

from billing import exporting, invoicing, months
from billing.models import ExportBatch, ExportedInvoice, ExportFile, Invoice, MonthMove
from support.actors import Actor
from support.models import LegalEntity
from support.refusal import Refused
from tests.billing.billing_cases import at, entry, set_clock, world
from tests.billing.test_invoice_races import OCTOBER, child, kill
from tests.factories import TESTS

DIES_WHILE_EXPORTING = """
from billing import exporting
with transaction.atomic():
    exporting.export(entity, october, "generic", by=by, at=timezone.now())
    print("now", flush=True); time.sleep(60)
"""
DIES_WHILE_CLOSING = """
from billing import months
from support.models import User
with transaction.atomic():
    months.close(entity, october, early=True, by=Actor.of(User.objects.get(pk=int(sys.argv[1]))), at=timezone.now())
    print("now", flush=True); time.sleep(60)
"""


@pytest.fixture
def w(own_database):
    """Two customers with an issued invoice of October each, and who finance is."""
    first, second = world(), world()
    for each in (first, second):
        entry(each, at(10), at(11)).save()
        each.contract.bill_to.finance_name = each.contract.bill_to.name
        each.contract.bill_to.by(TESTS).save()
    invoicing.run(first.entity, OCTOBER, by=TESTS, at=at(18))
    set_clock(at(18))
    yield first
    set_clock(None)


def test_an_export_is_whole_or_it_is_not(own_database, w):
    kill(child(own_database, DIES_WHILE_EXPORTING))
    assert not ExportBatch.objects.exists()
    assert not ExportedInvoice.objects.exists()
    entity = LegalEntity.objects.get(pk=w.entity.pk)
    first = exporting.export(entity, OCTOBER, "generic", by=TESTS, at=at(18))
    again = exporting.export(entity, OCTOBER, "generic", by=TESTS, at=at(18))
    assert (first.again, again.again, first.batch) == (False, True, again.batch)
    assert ExportedInvoice.objects.count() == Invoice.objects.count() == 2
    [file] = ExportFile.objects.all()
    assert hashlib.sha256(b"".join(file.content())).digest() == bytes(file.sha256)


def test_a_month_is_closed_or_it_is_open(own_database, w):
    kill(child(own_database, DIES_WHILE_CLOSING, w.fin.pk))
    assert not MonthMove.objects.exists()
    assert not months.is_closed(w.entity, OCTOBER)
    entry(w, at(12), at(12.5)).save()  # the month takes work: nobody holds it any more
    fin = Actor.of(w.fin)
    with pytest.raises(Refused, match="drafts"):
        invoicing.draft(w.entity, OCTOBER, by=fin, at=at(18))
        months.close(w.entity, OCTOBER, early=True, by=fin, at=at(18))
    invoicing.discard(w.entity, OCTOBER, by=fin, at=at(18))
    months.close(w.entity, OCTOBER, early=True, by=fin, at=at(18))
    assert months.is_closed(w.entity, OCTOBER)

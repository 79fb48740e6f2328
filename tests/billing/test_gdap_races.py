"""Two syncs at once: the job and the command, or a job that is tried again while its first try still runs."""

import threading

from django.db import IntegrityError

from billing import gdap, gdap_readings, gdap_sync
from billing.models import GdapReading, GdapRelationship
from tests.billing.at_once import at_once
from tests.billing.billing_cases import at, set_clock
from tests.billing.gdap_cases import TENANT, assignment, told
from tests.factories import CustomerFactory


def synced(stub, _i):
    try:
        gdap_sync.run(stub.graph(), at=at(18))
    except IntegrityError:
        return "twice"
    return "once"


def prepared(stub):
    set_clock(at(18))
    CustomerFactory(tenant_id=TENANT)
    stub.page_size = 9
    stub.give(*(told(n) for n in range(1, 6)), assignments=[assignment()])


def test_two_syncs_at_once_keep_each_row_and_each_reading_once(own_database, stub):
    prepared(stub)
    assert at_once(2, lambda i: synced(stub, i), clock=at(18)) == ["once", "once"]
    assert (GdapRelationship.objects.count(), GdapReading.objects.count()) == (5, 1)
    assert GdapRelationship.history.count() == 5


def test_without_the_lock_the_same_row_is_written_twice(own_database, stub, monkeypatch):
    """The control: both have looked before either writes."""
    prepared(stub)
    both_looked, met, say = threading.Barrier(2, timeout=30), threading.Event(), gdap_readings._say
    monkeypatch.setattr(gdap, "hold", lambda: None)

    def slowly(*args):
        if not met.is_set():
            both_looked.wait()
            met.set()
        return say(*args)

    monkeypatch.setattr(gdap_readings, "_say", slowly)
    assert sorted(at_once(2, lambda i: synced(stub, i), clock=at(18))) == ["once", "twice"]

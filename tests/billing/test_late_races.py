"""Late work that is booked and taken off the list at once ends as one of the two."""

import threading

from django.db import DatabaseError, transaction

from billing.models import LateDismissal, TimeEntry
from tests.attacks import run
from tests.billing.at_once import at_once, both, take_off
from tests.billing.billing_cases import at, entry, set_clock, world
from tests.billing.test_late_dismissal import INSERT, reopened
from tests.billing.test_late_work import NOW, late


@both
def test_whoever_comes_second_waits_and_reads_that_it_is_done(own_database, guarded):
    w = world()
    kept = late(w)
    reopened(w)
    booked, answered = threading.Event(), threading.Event()
    if not guarded:
        take_off(("billing_latedismissal", "guard"))

    def act(i):
        if i:
            booked.wait()
            try:
                run(INSERT, kept.pk, w.fin.pk)
            except DatabaseError as error:
                return error.__cause__.diag.constraint_name
            finally:
                answered.set()
            return "dismissed"
        with transaction.atomic():
            entry(w, at(11), at(12), piece=kept.piece).save()
            booked.set()
            while not (answered.is_set() or run("SELECT true FROM pg_locks WHERE NOT granted")):
                pass
        return "booked"

    assert at_once(2, act, NOW) == ["booked", "late_work_leaves_its_list_once" if guarded else "dismissed"]
    assert (TimeEntry.objects.count(), LateDismissal.objects.count()) == (1, 0 if guarded else 1)
    set_clock(None)

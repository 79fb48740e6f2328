"""Many at once, each on a connection of his own with the test's clock."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from tests.attacks import run
from tests.billing.billing_cases import set_clock


def at_once(count, work, clock=None):
    """What `work(i)` answers for each of `count` threads that begin together."""
    barrier = threading.Barrier(count)

    def go(i):
        set_clock(clock)
        barrier.wait()
        try:
            return work(i)
        finally:
            connection.simulated_now = ""
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(go, range(count)))


def take_off(*guards):
    """As the owner: `take_off(("billing_timeentry", "guard"))`, for a negative control."""
    with connection.as_owner():
        for table, trigger in guards:
            run(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


def both(test):
    """With the guard, and the negative control without it, whose database is broken on purpose."""
    import pytest

    off = pytest.param(False, marks=pytest.mark.broken_on_purpose, id="control")
    return pytest.mark.parametrize("guarded", [pytest.param(True, id="guarded"), off])(test)

"""What many tests begin with is made once: they stand on it one after the other, each in a savepoint that rolls back to it.

    w = standing_on(world)

makes a fixture of what `world()` answers. Each test gets a copy of its own, the clock where it stood, the files
and the mails of then. A test that wants something else clears the ground first.
"""

import copy
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection, transaction

from config.demo.clock import set_to


class Ground:
    """The one beginning that stands in this process, in a transaction that is never committed."""

    def __init__(self) -> None:
        self.build: Callable | None = None

    def lay(self, build: Callable, folder: Callable[[], Path]) -> None:
        if self.build is build:
            return
        self.clear()
        self.build, self.files = build, folder()
        self._atomic = transaction.atomic()
        self._atomic._from_testcase = True  # as those of TestCase: durable blocks may stand in it
        self._atomic.__enter__()
        was, settings.MEDIA_ROOT, mail.outbox = settings.MEDIA_ROOT, self.files, []
        try:
            self.made, self.now, self.mails = build(), connection.simulated_now, mail.outbox
        except BaseException:
            self.clear()
            raise
        finally:
            settings.MEDIA_ROOT, mail.outbox, connection.simulated_now = was, [], ""

    def hand_out(self):
        """As it was made, whatever the tests before did with theirs."""
        if self.now:
            set_to(datetime.fromisoformat(self.now))
        if any(self.files.iterdir()):
            shutil.copytree(self.files, settings.MEDIA_ROOT, dirs_exist_ok=True)
        mail.outbox += copy.deepcopy(self.mails)
        return copy.deepcopy(self.made)

    def clear(self) -> None:
        if self.build is None:
            return
        self.build = self.made = None
        if not connection.closed_in_transaction:
            transaction.set_rollback(True)
        self._atomic.__exit__(None, None, None)


GROUND = Ground()


def standing_on(build: Callable, needs: str = "clock"):
    """A fixture of what `build` makes, in a test whose clock is simulated unless it `needs` nothing but the database."""

    def standing(request):
        request.getfixturevalue(needs)
        return GROUND.hand_out() if GROUND.build is build else build()

    standing.build = build
    return pytest.fixture(standing)


def wanted(request) -> Callable | None:
    """What the test begins with, by the fixtures that it names; of two the first."""
    for definitions in request.node._fixtureinfo.name2fixturedefs.values():
        if build := getattr(definitions[-1].func, "build", None):
            return build
    return None

"""A database of a benchmark's own: migrated, marked as a simulation, with the shipped services; dropped afterwards.

Import it before anything of the product: it sets Django up.
"""

import os
import secrets
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import django
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from config import simulation  # noqa: E402
from support import versions  # noqa: E402
from support.actors import Actor  # noqa: E402

BENCH = Actor.system("bench")
NOON = datetime(2026, 10, 14, 12, tzinfo=UTC)  # a Wednesday; the data of a benchmark lie around it


@contextmanager
def own_database() -> Iterator[str]:
    """Everything inside uses the new database, children too; answers its name."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that it is dropped then as well
    with _database("") as name:
        call_command("migrate", verbosity=0)
        simulation.mark("bench")
        versions.load(by=BENCH, at=NOON)
        yield name


@contextmanager
def copy_of(name: str) -> Iterator[str]:
    """A second database with the same rows, in use inside; `use` changes between them."""
    with _database(f'TEMPLATE "{name}"') as copy:
        yield copy


@contextmanager
def empty_database() -> Iterator[dict]:
    """A database for a peer, and how Django's settings name it; in use inside."""
    with _database("") as name:
        with connection.as_owner():
            given = connection.get_connection_params()
        yield {key.upper(): given.get(key, "") for key in ("user", "password", "host", "port")} | {
            "NAME": name
        }


def use(name: str) -> None:
    """From now on queries go to this database; its connection is made by the first of them."""
    connection.close()
    connection.settings_dict["NAME"] = os.environ["DATABASE_NAME"] = name  # a child reads the environment


def owner_executes(*statements: str) -> None:
    """Each in a transaction of its own, so that VACUUM is possible."""
    with connection.as_owner(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def value_of(statement: str, *parameters):
    """The first column of the first row."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]


@contextmanager
def _database(options: str) -> Iterator[str]:
    was, name = connection.settings_dict["NAME"], f"bench_{secrets.token_hex(4)}"
    connection.close()  # of what is copied, too
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" {options}')
    try:
        use(name)
        yield name
    finally:
        use(was)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

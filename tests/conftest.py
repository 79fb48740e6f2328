"""The tests' databases: one that every test rolls back in, and copies for those that need real transactions."""

import io
import secrets
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test.utils import setup_databases, teardown_databases

from config import simulation
from support import versions
from support.actors import Actor
from tests.cases import NOON, Cast


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """The tests' database, marked as a simulation, and a copy that nobody can connect to, hence one that can always be copied.

    pytest-django's own sets up only what tests ask for by `db`: a session with own_database alone would
    copy the developer's database.
    """
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
        name = connection.settings_dict["NAME"]
        simulation.mark("tests")  # fails on a database that is marked: never one that exists
        simulation._LASTS = float(
            "inf"
        )  # asked again in between, a page would cost a query more than the last one
        versions.load(by=Actor.system("tests"), at=NOON)
        connection.close()
        with (
            connection._nodb_cursor() as cursor
        ):  # the owner's; CREATE DATABASE needs that nobody is connected
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}_migrated"')  # a run that was killed left it
            cursor.execute(f'CREATE DATABASE "{name}_migrated" TEMPLATE "{name}" ALLOW_CONNECTIONS false')
    yield f"{name}_migrated"
    with django_db_blocker.unblock():
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}_migrated"')
        teardown_databases(made, verbosity=0)


@pytest.fixture
def own_database(request, django_db_setup, django_db_blocker):
    """A database of this test's own, for threads, processes, servers and real commits; dropped afterwards."""
    assert not request.node.get_closest_marker("django_db"), (
        "a test has its own database or rolls back, not both"
    )
    was = connection.settings_dict["NAME"]
    own = f"{was}_{secrets.token_hex(4)}"
    with django_db_blocker.unblock():
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{own}" TEMPLATE "{django_db_setup}"')
        _use(own)
        try:
            yield own
            if not request.node.get_closest_marker("broken_on_purpose"):
                _must_hold()
        finally:
            _use(was)
            with (
                connection._nodb_cursor() as cursor
            ):  # whoever is still connected goes: a thread, a killed child
                cursor.execute(f'DROP DATABASE "{own}" WITH (FORCE)')


def _must_hold() -> None:
    """Every invariant that the checker knows, after whatever the test did (invariant 47)."""
    connections.close_all()
    said = io.StringIO()
    try:
        call_command("check_invariants", stdout=said)
    except CommandError as error:
        pytest.fail(f"{error}\n{said.getvalue()}", pytrace=False)


def _use(name: str) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = (
        name  # one dictionary for all threads; a child is told by DATABASE_NAME
    )


@pytest.fixture
def clock(db):
    """Set what countersign_now() says: `clock(datetime)`; begins at NOON."""

    def set_to(at: datetime) -> datetime:
        connection.simulated_now = at.astimezone(UTC).isoformat()
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('countersign.now', %s, false)", [connection.simulated_now])
        return at

    set_to(NOON)
    yield set_to
    connection.simulated_now = ""
    connection.close()


@pytest.fixture
def cast(db) -> Cast:
    """Ana the agent, Max the manager, Fin from finance, and customers with their people."""
    return Cast.made()


class AtOnce:
    """In place of the threads that mail leaves by: a test sees it as soon as it is asked for."""

    def submit(self, work, *args):
        work(*args)


@pytest.fixture(autouse=True)
def _mail_at_once(monkeypatch):
    monkeypatch.setattr("config.accounts.POST", AtOnce())


@pytest.fixture(autouse=True)
def _settings(settings, tmp_path):
    """Files and mails of a test go into its own folder; passwords are hashed fast."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.REJECTS_FOLDER = tmp_path / "rejects"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

"""The tests' databases: one that every test rolls back in, and copies for those that need real transactions."""

import gc
import io
import secrets
import warnings
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test.utils import setup_databases, teardown_databases

from config import simulation
from config.database import roles
from support import versions
from support.actors import Actor
from tests.cases import NOON, at_noon
from tests.ground import GROUND, standing_on, wanted
from tests.shared import Shared


def pytest_collection_finish():
    """What has been loaded stays to the end: nobody has to look through it again and again for what could go."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(trylast=True)  # after pytest-django's, which puts those that roll back first
def pytest_collection_modifyitems(items):
    """For two workers, each of which begins with one half: the one makes the database and then does the longest tests, so that
    nobody waits for them at the end; the other does those that need no database, until there is one to copy."""
    own, rolling, without = [], [], []
    for item in items:
        rolls_back = item.get_closest_marker("django_db") or "db" in item.fixturenames
        (own if "own_database" in item.fixturenames else rolling if rolls_back else without).append(item)
    own.sort(key=lambda item: item.get_closest_marker("browser") is None)
    half = max(len(items) // 2 - len(own), 1)
    items[:] = [*rolling[:1], *own, *rolling[1:half], *without, *rolling[half:]]


@pytest.fixture(scope="session")
def django_db_setup(
    request, tmp_path_factory, django_test_environment, django_db_modify_db_settings, django_db_blocker
):
    """The tests' database, marked as a simulation, and copies that nobody can connect to, hence ones that can always be copied.

    Migrating takes half a minute: the first worker of a run does it, the others copy what it made.
    pytest-django's own sets up only what tests ask for by `db`: a session with own_database alone would
    copy the developer's database.
    """
    shared = Shared(request, tmp_path_factory)
    with django_db_blocker.unblock(), shared.held():
        made = _copied(shared.name) if shared.name else _migrated(shared)
        # asked again in between, a page would cost a query more than the last one
        simulation._LASTS = float("inf")
        shared.join()
    yield f"{shared.name}_migrated"
    with django_db_blocker.unblock(), shared.held():
        GROUND.clear()
        with connection._nodb_cursor() as cursor:
            if shared.leave():
                cursor.execute(f'DROP DATABASE "{shared.name}_bare"')
                cursor.execute(f'DROP DATABASE "{shared.name}_migrated"')
                shared.name = ""  # whoever comes later migrates for himself
            _nobody_else_in(connection.settings_dict["NAME"], cursor)
        teardown_databases(made, verbosity=0)


def _migrated(shared: Shared):
    made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
    name = connection.settings_dict["NAME"]
    _keep(name, f"{name}_bare")
    simulation.mark("tests")  # fails on a database that is marked: never one that exists
    versions.load(by=Actor.system("tests"), at=NOON)
    _keep(name, f"{name}_migrated")
    shared.name = name
    return made


def _copied(name: str):
    """As setup_databases leaves it, and answers what teardown_databases takes."""
    was, own = connection.settings_dict["NAME"], connection.creation._get_test_db_name()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{own}"')  # a run that was killed left it
        cursor.execute(f'CREATE DATABASE "{own}" TEMPLATE "{name}_migrated"')
    connection.close()
    connection.settings_dict["NAME"] = own
    with connection.as_owner():
        roles.set_up()  # rights on a database are not copied with it
    connection.close()
    return [(connection, was, True)]


def _nobody_else_in(name: str, cursor) -> None:
    """Ends sessions that a test left behind, and says what they did last: they would keep the database from being dropped."""
    connections.close_all()
    cursor.execute(
        "SELECT query, pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [name]
    )
    for query, _ended in cursor.fetchall():
        warnings.warn(f"a session was left in {name}; last it said: {query}", stacklevel=1)


def _keep(name: str, as_it_is: str) -> None:
    connection.close()  # the copying needs that nobody is connected
    with connection._nodb_cursor() as cursor:  # the owner's
        cursor.execute(f'DROP DATABASE IF EXISTS "{as_it_is}"')  # a run that was killed left it
        cursor.execute(f'CREATE DATABASE "{as_it_is}" TEMPLATE "{name}" ALLOW_CONNECTIONS false')


@pytest.fixture(scope="session")
def bare_database(django_db_setup):
    """The name of a database to copy: migrated, and nothing else."""
    return django_db_setup.removesuffix("_migrated") + "_bare"


@pytest.fixture
def own_database(request, django_db_setup, django_db_blocker):
    """A database of this test's own, for threads, processes, servers and real commits; dropped afterwards."""
    assert not request.node.get_closest_marker("django_db"), (
        "a test has its own database or rolls back, not both"
    )
    was = connection.settings_dict["NAME"]
    own = f"{was}_{secrets.token_hex(4)}"
    with django_db_blocker.unblock():
        GROUND.clear()
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
    connection.simulated_now = ""  # whatever the last one who used it believed
    connection.settings_dict["NAME"] = (
        name  # one dictionary for all threads; a child is told by DATABASE_NAME
    )


@pytest.fixture
def _django_db_helper(request, tmp_path_factory, django_db_setup, django_db_blocker, _settings):
    """pytest-django's own, which every test with a database has, inside what the test stands on (tests/ground.py)."""
    with django_db_blocker.unblock():
        if build := wanted(request):
            GROUND.lay(build, lambda: tmp_path_factory.mktemp("ground"))
        else:
            GROUND.clear()
    request.getfixturevalue("_django_db_helper")
    yield
    if connection.closed_in_transaction:  # nothing stands any more
        with django_db_blocker.unblock():
            GROUND.clear()


@pytest.fixture
def clock(db):
    """Set what countersign_now() says: `clock(datetime)`; begins at NOON."""

    def set_to(at: datetime) -> datetime:
        connection.simulated_now = at.astimezone(UTC).isoformat()
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('countersign.now', %s, false)", [connection.simulated_now])
        return at

    set_to(NOON)
    session = connection.connection
    yield set_to
    connection.simulated_now = ""
    if (
        connection.connection is not session
    ):  # opened in the test, and begun at its time; rolling back ends the others'
        connection.close()


# Ana the agent, Max the manager, Fin from finance, customers with their people.
cast = standing_on(at_noon, needs="db")


class AtOnce:
    """In place of the threads that mail leaves by: a test sees it as soon as it is asked for."""

    def submit(self, work, *args):
        work(*args)


@pytest.fixture(autouse=True)
def _mail_at_once(monkeypatch):
    monkeypatch.setattr("config.accounts.POST", AtOnce())


@pytest.fixture(autouse=True)
def _settings(settings, tmp_path):
    """Files and mails of a test go into its own folder; passwords are hashed fast; no client looks for static files first."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.REJECTS_FOLDER = tmp_path / "rejects"
    settings.WHITENOISE_USE_FINDERS = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

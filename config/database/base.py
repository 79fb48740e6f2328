"""Django's PostgreSQL backend with two roles: everything serves as countersign_app, only `as_owner()` migrates."""

from contextlib import contextmanager

import psycopg
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base, client

APP_ROLE = "countersign_app"


def _host(settings: dict) -> dict:
    """Where the embedded server's socket is; it is started by the first who asks."""
    if not settings.get("EMBEDDED"):
        return {}
    from config.database import embedded, server  # POSIX only, and needed only without DATABASE_URL

    return {
        "host": str(embedded.start()),
        "port": server.PORT,
        "hostaddr": "",
    }  # PGHOSTADDR would lead elsewhere


class DatabaseClient(client.DatabaseClient):
    @classmethod
    def settings_to_cmd_args_env(cls, settings_dict, parameters):
        settings_dict = settings_dict | {
            key.upper(): f"{value}" for key, value in _host(settings_dict).items()
        }
        args, env = super().settings_to_cmd_args_env(settings_dict, parameters)
        return args, {**(env or {}), "PGOPTIONS": f"-c role={APP_ROLE}"}


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient
    is_owner = False  # of this connection, not of the process: another thread goes on serving
    simulated_now = (
        ""  # an ISO instant: what countersign_now() says in a marked database, after a reconnect too
    )

    def get_connection_params(self):
        """Asked by Django for a connection and by procrastinate for its worker's, so both get the role.

        A role in the start packet is what RESET ROLE returns to. Django's own assume_role says SET ROLE
        later: procrastinate's worker would be the owner, and RESET ROLE would undo it.
        """
        params = super().get_connection_params() | _host(self.settings_dict)
        if self.is_owner or self.alias == NO_DB_ALIAS:  # NO_DB_ALIAS: CREATE and DROP DATABASE for tests
            return params | self.settings_dict.get("OWNER", {})
        options = [params.get("options", ""), f"-c role={APP_ROLE}"]
        if self.simulated_now:
            options.append(f"-c countersign.now={self.simulated_now}")
        params["options"] = " ".join(options).strip()
        return params

    def get_new_connection(self, conn_params):
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError as error:
            if f'role "{APP_ROLE}" does not exist' in str(error):
                raise psycopg.OperationalError(
                    "it is not set up yet: run `python manage.py migrate`"
                ) from error
            raise

    def close_if_unusable_or_obsolete(self):
        """At the ends of a request. A statement that is kept prepared is useless once a migration has changed a column that it answers,
        for as long as its connection lives: after any error but one of the data the next request gets a new connection.
        """
        if self.errors_occurred and not self.in_atomic_block:
            self.close()
        super().close_if_unusable_or_obsolete()

    @property
    def pool(self):
        return None if self.is_owner else super().pool

    @contextmanager
    def as_owner(self):
        """For migrate, the test database and the demo's mark. Never inside a transaction: it changes the connection."""
        assert not self.in_atomic_block
        was, _ = self.is_owner, self.close()
        self.is_owner = True
        try:
            yield
        finally:
            self.close()
            self.is_owner = was

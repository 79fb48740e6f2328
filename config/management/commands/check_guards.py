"""check_guards: the database's guards are those in the repository (invariant 48)."""

import difflib
import secrets

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from config.database import roles


class Command(BaseCommand):
    help = "Compare functions, triggers, constraints and rights with config/database/guards.txt; exit 1 when they differ."

    def add_arguments(self, parser):
        parser.add_argument(
            "--fresh", action="store_true", help="ask a database migrated for this, not the settings' one"
        )
        parser.add_argument(
            "--write", action="store_true", help="write the file: read the diff before you commit it"
        )

    def handle(self, *args, fresh=False, write=False, **options):
        found = self._of_a_fresh_database() if fresh or write else roles.guards()
        if write:
            roles.FACTS.write_text(found)
            self.stdout.write(f"Wrote {len(found.splitlines())} guards.")
            return
        differing = list(
            difflib.unified_diff(
                roles.FACTS.read_text().splitlines(), found.splitlines(), "repository", "database", n=0
            )
        )
        if differing:
            shown = "\n".join(line[:300] for line in differing[2:42])
            raise CommandError(f"The guards are not those in the repository (-) but these (+):\n{shown}")
        self.stdout.write(f"{len(found.splitlines())} guards, as in the repository.")

    def _of_a_fresh_database(self) -> str:
        was, name = connection.settings_dict["NAME"], f"check_{secrets.token_hex(4)}"
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
        try:
            connection.close()
            connection.settings_dict["NAME"] = name
            call_command("migrate", verbosity=0)
            return roles.guards()
        finally:
            connection.close()
            connection.settings_dict["NAME"] = was
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

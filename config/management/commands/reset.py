"""reset: empties the embedded database for real use."""

import shutil
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from config.env import VAR


class Command(BaseCommand):
    help = "Empty the embedded database, with its files and mails, and set it up for real use."

    def add_arguments(self, parser):
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args, yes=False, **options):
        if not settings.DATABASES["default"]["EMBEDDED"]:
            raise CommandError("DATABASE_URL names a database of yours: reset empties only the embedded one.")
        if not (yes or self._asked()):
            raise CommandError("Nothing was changed. YES=1 make reset, or --yes, does not ask.")
        name = connection.settings_dict["NAME"]
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}"')
        for folder in (settings.MEDIA_ROOT, settings.MAIL_FOLDER, settings.REJECTS_FOLDER, VAR / "demo"):
            shutil.rmtree(Path(folder), ignore_errors=True)
        call_command("migrate", verbosity=0)
        call_command("load_services", verbosity=0)
        self.stdout.write(
            "The embedded database is empty and set up. Next: make serve, which prints the code for the first page."
        )

    def _asked(self) -> bool:
        """Whether somebody typed yes; where nobody can, nobody did."""
        try:
            answer = input("Everything in the embedded database will be gone. Type yes to go on: ")
        except EOFError:
            return False
        return answer.strip() == "yes"

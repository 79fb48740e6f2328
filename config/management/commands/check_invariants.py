"""check_invariants: asks the database whether what must hold does hold (invariant 47)."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from config import simulation
from support.invariants import Check


def checks() -> list[Check]:
    """Those of every app that has a module `invariants` with a function `checks`, by their numbers."""
    modules = [f"{config.name}.invariants" for config in apps.get_app_configs()]
    found = [check for name in modules if find_spec(name) for check in import_module(name).checks()]
    return sorted(found, key=lambda check: check.number)


class Command(BaseCommand):
    help = "Check every invariant that the database can answer for, reading only; exit 1 when one is red."

    def handle(self, *args, **options):
        if marked := simulation.why():
            self.stdout.write(f"This database is a simulation: {marked}. Its approvals prove nothing.")
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            red = [check for check in checks() if not self._holds(check)]
        if red:
            numbers = ", ".join(sorted({str(check.number) for check in red}, key=int))
            raise CommandError(f"Red: {numbers}.")

    def _holds(self, check: Check) -> bool:
        breaches = check.breaches()
        if breaches:
            first = " ".join(str(value) for value in breaches[0])
            rows = f"{len(breaches)} row{'s' if len(breaches) > 1 else ''}"
            self.stdout.write(f"✗ {check.number} {check.promise} ({rows}, first: {first})")
        else:
            self.stdout.write(f"✓ {check.number} {check.promise}")
        return not breaches

"""load_services: adds the definitions and calendars whose files are new."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from support import versions
from support.actors import Actor
from support.catalogue import folder, show
from support.catalogue.problems import DefinitionRefused


class Command(BaseCommand):
    help = "Load the service definitions and calendars; files that are known already change nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "--folder", type=Path, default=folder.SHIPPED, help="a folder of definitions of your own"
        )
        parser.add_argument(
            "--show", metavar="CODE", help="print one definition, its readings and contradictions"
        )

    def handle(self, *args, **options):
        if not any(path.is_file() for path in options["folder"].glob("*.toml")):
            raise CommandError(
                f"There is no definition in {options['folder']}: name a folder of .toml files."
            )
        try:
            if options["show"]:
                self.stdout.write(self._shown(options["folder"], options["show"]))
            else:
                self._load(options["folder"], options["verbosity"])
        except DefinitionRefused as refused:
            raise CommandError(f"Nothing was loaded.\n{refused}") from refused

    def _shown(self, path: Path, code: str) -> str:
        catalogue = folder.read_folder(path)
        if code not in catalogue.definitions:
            known = ", ".join(sorted(catalogue.definitions))
            raise CommandError(f"No definition is called {code}. There are: {known}.")
        calendars = {name: loaded.value for name, loaded in catalogue.calendars.items()}
        return show.show(catalogue.definitions[code].value, calendars)

    def _load(self, path: Path, verbosity: int) -> None:
        done = versions.load(path, by=Actor.system("load_services"), at=timezone.now())
        if not verbosity:
            return
        self.stdout.write(
            f"Added {', '.join(done.added)}." if done.added else "Every file is loaded already."
        )
        if verbosity > 1 or done.added:
            self._tell_readings(path, {name.partition("@")[0] for name in done.added})

    def _tell_readings(self, path: Path, codes: set[str]) -> None:
        """Readings and contradictions are reported at loading, never silently chosen."""
        for code, loaded in folder.read_folder(path).definitions.items():
            if code in codes:
                counted = f"{len(loaded.value.readings)} readings, {len(loaded.value.contradictions)} contradictions"
                self.stdout.write(f"{code}: {counted}")
                for reading in loaded.value.readings:
                    self.stdout.write(f"  reading {reading.key}: {reading.chosen}")
                for contradiction in loaded.value.contradictions:
                    self.stdout.write(
                        f"  contradiction {contradiction.key}: {contradiction.says} {contradiction.treated}"
                    )

"""import_book: takes customers, contacts, contracts or rate cards in from CSV, by the rules of the records."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing.book import importing, sheet
from support.actors import Actor
from support.desk.csv_log import NotALog, bytes_of
from support.management.progress import Progress
from support.management.rejects import keep_in, tell
from support.refusal import Refused


class Command(BaseCommand):
    help = "Import customers, contacts, contracts or rate cards in CSV, plain or gzipped; again, only what has changed."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--kind", choices=list(sheet.KINDS), help="what the rows of the file are")
        parser.add_argument("--dry-run", action="store_true", help="say what it would do, and write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        parser.add_argument(
            "--template", choices=list(sheet.KINDS), help="print a header with a sample row, and nothing else"
        )

    def handle(self, *args, **options):
        if options["template"]:
            self.stdout.write(sheet.template(options["template"]).decode(), ending="")
            return
        file, dry = options["file"], options["dry_run"]
        if file is None or options["kind"] is None:
            raise CommandError("Name the FILE and its --kind; --template KIND prints one to begin with.")
        read, done = self._import(file, options["kind"], dry)
        told = {
            "kind": options["kind"],
            "rows": read.size,
            "created": done.created,
            "changed": done.changed,
            "unchanged": done.unchanged,
            "rejected": len(read.rejected),
        }
        if options["json"]:
            self.stdout.write(json.dumps(told, indent=2))
            return
        would = " Nothing was written: this was a dry run." if dry else ""
        counts = "{rows} rows: {created} new, {changed} changed, {unchanged} unchanged, {rejected} not taken."
        self.stdout.write(counts.format(**told) + would)

    def _import(self, file: Path, kind: str, dry: bool):
        try:
            read = sheet.read(bytes_of(file), f"{file}", kind)
            counter, taken = Progress(self.stderr, len(read.rows), "rows"), 0

            def show(rows: int, _part) -> None:
                nonlocal taken
                taken += rows
                counter.show(taken)

            done = importing.run(read, by=Actor.system("import"), at=timezone.now(), dry=dry, on_batch=show)
        except (NotALog, Refused) as refused:
            raise CommandError(str(refused)) from refused
        counter.end()
        if dry:
            tell(sorted(read.rejected, key=lambda row: row.line), self.stderr)
        else:
            self._keep(read, file)
        return read, done

    def _keep(self, read: sheet.Sheet, file: Path) -> None:
        name = file.name.removesuffix(".gz").removesuffix(".csv")
        again = name.endswith(".rejects")  # those of an earlier import, mended in their place
        kept = file.with_name(f"{name}-again.csv" if again else f"{name}.rejects.csv")
        try:
            keep_in(kept, read.columns, read.rejected, self.stderr)
        except OSError as error:
            self.stderr.write(f"The rejected rows could not be kept in {kept}: {error.strerror}.")

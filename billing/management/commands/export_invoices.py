"""export_invoices: a month's issued invoices as a CSV for finance."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.formats import date_format

from billing import exporting
from billing.management.months import entity_named, month_named
from support.actors import Actor
from support.refusal import Refused


class Command(BaseCommand):
    help = "Write the issued invoices of work done in a month to a CSV. A month exported before gives the same bytes again."

    def add_arguments(self, parser):
        parser.add_argument("--format", required=True, help=f"the format: {', '.join(exporting.PROFILES)}")
        parser.add_argument(
            "--month", required=True, metavar="YYYY-MM", help="the month in which the work was done"
        )
        parser.add_argument(
            "--output",
            required=True,
            metavar="FILE",
            help="- writes to the standard output, and its words beside",
        )
        parser.add_argument(
            "--entity", help="the company that sells, by name or number series, where several invoice"
        )

    def handle(self, *args, month, output, **options):
        month = month_named(month)
        try:
            entity = self._entity(options["entity"], month, options["format"])
            done = exporting.export(
                entity, month, options["format"], by=Actor.system("export_invoices"), at=timezone.now()
            )
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        files = [file for batch in done.batches for file in batch.files.order_by("number")]
        if output == "-":
            self._print(files)
            self.stderr.write(self._sentence(done, "the standard output"))
            return
        written = [self._write(file, output, number) for number, file in enumerate(files, 1)]
        self.stdout.write(self._sentence(done, ", ".join(written)))

    def _print(self, files):
        if len(files) > 1:
            raise CommandError(f"The export has {len(files)} files: name a file with --output.")
        for piece in files[0].content():
            self.stdout.buffer.write(piece)

    def _write(self, file, output, number):
        """The first of several has the name that was given; the second gets -2 before its suffix."""
        path = Path(output)
        path = path.with_name(f"{path.stem}{file.suffix_as(number)}{path.suffix}")
        try:
            with path.open("wb") as to:
                to.writelines(file.content())
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        return str(path)

    def _entity(self, named, month, profile):
        if profile not in exporting.PROFILES:
            raise CommandError(f"No format is called {profile}. There are: {', '.join(exporting.PROFILES)}.")
        if named:
            return entity_named(named)
        entities = exporting.entities_of(month)
        if not entities:
            raise exporting.nothing(month, exporting.drafts_of(month))
        if len(entities) > 1:
            series = ", ".join(f"{entity.number_series} ({entity.name})" for entity in entities)
            raise CommandError(
                f"Several companies have invoices for that month; name one with --entity: {series}."
            )
        return entities[0]

    def _sentence(self, done, output):
        batch = done.batch
        month = date_format(batch.month, "F Y")
        if done.again:
            rows = sum(each.rows for each in done.batches)
            return (
                f"{month} was exported as {batch.profile} on {batch.exported_at:%Y-%m-%d %H:%M} UTC already "
                f"({_named(done.batches)}): the same {rows} lines, byte for byte, are in {output}."
            )
        before = f" Lines that were exported before are in {_named(done.before)}." if done.before else ""
        return (
            f"Exported {batch.rows} lines of {month}, {batch.net} net and {batch.gross} gross, to {output}."
            f"{before}"
        )


def _named(batches):
    numbers = ", ".join(str(batch.pk) for batch in batches)
    return f"batches {numbers}" if len(batches) > 1 else f"batch {numbers}"

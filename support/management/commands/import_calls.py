"""import_calls: takes a phone system's log of calls and chats in, for the objectives of answering."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from support.desk import importing_calls
from support.desk.call_log import load
from support.desk.csv_log import NotALog
from support.management.progress import Progress
from support.management.rejects import keep


class Command(BaseCommand):
    help = "Import a log of calls and chats in CSV, plain or gzipped; again, only what is new."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--source", default="import", metavar="NAME", help="the system whose numbers the ids are"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args, **options):
        source = options["source"].strip()
        if not source or len(source) > 60 or not source.isprintable():
            raise CommandError("--source is a name of at most 60 letters.")
        try:
            log = load(options["file"])
        except NotALog as refused:
            raise CommandError(str(refused)) from refused
        counter = Progress(self.stderr, len(log.calls), "calls")
        created = importing_calls.run(log, source=source, at=timezone.now(), on_calls=counter.show)
        counter.end()
        keep(log.columns, log.rejected, options["file"], self.stderr)
        if {told.line for told in log.calls} <= {row.line for row in log.rejected}:
            self.stderr.write("Nothing was imported: not one row could be taken.")
        told = {"calls": len(log.calls), "created": created, "rejected": len(log.rejected)}
        if options["json"]:
            self.stdout.write(json.dumps(told, indent=2))
        else:
            self.stdout.write("{calls} calls, {created} new; {rejected} rows not taken.".format(**told))

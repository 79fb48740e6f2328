"""deadlines: when each clock of a service would be due, and why."""

import json
from datetime import UTC
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError

from support.clocks.calendar import HolidaysUnknown, NeverOpen
from support.clocks.terms import Deployment
from support.desk.deadlines import Question, deadlines, read_instant, read_wait, service_named
from support.refusal import Refused
from support.zones import ZONES


class Command(BaseCommand):
    help = "Print when each clock of a service would be due for something that began at an instant, and why."

    def add_arguments(self, parser):
        parser.add_argument("service", metavar="SERVICE", help="its code, or CODE@VERSION")
        parser.add_argument("--priority", required=True, metavar="CODE")
        parser.add_argument("--at", required=True, metavar="INSTANT", help="ISO 8601 with Z or an offset")
        parser.add_argument("--wait", action="append", default=[], metavar="FROM..TO:REASON", dest="waits")
        parser.add_argument("--deployment", choices=list(Deployment), default=Deployment.CLOUD)
        parser.add_argument(
            "--timezone", default="UTC", metavar="ZONE", help="of the instants in the reasons (UTC)"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args, **options):
        if options["timezone"] not in ZONES:
            raise CommandError(f"{options['timezone']} is not a time zone; write one such as Europe/London.")
        try:
            question = Question(
                service_named(options["service"]),
                options["priority"],
                read_instant(options["at"]),
                tuple(read_wait(text) for text in options["waits"]),
                Deployment(options["deployment"]),
            )
            found = deadlines(question, ZoneInfo(options["timezone"]))
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        except (NeverOpen, HolidaysUnknown) as error:
            raise CommandError(f"{error}.") from error
        if options["json"]:
            self.stdout.write(json.dumps({"clocks": [self._plain(one) for one in found]}))
        else:
            self._print(found)

    def _plain(self, one):
        return {"kind": one.kind, "owed_by": one.owed_by, "due": self._iso(one.due), "why": one.why}

    def _iso(self, due):
        return due.astimezone(UTC).isoformat().replace("+00:00", "Z") if due else None

    def _print(self, found):
        if not found:
            self.stdout.write("This priority has no clock.")
        for one in found:
            self.stdout.write(
                f"{one.kind:<16} {self._iso(one.due) or 'unknown':<22} owed by the {one.owed_by}"
            )
            self.stdout.write(f"  {one.why}")

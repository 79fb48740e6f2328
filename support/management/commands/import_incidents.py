"""import_incidents: takes the incidents of a ServiceNow audit log in as tickets, with their clocks judged."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from support.clocks.terms import Deployment
from support.desk import importing
from support.desk.csv_log import NotALog
from support.desk.incident_log import load
from support.management.progress import Progress
from support.management.rejects import keep
from support.refusal import Refused


class Command(BaseCommand):
    help = "Import the incidents of a ServiceNow audit log in CSV, plain or gzipped; again, only what is new."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--service", required=True, metavar="CODE", help="the support service they ran under"
        )
        parser.add_argument(
            "--timezone", required=True, metavar="ZONE", help="of the times in the log, as Europe/London"
        )
        parser.add_argument("--deployment", choices=list(Deployment), default=Deployment.CLOUD)
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args, **options):
        try:
            service, now = importing.service_for(options["service"]), timezone.now()
            log = load(options["file"], options["timezone"], until=now)
            counter = Progress(self.stderr, len(log.incidents), "incidents")
            done = importing.run(
                log,
                service=service,
                zone=options["timezone"],
                deployment=options["deployment"],
                at=now,
                on_incident=counter.show,
            )
            counter.end()
        except (NotALog, Refused) as refused:
            raise CommandError(str(refused)) from refused
        for sentence in done.left:
            self.stderr.write(sentence)
        keep(log.columns, log.rejected, options["file"], self.stderr)
        priorities, clocks = importing.figures(done.tickets)
        told = {
            "incidents": len(log.incidents),
            "created": done.created,
            "events": done.events,
            "rejected": len(log.rejected),
            "priorities": priorities,
            "clocks": clocks,
        }
        self.stdout.write(json.dumps(told, indent=2) if options["json"] else _table(told))


def _table(told: dict) -> str:
    counts = (
        f"{told['incidents']} incidents, {told['created']} new; "
        f"{told['events']} events added, {told['rejected']} rows not taken."
    )
    lines = [counts, "", "Priority    tickets"]
    lines += [f"{priority:<12}{n:>7}" for priority, n in told["priorities"].items()]
    words = ("met", "missed", "running", "unjudged")
    lines += ["", f"{'Clock':<16}" + "".join(f"{word:>10}" for word in words)]
    lines += [
        f"{kind:<16}" + "".join(f"{n[word]:>10}" for word in words) for kind, n in told["clocks"].items()
    ]
    return "\n".join(lines)

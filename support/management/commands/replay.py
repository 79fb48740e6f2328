"""replay: stored tickets folded under another definition, and what would have come of it."""

import json
import re
from datetime import date
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError

from support import versions
from support.desk import replayed, replaying
from support.desk.deadlines import service_named
from support.desk.replay import tickets_of, why
from support.management.progress import Progress
from support.models import Customer, ServiceKind
from support.refusal import Refused

UTC = ZoneInfo("UTC")
SHOWN = 40  # flips that are printed; all of them stand in the JSON


class Command(BaseCommand):
    help = "Judge the tickets of some months under another definition, writing nothing."

    def add_arguments(self, parser):
        parser.add_argument("--service", required=True, metavar="CODE[@VERSION]")
        parser.add_argument("--from", required=True, metavar="YYYY-MM", dest="first")
        parser.add_argument("--to", required=True, metavar="YYYY-MM", dest="last")
        parser.add_argument("--customer", metavar="CODE", help="one customer; all of them without it")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args, **options):
        first, last = _month(options["first"]), _month(options["last"])
        if last < first:
            raise CommandError(f"{options['last']} lies before {options['first']}.")
        try:
            service = service_named(options["service"])
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        if service.kind != ServiceKind.SUPPORT:
            raise CommandError(f"{service.code} is no support service: no ticket runs under it.")
        tickets = tickets_of(first, last, self._customer(options["customer"]))
        progress = Progress(self.stderr, len(tickets), "tickets")
        done = replaying.run(tickets, f"{service.code}@{service.version}", progress.show)
        progress.end()
        if options["json"]:
            self.stdout.write(json.dumps(self._plain(done)))
            for sentence in done.left:
                self.stderr.write(f"Not counted: {sentence}")
        else:
            self._print(done, service)

    def _customer(self, code):
        if not code:
            return None
        customer = Customer.objects.filter(code=code).first()
        if customer is None:
            raise CommandError(f"No customer is called {code}.")
        return customer

    def _plain(self, done):
        return {
            "tickets": done.tickets,
            "clocks": replayed.clocks(done),
            "flipped": replayed.flips(done.flips, UTC),
        }

    def _print(self, done, service):
        write = self.stdout.write
        write(f"{done.tickets} tickets under {service.name} v{service.version}\n")
        write(f"{'':<16}{'now: met':>12}{'missed':>9}{'then: met':>12}{'missed':>9}")
        for kind, sides in replayed.clocks(done).items():
            now, then = sides["now"], sides["then"]
            write(f"{kind:<16}{now['met']:>12}{now['missed']:>9}{then['met']:>12}{then['missed']:>9}")
        for measure, share, now, then in replayed.objectives(done, versions.definition(service)):
            write(f"Objective {measure} {share}: {now} now, {then} then")
        write(f"\n{len(done.flips)} verdicts would change")
        shown = done.flips[:SHOWN]
        for flip, said in zip(shown, why(shown, UTC), strict=True):
            write(f"  {flip.number} {flip.kind}: {flip.was} becomes {flip.becomes}. {said}")
        if len(done.flips) > SHOWN:
            write(f"  and {len(done.flips) - SHOWN} more: --json has them all")
        for sentence in done.left:
            write(f"  not counted: {sentence}")


def _month(text: str) -> date:
    match = re.fullmatch(r"(\d{4})-(\d{2})", text, re.ASCII)
    if match is None or not 1 <= int(match[2]) <= 12 or not 1900 <= int(match[1]) <= 2200:
        raise CommandError(f"'{text}' is not a month: write it as 2026-10.")
    return date(int(match[1]), int(match[2]), 1)

"""demo: fills an empty database with a book of customers and a month of work; again, it changes nothing."""

import json

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo import book, papers, play
from config.demo.steps import Steps
from support.refusal import Refused


class Command(BaseCommand):
    help = "Play the last full month into an empty database, which is marked as a simulation."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, **options):
        steps = Steps()
        with steps.step("Migrations and definitions"):
            call_command("migrate", verbosity=0)
            call_command("load_services", verbosity=0)
        try:
            month = play.month_of_the_demo(timezone.localdate())
            play.play(month, timezone.now(), steps)
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        made = play.counts(month)
        if options["json"]:
            told = {"month": str(month), "made": made, "steps": dict(steps.taken)}
            self.stdout.write(json.dumps(told))
        else:
            self._table(month, made, steps)

    def _table(self, month, made: dict[str, int], steps: Steps) -> None:
        write = self.stdout.write
        write(f"\nThe demo of {month}\n")
        for name, number in made.items():
            write(f"  {name:<24}{number:>8,}")
        write("\nTime")
        for name, seconds in steps.taken:
            write(f"  {name:<40}{seconds:>6.1f} s")
        write(f"\nWho can sign in, each with the password {book.PASSWORD}")
        for name, role, _zone in book.STAFF:
            write(f"  {name.lower()}@countersign.example".ljust(36) + role)
        for sketch in book.CUSTOMERS:
            for person, what in [(sketch.contact, "reports"), (sketch.approver, "approves")]:
                write(
                    f"  {person.split()[0].lower()}@{sketch.code}.example".ljust(36)
                    + f"{sketch.name}, {what}"
                )
        write(f"\nWritten to {papers.FOLDER}: invoices.csv and a review for each customer.")
        write("Next: make serve, then http://127.0.0.1:8000/")

"""worker: runs the jobs of the queue until it is stopped."""

from django.core.management import call_command
from django.core.management.base import BaseCommand

from config import simulation


class Command(BaseCommand):
    help = "Run background jobs: mail, alarms, imports. As many workers as you like share one database."

    def add_arguments(self, parser):
        parser.add_argument("--concurrency", type=int, default=4, help="jobs at once (4)")

    def handle(self, *args, concurrency, **options):
        simulation.refuse_in_production()
        call_command("procrastinate", "worker", concurrency=concurrency)

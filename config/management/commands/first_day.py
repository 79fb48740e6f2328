"""first_day: the code with which the first manager makes his account."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config import simulation
from support import setting_up
from support.refusal import Refused


class Command(BaseCommand):
    help = "Print a code for the first manager, on a database that has nobody yet. An earlier code is void."

    def handle(self, *args, **options):
        if simulation.why():
            raise CommandError("This database is a simulation: its people are made by the demo.")
        try:
            code = setting_up.new_code(at=timezone.now())
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        self.stdout.write(
            f"Open {settings.BASE_URL}/first-day/ and type this code, which works once:\n\n  {code}\n"
        )

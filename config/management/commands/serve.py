"""serve: the site and a worker, both ended together."""

import signal
import subprocess
import sys
import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config import simulation
from config.env import ROOT
from support import setting_up


class Command(BaseCommand):
    help = "Serve the site and run a worker on this machine; Ctrl-C ends both."

    def add_arguments(self, parser):
        parser.add_argument("--bind", default="127.0.0.1:8000", help="address and port (127.0.0.1:8000)")

    def handle(self, *args, bind, **options):
        simulation.refuse_in_production()
        commands = {
            "site": [
                "-m",
                "gunicorn",
                "--bind",
                bind,
                "--worker-class",
                "gthread",
                "--workers",
                "2",
                "--threads",
                "4",
                "config.wsgi",
            ],
            "worker": ["manage.py", "worker"],
        }
        children = {
            name: subprocess.Popen([sys.executable, *command], cwd=ROOT) for name, command in commands.items()
        }
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        if setting_up.nobody_yet() and not simulation.why():
            code = setting_up.new_code(at=timezone.now())
            self.stderr.write(f"Nobody can sign in yet: open http://{bind}/ and type the setup code {code}")
        self.stderr.write(f"Countersign is at http://{bind}/ (Ctrl-C ends it).")
        try:
            while all(child.poll() is None for child in children.values()):
                time.sleep(0.2)
            ended = next(name for name, child in children.items() if child.poll() is not None)
            raise CommandError(f"The {ended} has ended by itself; its last words stand above.")
        except KeyboardInterrupt:
            self.stderr.write("Ending.")
        finally:
            for child in children.values():
                child.terminate()
            for child in children.values():
                child.wait()

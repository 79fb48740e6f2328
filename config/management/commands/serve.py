"""serve: the site and a worker, started again when they end by themselves, both ended together."""

import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config import simulation
from config.env import ROOT
from support import setting_up

AT_ONCE = 10  # seconds: what ends so soon after the very first start would end so again
PAUSES = [1, 2, 5, 10, 30]  # seconds before each further start; the last one from then on


@dataclass
class Child:
    """A process of ours. What ends by itself later, as when the database was away, is started again."""

    name: str
    command: list[str]
    starts: int = 0
    began: float = 0.0
    again_at: float = 0.0
    process: subprocess.Popen | None = field(default=None, repr=False)

    def start(self, now: float) -> None:
        self.process = subprocess.Popen([sys.executable, *self.command], cwd=ROOT)
        self.starts, self.began = self.starts + 1, now

    @property
    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def look(self, now: float) -> str:
        """Start it when it is time to; answers what a person should read. CommandError where starting it is in vain."""
        if self.has_ended:
            if self.starts == 1 and now - self.began < AT_ONCE:
                raise CommandError(f"The {self.name} has ended by itself; its last words stand above.")
            if now - self.began > PAUSES[-1] * 2:
                self.starts = 1  # it ran well for a while
            pause = PAUSES[min(self.starts, len(PAUSES)) - 1]
            self.process, self.again_at = None, now + pause
            return f"The {self.name} has ended by itself; its last words stand above. It starts again in {pause} s."
        if self.process is None and now >= self.again_at:
            self.start(now)
        return ""


class Command(BaseCommand):
    help = "Serve the site and run a worker on this machine; Ctrl-C ends both."

    def add_arguments(self, parser):
        parser.add_argument("--bind", default="127.0.0.1:8000", help="address and port (127.0.0.1:8000)")

    def handle(self, *args, bind, **options):
        simulation.refuse_in_production()
        gunicorn = ["-m", "gunicorn", "--bind", bind, "--worker-class", "gthread"]
        children = [
            Child("site", [*gunicorn, "--workers", "2", "--threads", "4", "config.wsgi"]),
            Child("worker", ["manage.py", "worker"]),
        ]
        for stop in (signal.SIGTERM, signal.SIGINT):  # one that was started in the background ignores Ctrl-C
            signal.signal(stop, signal.default_int_handler)
        if setting_up.nobody_yet() and not simulation.why():
            code = setting_up.new_code(at=timezone.now())
            self.stderr.write(f"Nobody can sign in yet: open http://{bind}/ and type the setup code {code}")
        self.stderr.write(f"Countersign is at http://{bind}/ (Ctrl-C ends it).")
        try:
            while True:
                for child in children:
                    if said := child.look(time.monotonic()):
                        self.stderr.write(said)
                time.sleep(0.2)
        except KeyboardInterrupt:
            self.stderr.write("Ending.")
        finally:
            running = [child.process for child in children if child.process is not None]
            for process in running:
                process.terminate()
            for process in running:
                process.wait()

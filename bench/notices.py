"""Does a notice of an outage to 2,000 people leave within a minute through the worker?

From the verb that writes it until the last mail has left, by one worker in a process of its own, as `manage.py worker` runs it. Mail
is written into a folder: a mail server's own time is not ours.
"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import timedelta

from django.db import transaction
from simple_history.utils import bulk_create_with_history

from bench.database import BENCH, own_database
from bench.measuring import Lines, arguments, seconds, shown
from bench.tickets import MONTH, customers
from config.database.place import Place
from config.demo import clock
from config.env import ROOT
from escalations import notices, outages
from escalations.models import Outage
from support.actors import Actor
from support.models import Contact, Contract, Mail, User

LIMIT, PEOPLE = 60, 2000  # seconds, of a notice to so many
PATIENCE = 600


def declared(people: int) -> tuple[Outage, Actor]:
    """An outage of the bench's own customers, with so many people nominated."""
    customers("notices")
    now = clock.set_to(MONTH.starts("UTC") + timedelta(days=1))
    scope = outages.scopes(now)[0]
    contract = Contract.objects.select_related("holder", "support_service").get(pk=scope.contracts[0].pk)
    with transaction.atomic():
        rows = [
            Contact(
                customer=contract.holder,
                name=f"Person {n}",
                email=f"person-{n}@bench.example",
                nominated_for_outages=True,
            ).by(BENCH)
            for n in range(people)
        ]
        bulk_create_with_history(rows, Contact, batch_size=500)
    by = Actor.of(User.objects.filter(kind="staff").earliest("pk"))
    said = {"product": None, "priority": scope.steps[-1].code, "title": "Down", "began_at": now}
    return outages.declare([contract], **said, by=by, at=now), by


def wait_for(count: int) -> None:
    until = time.monotonic() + PATIENCE
    while Mail.objects.filter(state="sent").count() < count:
        if time.monotonic() > until:
            raise SystemExit(f"Not all of {count:,} mails have left within {PATIENCE} s.")
        time.sleep(0.1)


def main() -> None:
    size = arguments(__doc__, people=PEOPLE)
    said = Lines("notices")
    with own_database() as name, tempfile.TemporaryDirectory() as folder:
        outage, by = declared(size.people)
        own = {"COUNTERSIGN_VAR": folder, "EMBEDDED_POSTGRES_DIR": str(Place.here().data)}
        environment = {**os.environ, "DATABASE_NAME": name, **own}
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "worker"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
        )
        try:
            begin = time.perf_counter()
            queued = seconds(
                lambda: notices.send(
                    outage, details="x", impact="x", expected_at=None, by=by, at=outage.declared_at
                )
            )
            told = outage.notices.get().recipients
            wait_for(told)
            took = time.perf_counter() - begin
        finally:
            worker.terminate()
            worker.wait()
    said.fact(f"{told:,} mails queued in {shown(queued)}, all of them gone after {shown(took)}")
    said.at_most(1, "a notice, of a minute for 2,000", took / (LIMIT * told / PEOPLE))
    said.end()


if __name__ == "__main__":
    main()

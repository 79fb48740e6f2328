"""How long does it take to judge past tickets under another service? The whole command, on two cores.

Nobody else has it, so the one goal is a limit in time: two minutes for 100,000 tickets.
"""

import io
import os

from django.core.management import call_command

from bench.database import own_database
from bench.measuring import Lines, arguments, seconds
from bench.tickets import MONTH, customers, multiply, play
from support.models import Clock, Event, Ticket

STORIES = 40  # for each customer, played through the verbs
LIMIT = 120 / 100_000  # seconds a ticket
CORES = 2
UNDER = "enghouse-standard"


def on_two_cores() -> None:
    """Wherever it runs; the command's processes inherit it."""
    if hasattr(os, "sched_setaffinity"):  # Linux
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])


def replayed() -> str:
    told = io.StringIO()
    months = {"first": str(MONTH), "last": str(MONTH)}
    call_command("replay", service=UNDER, **months, stdout=told, stderr=io.StringIO())
    return told.getvalue().partition("\n")[0]


def main() -> None:
    size = arguments(__doc__, tickets=100_000)
    lines = Lines("replay")
    with own_database():
        played = play(*customers("replay"), STORIES)
        multiply(played, size.tickets - len(played), (Ticket, Event, Clock))
        on_two_cores()
        said: list[str] = []
        took = seconds(lambda: said.append(replayed()))
    lines.fact(f"{said[0]}: {took:.1f} s, {size.tickets / took:,.0f} tickets/s")
    lines.at_most(1, f"by the limit of {size.tickets * LIMIT:g} s", took / (size.tickets * LIMIT))
    lines.end()


if __name__ == "__main__":
    main()

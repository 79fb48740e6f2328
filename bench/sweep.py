"""What does it cost to find and fire 1,000 alarms that are due, among many that are not, and to find none?

Against a loop that goes from record to record as Zammad does: load it, check it, act, save it, commit.
"""

from contextlib import ExitStack
from datetime import timedelta

from django.db import connection, transaction

from bench.database import copy_of, own_database, owner_executes, use
from bench.measuring import Lines, Turns, arguments, seconds, shown
from bench.tickets import MONTH, customers, multiply, play
from config.demo import clock
from support import alarms
from support.desk import warning
from support.models import Alarm, Clock, Ticket

APP = "support"
NOW = MONTH.ends("America/Denver")  # for every customer
ROUNDS = 5
WAVES = 2 * (ROUNDS + 1)  # alarms due together, an hour apart: a sweep takes one, and so does the loop
DUE = """
WITH placed AS (
    SELECT id, row_number() OVER (ORDER BY md5(id::text)) - 1 AS place FROM support_alarm
    WHERE fired_at IS NULL AND app = '{app}'
)
UPDATE support_alarm a SET due_at = '{now}'::timestamptz + CASE
    WHEN place < {waves} * {due} THEN interval '1 hour' * (1 + place / {due}) ELSE interval '1000 days' + place * interval '1 s' END
FROM placed WHERE placed.id = a.id
"""


class Armed:
    """A copy of the database in which `armed` alarms are far away and `due` are due in each wave, all on other tickets."""

    def __init__(self, copy: str, templates: list[int], armed: int, due: int) -> None:
        self._name, self._due, self._wave = copy, due, 0
        each = _armed().count() / len(templates)
        multiply(templates, round((armed + WAVES * due) / each), (Ticket, Clock, Alarm))
        owner_executes(
            DUE.format(app=APP, now=NOW.isoformat(), waves=WAVES, due=due),
            "VACUUM (ANALYZE) support_alarm",
        )

    def sweep(self) -> float:
        self._next_wave()
        return seconds(lambda: self._fires(alarms.sweep, APP))

    def loop(self) -> float:
        at = self._next_wave()
        return seconds(lambda: self._fires(one_by_one, at))

    def _next_wave(self):
        use(self._name)
        self._wave += 1
        return clock.set_to(NOW + timedelta(hours=self._wave, minutes=1))

    def _fires(self, work, *arguments) -> None:
        fired = work(*arguments)
        assert fired == self._due, f"{fired} of {self._due} were fired"


def one_by_one(at) -> int:
    """The same effect, record by record."""
    due = _armed().filter(due_at__lte=at).order_by("due_at", "id")
    fired = 0
    for number in due.values_list("pk", flat=True):
        with transaction.atomic():
            alarm = Alarm.objects.select_for_update().get(pk=number)
            if alarm.fired_at is None and alarm.due_at <= at:
                warning.tell([alarm], at)
                alarm.fired_at = at
                alarm.save(update_fields=["fired_at"])
                fired += 1
    return fired


def idle() -> float:
    return seconds(lambda: alarms.sweep(APP))


def empty() -> float:
    with connection.cursor() as cursor:
        return seconds(lambda: cursor.execute("SELECT 1"))


def _armed():
    return Alarm.objects.armed().filter(app=APP)


def open_tickets() -> list[int]:
    """Tickets at work with something armed; what was due before is fired already."""
    contracts, desk = customers("sweep")
    play(contracts, desk, 6, last=timedelta(hours=8))
    clock.set_to(NOW)
    for app in (APP, "escalations"):
        alarms.sweep(app)
    return list(_armed().values_list("ticket", flat=True).distinct().order_by("ticket"))


def main() -> None:
    size = arguments(__doc__, few=10_000, many=100_000, most=1_000_000)
    size.due = 1_000  # at any scale
    with own_database() as base, ExitStack() as copies:
        templates = open_tickets()
        armed = {}
        for name in ("few", "many", "most"):
            use(base)
            armed[name] = Armed(copies.enter_context(copy_of(base)), templates, getattr(size, name), size.due)
        works = {name: database.sweep for name, database in armed.items()}
        turns = Turns(ROUNDS, {**works, "loop": armed["most"].loop})
        ticks = Turns(200, {"idle": idle, "empty": empty})
    judge(size, turns, ticks)


def judge(size, turns: Turns, ticks: Turns) -> None:
    lines = Lines("sweep")
    for name in ("few", "many", "most"):
        lines.fact(f"{size.due:,} due among {getattr(size, name):,}: {shown(turns.median(name))}")
    lines.fact(f"record by record: {shown(turns.median('loop'))}; idle tick: {shown(ticks.median('idle'))}")
    lines.at_most(5, "idle tick by an empty query", ticks.ratio("idle", "empty"))
    lines.at_most(0.1, f"sweep by record by record, among {size.most:,}", turns.ratio("most", "loop"))
    lines.at_most(1.5, f"among {size.most:,} by among {size.few:,}", turns.ratio("most", "few"))
    lines.end()


if __name__ == "__main__":
    main()

"""What does it cost to move every open ticket to a newer version of its calendar, as one change, against one by one?

Both give the same rows. One by one is the door's own `timeline.record`, a transaction a ticket, on a sample of the same tickets;
together, batches are moved over the cores.
"""

from datetime import timedelta

from django.db import transaction

from bench.database import BENCH, own_database
from bench.measuring import Lines, arguments, seconds, shown
from bench.tickets import MONTH, customers, multiply, play
from config.demo import clock
from support import timeline
from support.calendars import editing, moving, pins, plan
from support.models import Alarm, CalendarMove, CalendarVersion, Clock, Event, Ticket

CALENDAR = "uk-business"
NOW = MONTH.ends("America/Denver")  # for every customer
LEAST = 40_000  # at any scale: over the cores begins with a second
WARM = 20
GOAL = 15


def open_tickets() -> list[int]:
    """Tickets at work with a clock in the hours of the calendar."""
    contracts, desk = customers("calendar edit")
    play(contracts, desk, 6, last=timedelta(hours=8))
    clock.set_to(NOW)
    asked = Clock.objects.filter(state__in=["running", "paused"], detail__target__calendar=CALENDAR)
    return list(asked.values_list("ticket", flat=True).distinct().order_by("ticket"))


def shorter_fridays() -> CalendarVersion:
    last = CalendarVersion.objects.get(name=CALENDAR)
    data = plan.data_of(plan.plan_of(last.data), NOW.year)
    data["calendar"]["hours"]["fri"] = ["09:00-15:00"]
    return editing.save(CALENDAR, data, after=last.version, by=BENCH, at=NOW)


class Move:
    """All tickets that would move: a sample of them one by one, half of it before and half after the rest."""

    def __init__(self, version: CalendarVersion) -> None:
        self._version = version
        self._row = CalendarMove(
            calendar=version, older=pins.older(version), reason="Bench", at=NOW, tickets=0, contracts=0
        )
        self._row.actor = BENCH
        self._row.save()
        self._pins = pins.stale(version, NOW)
        self.tickets = len(self._pins)
        self._left = sorted(self._pins)

    def one_by_one(self, sample: int) -> float:
        """Seconds for so many of them."""
        taken, self._left = self._left[:sample], self._left[sample:]
        return seconds(lambda: [self._record(number) for number in taken])

    def together(self, but: int) -> float:
        """Seconds a ticket for all but so many, with the search for them and the start of a process for each core."""
        share, self._left = self._left[:-but], self._left[-but:]
        moved: list[int] = []
        took = seconds(lambda: pins.stale_tickets(self._version, NOW))
        took += seconds(lambda: moved.append(moving.move_each(self._row, share)))
        assert moved == [len(share)], f"{moved} of {len(share)} were moved"
        return took / len(share)

    @transaction.atomic
    def _record(self, number: int) -> None:
        ticket = Ticket.objects.get(pk=number)
        for pin in self._pins[number]:
            facts = {"calendar": pin.name, "old": pin.pinned, "new": f"{CALENDAR}@{self._version.version}"}
            at = max(NOW, ticket.changed_at)
            timeline.record(ticket, moving.KIND, by=BENCH, at=at, subject=pin.subject, **facts)


def main() -> None:
    size = arguments(__doc__, clocks=100_000, sample=600)
    clocks, half = max(size.clocks, LEAST), max(size.sample // 2, 100)
    with own_database():
        templates = open_tickets()
        multiply(templates, clocks - len(templates), (Ticket, Event, Clock, Alarm))
        move = Move(shorter_fridays())
        move.one_by_one(WARM)
        before = move.one_by_one(half)
        together = move.together(but=half)
        one = (before + move.one_by_one(half)) / (2 * half)
    lines = Lines("calendar edit")
    lines.fact(f"a ticket: {shown(one)} one by one, {shown(together)} together")
    lines.fact(
        f"all {move.tickets:,}: {shown(one * move.tickets)} one by one, {shown(together * move.tickets)} together"
    )
    lines.at_least(GOAL, "times as fast as record by record", one / together)
    lines.end()


if __name__ == "__main__":
    main()

"""What does it cost to move every open ticket to a newer version of its calendar, as one change, against one by one?

Both give the same rows. One by one is the door's own `timeline.record`, a transaction a ticket, on a sample of the same tickets; the
two take turns, on other tickets each time.
"""

from datetime import timedelta

from django.db import transaction

from bench.database import BENCH, own_database
from bench.measuring import Lines, Turns, arguments, seconds, shown
from bench.tickets import MONTH, customers, multiply, play
from config.demo import clock
from support import timeline
from support.calendars import editing, moving, pins, plan
from support.models import Alarm, CalendarMove, CalendarVersion, Clock, Event, Ticket

CALENDAR = "uk-business"
NOW = MONTH.ends("America/Denver")  # for every customer
ROUNDS = 10
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
    """All tickets that would move: a share of them each round, and a few one by one."""

    def __init__(self, version: CalendarVersion, sample: int) -> None:
        self.took = seconds(lambda: self._find(version))
        self._version, self._sample = version, sample
        self._row = CalendarMove(
            calendar=version, older=pins.older(version), reason="Bench", at=NOW, tickets=0, contracts=0
        )
        self._row.actor = BENCH
        self._row.save()
        self.tickets = len(self._left)
        self._share = (self.tickets - (ROUNDS + 1) * sample) // (ROUNDS + 1)

    def _find(self, version: CalendarVersion) -> None:
        self._pins = pins.stale(version, NOW)
        self._left = sorted(self._pins)

    def set_based(self) -> float:
        """Seconds a ticket, the batch's own search among them."""
        share = self._take(self._share)
        batches = [share[start : start + moving.BATCH] for start in range(0, len(share), moving.BATCH)]
        moved: list[int] = []
        took = seconds(lambda: moved.extend(moving.move_batch(self._row, batch) for batch in batches))
        assert sum(moved) == len(share), f"{sum(moved)} of {len(share)} were moved"
        return took / len(share)

    def one_by_one(self) -> float:
        numbers = self._take(self._sample)
        return seconds(lambda: [self._record(number) for number in numbers]) / len(numbers)

    @transaction.atomic
    def _record(self, number: int) -> None:
        ticket = Ticket.objects.get(pk=number)
        for pin in self._pins[number]:
            facts = {"calendar": pin.name, "old": pin.pinned, "new": f"{CALENDAR}@{self._version.version}"}
            at = max(NOW, ticket.changed_at)
            timeline.record(ticket, moving.KIND, by=BENCH, at=at, subject=pin.subject, **facts)

    def _take(self, number: int) -> list[int]:
        taken, self._left = self._left[:number], self._left[number:]
        return taken


def main() -> None:
    size = arguments(__doc__, clocks=100_000, sample=100)
    lines = Lines("calendar edit")
    with own_database():
        templates = open_tickets()
        multiply(templates, size.clocks - len(templates), (Ticket, Event, Clock, Alarm))
        move = Move(shorter_fridays(), size.sample)
        turns = Turns(ROUNDS, {"set": move.set_based, "one": move.one_by_one})
    found = move.took / move.tickets
    one, together = turns.median("one"), turns.median("set") + found
    lines.fact(
        f"{move.tickets:,} tickets found in {shown(move.took)}; a ticket: {shown(one)} one by one, {shown(together)} together"
    )
    lines.fact(
        f"all of them: {shown(one * move.tickets)} one by one, {shown(together * move.tickets)} together"
    )
    lines.at_least(GOAL, "times as fast as record by record", one / together)
    lines.end()


if __name__ == "__main__":
    main()

"""The alarms that tickets want by their timelines are the ones that are stored: asked by the checker, mended each night."""

from collections.abc import Iterator, Mapping, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from support import arming, folding
from support.models import Alarm, Ticket
from support.models.tickets import UNDONE

CHUNK = 500  # tickets whose timelines are in memory at once


def strayed() -> list[tuple[str, str]]:
    """The number of a ticket, and what is wrong with an alarm of it: lost, armed for another instant, or unwanted.

    Every open ticket is folded from its events, and every other that has an alarm armed: a millisecond for a ticket of ten
    events, and two queries for five hundred.
    """
    numbers = _asked()
    # Events and alarms are read one after the other, and something may have happened in between: asked once more.
    return [(numbers[pk], what) for pk, what in _compared(_suspects(numbers))]


def mend() -> int:
    """Arm anew the tickets of which an alarm strays, as their next entry would; answers how many."""
    suspects = _suspects(_asked())
    for pk in suspects:
        with transaction.atomic():
            folding.store(Ticket.objects.select_for_update().get(pk=pk))
    return len(suspects)


def _asked() -> dict[int, str]:
    armed = Alarm.objects.armed().filter(ticket=OuterRef("pk"))
    asked = Ticket.objects.filter(Q(state__in=UNDONE) | Exists(armed)).order_by("pk")
    return dict(asked.values_list("pk", "number"))


def _suspects(numbers: Mapping[int, str]) -> list[int]:
    every = list(numbers)
    chunks = (every[begin : begin + CHUNK] for begin in range(0, len(every), CHUNK))
    return sorted({pk for chunk in chunks for pk, _what in _compared(chunk)})


def _compared(tickets: Sequence[int]) -> Iterator[tuple[int, str]]:
    wanted = {
        (pk, alarm.key, alarm.threshold, arming.action_of(alarm)): alarm.at
        for pk, alarms in folding.wanted_by(tickets).items()
        for alarm in alarms
    }
    rows = Alarm.objects.filter(ticket__in=tickets).order_by("ticket", "key", "threshold")
    stored = {
        (pk, key, threshold, action): None if fired_at else due_at
        for pk, key, threshold, action, due_at, fired_at in rows.values_list(
            "ticket", "key", "threshold", "action", "due_at", "fired_at"
        )
    }
    for name, at in wanted.items():
        if name not in stored:
            yield name[0], f"{name[1]}, {name[2]}: lost, it is due at {at:%Y-%m-%d %H:%M}Z"
        elif stored[name] not in (None, at):
            yield (
                name[0],
                f"{name[1]}, {name[2]}: armed for {stored[name]:%Y-%m-%d %H:%M}Z, due at {at:%Y-%m-%d %H:%M}Z",
            )
    for name, due_at in stored.items():
        if due_at and name not in wanted:
            yield (
                name[0],
                f"{name[1]}, {name[2]}: armed for {due_at:%Y-%m-%d %H:%M}Z, though nothing asks for it",
            )

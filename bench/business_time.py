"""How fast are due instants and elapsed time, and does the cost of a deadline depend on how far away it is?

Against businesstimedelta in the week of its README, nine to six but for lunch and holidays, and against business-duration,
which knows no lunch. Only where the peers are right: business-duration is not across a change of daylight saving.
"""

import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count, cycle, islice
from zoneinfo import ZoneInfo

from bench.measuring import Lines, Turns, arguments, seconds
from bench.peer import Peer
from support.catalogue.holidays import between
from support.clocks.calendar import BusinessCalendar
from support.clocks.instants import MINUTE, micros

ZONE = ZoneInfo("Europe/London")
HOLIDAYS = dict(between("GB", "ENG", first_year=2025, last_year=2028))
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
HOUR, MONTH = 60, 30 * 24 * 60  # minutes
DIFFERENT = 500  # starts
ROUNDS = 9
Work = Callable[[list[datetime], int], list]


def calendar(*windows: tuple[str, str]) -> BusinessCalendar:
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), windows)
    return BusinessCalendar(ZONE.key, week, HOLIDAYS)


PLAIN, LUNCH = calendar(("09:00", "18:00")), calendar(("09:00", "12:00"), ("13:00", "18:00"))


def starts(number: int) -> list[datetime]:
    """Any minutes of 2026 with no change of daylight saving in the month that follows, `DIFFERENT` of them in turn."""
    draw = random.Random("business time")
    drawn = (FIRST + timedelta(minutes=draw.randrange(365 * 24 * 60)) for _ in count())
    kept = list(islice((at for at in drawn if _offset(at) == _offset(at + timedelta(days=31))), DIFFERENT))
    return list(islice(cycle(kept), number))


def _offset(at: datetime) -> timedelta | None:
    return at.astimezone(ZONE).utcoffset()


def due(begins: list[datetime], minutes: int) -> list[datetime]:
    return [PLAIN.due(start, minutes) for start in begins]


def due_with_lunch(begins: list[datetime], minutes: int) -> list[datetime]:
    return [LUNCH.due(start, minutes) for start in begins]


def elapsed(begins: list[datetime], minutes: int) -> list[float]:
    span = timedelta(minutes=minutes)
    return [PLAIN.elapsed(start, start + span) for start in begins]


def in_bulk(minutes: int, calls: int) -> Callable[[], float]:
    """Seconds a due instant of so many at once, as the database hands them out: in microseconds."""
    begins, budgets = [micros(start) for start in starts(calls)], [minutes * MINUTE] * calls
    return lambda: seconds(lambda: LUNCH.due_each(begins, budgets)) / calls


def ours(work: Work, minutes: int, calls: int) -> Callable[[], float]:
    """Seconds a call."""
    begins = starts(calls)
    return lambda: seconds(lambda: work(begins, minutes)) / calls


def theirs(peer: Peer, work: Work, minutes: int, calls: int) -> Callable[[], float]:
    """Seconds a call, measured by the peer itself; the same work by the same name."""
    asked = [start.isoformat() for start in starts(calls)]
    return lambda: peer.ask(work.__name__, starts=asked, minutes=minutes)["seconds"] / calls


def must_agree(peer: Peer, work: Work, minutes: int) -> None:
    """The same work is measured: every answer is the same."""
    begins = starts(DIFFERENT)
    answers = peer.ask(work.__name__, starts=[at.isoformat() for at in begins], minutes=minutes)["answers"]
    said = [datetime.fromisoformat(answer) if isinstance(answer, str) else answer for answer in answers]
    if said != work(begins, minutes):
        sys.exit(f"{work.__name__}: the peer answers otherwise, so the two do not do the same work.")


def main() -> None:
    size = arguments(__doc__, calls=50_000, peer_calls=2_000)
    with Peer() as peer:
        for work, minutes in [(due, 8 * HOUR), (due_with_lunch, 8 * HOUR), (elapsed, MONTH)]:
            must_agree(peer, work, minutes)
        works = {
            "due 1 h": ours(due_with_lunch, HOUR, size.calls),
            "8 h": ours(due_with_lunch, 8 * HOUR, size.calls),
            "400 h": ours(due_with_lunch, 400 * HOUR, size.calls),
            "8 h without lunch": ours(due, 8 * HOUR, size.calls),
            "8 h in bulk": in_bulk(8 * HOUR, size.calls),
            "elapsed": ours(elapsed, MONTH, size.calls),
            "businesstimedelta 8 h": theirs(peer, due_with_lunch, 8 * HOUR, size.peer_calls),
            "without lunch": theirs(peer, due, 8 * HOUR, size.peer_calls),
            "business-duration": theirs(peer, elapsed, MONTH, size.peer_calls),
        }
        turns = Turns(ROUNDS, works)
    judge(turns, list(works))


def judge(turns: Turns, names: list[str]) -> None:
    lines = Lines("business time")
    lines.fact(", ".join(f"{name} {1 / turns.median(name):,.0f}/s" for name in names))
    lines.at_least(150, "due in 8 h, times businesstimedelta", turns.ratio("businesstimedelta 8 h", "8 h"))
    lines.at_least(1_000_000, "due in 8 h in bulk, instants a second", 1 / turns.median("8 h in bulk"))
    plain = turns.ratio("without lunch", "8 h without lunch")
    lines.fact(f"the same without lunch: {plain:.3g} (not judged)")
    lines.at_most(1.5, "due, cost at 400 h by cost at 1 h", turns.ratio("400 h", "due 1 h"))
    month = turns.ratio("business-duration", "elapsed")
    lines.at_least(20, "elapsed in 30 days, times business-duration", month)
    lines.end()


if __name__ == "__main__":
    main()

"""Does the cost of a deadline depend on how far away it is? Ours at 400 business hours against ours at 1, in turns."""

import statistics
import sys
import time
from datetime import UTC, datetime, timedelta

from support.clocks.calendar import BusinessCalendar

GOAL = 1.5  # cost at 400 h ÷ cost at 1 h, at most
ROUNDS, CALLS = 15, 4000
DAYS = ("mon", "tue", "wed", "thu", "fri")
CALENDAR = BusinessCalendar("Europe/London", {day: [("09:00", "17:30")] for day in DAYS})
START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def seconds(minutes: int) -> float:
    starts = [START + timedelta(minutes=37 * n) for n in range(CALLS)]
    begin = time.perf_counter()
    for start in starts:
        CALENDAR.due(start, minutes)
    return time.perf_counter() - begin


def main() -> None:
    seconds(60), seconds(400 * 60)  # compile the years once
    short, long = [], []
    for _ in range(ROUNDS):
        short.append(seconds(60))
        long.append(seconds(400 * 60))
    near, far = statistics.median(short), statistics.median(long)
    ratio = far / near
    print(
        f"due instant: {CALLS / near:,.0f}/s at 1 h, {CALLS / far:,.0f}/s at 400 h, ratio {ratio:.2f} (goal {GOAL})"
    )
    sys.exit(ratio > GOAL)


if __name__ == "__main__":
    main()

"""What the peers do, run by their own interpreter: a line of JSON asks for a task, a line of JSON answers.

The weeks of bench.business_time in London, given to each library with England's holidays as its README does.
"""

import json
import sys
import time as clock
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import businesstimedelta
import holidays
import pytz
from business_duration import businessDuration

ZONE = "Europe/London"
OPENS, CLOSES = time(9), time(18)
CLOSED = holidays.country_holidays("GB", subdiv="ENG")
IN_ZONE = {"tz": pytz.timezone(ZONE)}
PLAIN = [
    businesstimedelta.WorkDayRule(OPENS, CLOSES, **IN_ZONE),
    businesstimedelta.HolidayRule(CLOSED, **IN_ZONE),
]
LUNCH = businesstimedelta.LunchTimeRule(time(12), time(13), **IN_ZONE)


def due(starts: list[datetime], minutes: int, rules: list = PLAIN) -> list[datetime]:
    budget = businesstimedelta.BusinessTimeDelta(
        businesstimedelta.Rules(rules), timedelta=timedelta(minutes=minutes)
    )
    return [start + budget for start in starts]


def due_with_lunch(starts: list[datetime], minutes: int) -> list[datetime]:
    return due(starts, minutes, [*PLAIN, LUNCH])


def elapsed(starts: list[datetime], minutes: int) -> list[float]:
    """business-duration reads wall clocks, so whoever has instants turns them into the zone's time first."""
    zone, span = ZoneInfo(ZONE), timedelta(minutes=minutes)
    return [
        businessDuration(
            start.astimezone(zone).replace(tzinfo=None),
            (start + span).astimezone(zone).replace(tzinfo=None),
            starttime=OPENS,
            endtime=CLOSES,
            holidaylist=CLOSED,
        )
        for start in starts
    ]


TASKS = {"due": due, "due_with_lunch": due_with_lunch, "elapsed": elapsed}


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        starts = [datetime.fromisoformat(start) for start in asked["starts"]]
        begin = clock.perf_counter()
        answers = TASKS[asked["task"]](starts, asked["minutes"])
        took = clock.perf_counter() - begin
        print(json.dumps({"seconds": took, "answers": answers}, default=datetime.isoformat), flush=True)


if __name__ == "__main__":
    main()

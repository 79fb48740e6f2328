"""The published and generated cases of business time, and what they leave open."""

import json
from datetime import date, datetime
from itertools import islice
from pathlib import Path

import pytest

from support.clocks.calendar import BusinessCalendar

CASES = json.loads((Path(__file__).parent / "cases" / "business_time.json").read_text())


def instant(text):
    return datetime.fromisoformat(text)


def calendar(spec):
    def exceptions(rows):
        return [(date.fromisoformat(row["date"]), row["start"], row["end"]) for row in rows]

    return BusinessCalendar(
        spec["timezone"],
        spec.get("hours", {}),
        holidays=[date.fromisoformat(day) for day in spec.get("holidays", ())],
        breaks=exceptions(spec.get("breaks", ())),
        shifts=exceptions(spec.get("shifts", ())),
    )


def answer(case):
    cal, start = calendar(case["calendar"]), instant(case.get("start", case.get("wall")))
    pauses = [(instant(begin), instant(end)) for begin, end in case.get("pauses", ())]
    match case["kind"]:
        case "due":
            return cal.due(start, case["minutes"], pauses)
        case "back":
            return cal.back(start, case["minutes"])
        case "elapsed":
            return cal.elapsed(start, instant(case["end"]), pauses)
        case "is_open":
            return cal.is_open(start)
        case "due_business_days":
            return cal.due_business_days(start, case["business_days"])
        case "business_dates":
            return [day.isoformat() for day in islice(cal.business_dates(start), len(case["expected"]))]
        case "wall_to_utc":
            return cal.to_utc(start)


@pytest.mark.parametrize("case", CASES["published"] + CASES["generated"], ids=lambda case: case["id"])
def test_business_time(case):
    expected = case["expected"]
    if isinstance(expected, str):
        expected = instant(expected)
    elif case["kind"] == "elapsed":
        expected = pytest.approx(expected, abs=1e-6)
    assert answer(case) == expected


def test_there_are_166_cases():
    assert len(CASES["published"] + CASES["generated"]) == 166

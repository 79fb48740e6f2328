"""What hypothesis draws for clocks. COUNTERSIGN_EXAMPLES raises the number of examples for a nightly run."""

import os
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st

from tests.support.calendar_cases import CALENDARS, utc

modestly = settings(max_examples=int(os.environ.get("COUNTERSIGN_EXAMPLES", "100")), deadline=None)

calendars = st.sampled_from(CALENDARS)
# Two years with clock changes in both hemispheres, to the second.
instants = st.integers(0, 2 * 365 * 86_400).map(lambda s: utc("2025-07-01") + timedelta(seconds=s))
budgets = st.integers(1, 100 * 60)


@st.composite
def pauses(draw, near):
    """Up to four waits, overlapping or not, that begin within ten days of `near`."""
    found = []
    for _ in range(draw(st.integers(0, 4))):
        begin = near + timedelta(minutes=draw(st.integers(-600, 14_400)))
        found.append((begin, begin + timedelta(minutes=draw(st.integers(0, 4_000)))))
    return found

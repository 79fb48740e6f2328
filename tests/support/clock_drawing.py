"""What hypothesis draws for clocks. COUNTERSIGN_EXAMPLES raises the number of examples for a nightly run."""

import os
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st

from support.clocks.terms import Subject
from tests.support.calendar_cases import CALENDARS, utc
from tests.support.terms_cases import SERVICES
from tests.support.timeline_cases import ENGAGEMENT, TICKET, Timeline

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


STEPS = (
    ("message.sent", {}),
    ("message.sent", {"automatic": True}),
    ("message.received", {}),
    ("call.made", {"connected": True}),
    ("session.connected", {}),
    ("troubleshoot.done", {}),
    ("workaround.given", {}),
    ("plan.given", {}),
    ("ticket.resolved", {}),
    ("ticket.reopened", {}),
    ("effort.switched", {"effort": "24x7"}),
    ("effort.switched", {"effort": "business"}),
    ("calendar.moved", {"calendar": "plan", "new": "plan@2"}),
    ("calendar.moved", {"calendar": "plan", "new": "plan@1"}),
    ("note.added", {}),
    ("ticket.closed", {}),
)
MOVING = (("wait.started", {}), ("wait.started", {}), ("wait.ended", {}), ("priority.agreed", {}))
WAITS = ("customer", "approval", "gdap", "vendor", "site_access", "maintenance")


@st.composite
def timelines(draw, steps=STEPS, most=12):
    """A ticket of any service, or an engagement on it, with up to `most` events, seconds or days apart."""
    service = draw(st.sampled_from(SERVICES))
    levels = st.sampled_from([step.code for step in service.priorities])
    at, line = draw(instants), Timeline()
    engagement = service.subject is Subject.ENGAGEMENT
    subject = ENGAGEMENT if engagement else TICKET
    (line.engaged if engagement else line.opened)(at, service, draw(levels))
    waiting = []
    for number in range(draw(st.integers(0, most))):
        at += timedelta(seconds=draw(st.integers(0, 3 * 86_400)))
        kind, facts = draw(st.sampled_from((*steps, *MOVING)))
        if kind == "wait.started":
            waiting.append(number)
            facts = {"id": number, "reason": draw(st.sampled_from(WAITS))}
        elif kind == "wait.ended":
            if not waiting:
                continue
            facts = {"id": waiting.pop(draw(st.integers(0, len(waiting) - 1)))}
        elif kind == "priority.agreed":
            facts = {"level": draw(levels)}
        line.at(at, kind, subject=subject, **facts)
    return line

"""Whatever happens to a ticket, at whatever minute: the engine says of its clocks what counting the minutes says."""

from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from support.clocks.events import ActorKind
from tests.support.calendar_cases import utc
from tests.support.clock_drawing import WAITS, modestly
from tests.support.minute_counting import scale
from tests.support.timeline_cases import ENGAGEMENT, TICKET
from tests.support.two_reckonings import CASE, ESE, SUPPORT, VENDOR, Reckoned

pytestmark = pytest.mark.hypothesis

MINUTE = timedelta(minutes=1)
DAY = 24 * 60
AT_LEAST = 4  # events before a ticket may end: else most would end before anybody has answered

# Clocks change in the United States and in London, bank holidays, the turn of the year: the days before each.
HARD = ("2026-03-05", "2026-03-26", "2026-04-01", "2026-05-21", "2026-10-22", "2026-10-29", "2026-12-23")
starts = st.builds(
    lambda day, minutes: utc(day) + minutes * MINUTE, st.sampled_from(HARD), st.integers(0, 5 * DAY)
)
# How many minutes pass before something happens, or up to a minute around what falls due next.
AROUND = {"a minute early": -1, "in time": 0, "a minute late": 1}
passing = st.one_of(
    st.just(0),
    st.integers(1, 90),
    st.integers(60, 18 * 60),
    st.integers(0, 5 * DAY),
    st.sampled_from(list(AROUND)),
)
levels = st.integers(0, 5)
anything = st.sampled_from((TICKET, ENGAGEMENT, CASE))

BY_THE_PROVIDER = (
    ("message.sent", {}),
    ("message.sent", {"to": "partner"}),
    ("message.sent", {"to": "vendor"}),
    ("message.sent", {"automatic": True}),
    ("message.sent", {"actor": ActorKind.SYSTEM}),
    ("call.made", {"connected": True}),
    ("call.made", {"connected": False}),
    ("session.connected", {}),
    ("notice.sent", {"outage": 3}),
    ("note.added", {}),
)
BY_THE_CUSTOMER = (
    ("message.received", {}),
    ("message.received", {"automatic": True}),
    ("message.received", {"sender": "vendor"}),
    ("call.taken", {"connected": True}),
    ("call.taken", {"connected": False}),
)
DONE = (
    ("troubleshoot.done", {}),
    ("workaround.given", {}),
    ("workaround.given", {"accepted": True}),
    ("workaround.given", {"accepted": False}),
    ("plan.given", {}),
    ("ticket.merged", {"other": 2, "survives": True}),
)
CASE_EVENTS = ("case.severity", "case.answered", "case.dispatched", "case.closed", "case.asked_customer")
PROMISES = ("commitment.made", "commitment.changed", "commitment.withdrawn")
ENDS = (
    ("ticket.resolved", {}),
    ("ticket.restored", {}),
    ("ticket.resolved", {}),
    ("ticket.restored", {}),
    ("ticket.closed", {}),
    ("ticket.archived", {}),
    ("ticket.declined", {}),
    ("ticket.merged", {"other": 2}),
)


def chosen(service, number):
    """One of the service's priorities."""
    return scale(service)[number % len(scale(service))]


def only_while(*lives):
    return precondition(lambda machine: machine.life in lives)


class ClockMachine(RuleBasedStateMachine):
    """`life` is the ticket's: open, resolved or over. `services` are those under which something is now."""

    @initialize(
        at=starts,
        service=st.sampled_from((*SUPPORT, ESE)),
        level=levels,
        deployment=st.sampled_from(("cloud", "on_premises")),
    )
    def a_ticket_is_opened(self, at, service, level, deployment):
        self.desk, self.life, self.begun = Reckoned(at), "open", 0
        self.services, self.waiting = {}, []
        if service == ESE:
            self.desk.opens_without_a_service()
            self._engage(level)
        else:
            self.desk.opens(service, chosen(service, level), deployment)
            self.services[TICKET] = service

    @rule(passes=passing, said=st.sampled_from(BY_THE_PROVIDER), on=anything)
    def the_provider_says_something(self, passes, said, on):
        self._after(passes, *said, on=on)

    @rule(passes=passing, said=st.sampled_from(BY_THE_CUSTOMER), on=anything)
    def the_customer_says_something(self, passes, said, on):
        self._after(passes, *said, on=on)

    @only_while("open")
    @rule(passes=passing, done=st.sampled_from(DONE), on=anything)
    def something_is_done(self, passes, done, on):
        self._after(passes, *done, on=on)

    @only_while("open")
    @rule(passes=passing, effort=st.sampled_from(("24x7", "business")), on=anything)
    def the_hours_of_work_are_switched(self, passes, effort, on):
        self._after(passes, "effort.switched", {"effort": effort}, on=on)

    @only_while("open")
    @rule(
        passes=passing,
        reason=st.sampled_from((*WAITS, "other")),
        wakes=st.none() | st.integers(1, 5 * DAY),
        ends_on_reply=st.booleans(),
        announced_in_time=st.booleans(),
        on=anything,
    )
    def a_wait_starts(self, passes, wakes, on, **facts):
        self._pass(passes)
        number = len(self.desk.line.events)
        wake_at = wakes and (self.desk.now + wakes * MINUTE).isoformat()
        self._after(0, "wait.started", {"id": number, "wake_at": wake_at, **facts}, on=on)
        self.waiting.append(number)

    @precondition(lambda machine: machine.waiting)
    @rule(passes=passing, which=st.integers(0, 9))
    def a_wait_ends(self, passes, which):
        self._after(passes, "wait.ended", {"id": self.waiting.pop(which % len(self.waiting))})

    @only_while("open")
    @rule(passes=passing, level=levels, on=anything, how=st.sampled_from(("claimed", "assessed", "agreed")))
    def the_priority_changes(self, passes, level, on, how):
        self._pass(passes)
        subject = on if on in self.services else TICKET
        if subject != CASE and subject in self.services:
            level = chosen(self.services[subject], level)
            self._after(0, f"priority.{how}", {"level": level}, on=subject)

    @only_while("open")
    @rule(passes=passing, ahead=st.integers(1, 5 * DAY), kind=st.sampled_from(PROMISES), on=anything)
    def something_is_promised_or_no_more(self, passes, ahead, kind, on):
        self._pass(passes)
        promised_at = (self.desk.now + ahead * MINUTE).isoformat()
        self._after(0, kind, {} if kind.endswith("withdrawn") else {"promised_at": promised_at}, on=on)

    @only_while("open")
    @precondition(lambda machine: not machine._was_engaged())
    @rule(passes=passing, level=levels)
    def an_engagement_is_asked_for(self, passes, level):
        self._pass(passes)
        self._engage(level)

    @only_while("open")
    @precondition(lambda machine: ENGAGEMENT in machine.services)
    @rule(passes=passing)
    def the_engagement_ends(self, passes):
        self._after(passes, "engagement.ended", on=ENGAGEMENT)
        del self.services[ENGAGEMENT]

    @only_while("open")
    @rule(passes=passing, level=levels, event=st.sampled_from(CASE_EVENTS))
    def the_vendor_is_asked_or_answers(self, passes, level, event):
        self._pass(passes)
        severity = chosen(VENDOR, level)
        if CASE in self.services:
            self._after(0, event, {"severity": severity} if event == "case.severity" else {}, on=CASE)
        else:
            self.services[CASE] = VENDOR
            self.desk.asks_the_vendor(severity)

    @only_while("open")
    @precondition(lambda machine: len(machine.desk.line.events) - machine.begun > AT_LEAST)
    @rule(passes=passing, end=st.sampled_from(ENDS))
    def it_ends(self, passes, end):
        self._after(passes, *end)
        self.life = (
            "resolved" if end[0] in ("ticket.resolved", "ticket.restored", "ticket.closed") else "over"
        )

    @only_while("resolved")
    @rule(passes=passing)
    def it_is_reopened(self, passes):
        self._after(passes, "ticket.reopened")
        self.life, self.begun = "open", len(self.desk.line.events)

    @rule(passes=passing)
    def nothing_happens(self, passes):
        self._pass(passes)

    @invariant()
    def the_engine_says_what_the_minutes_say(self):
        assert self.desk.by_the_engine() == self.desk.by_the_minute()

    def _engage(self, level):
        self.desk.engages(chosen(ESE, level))
        self.services[ENGAGEMENT] = ESE

    def _was_engaged(self):
        return any(event.kind == "engagement.requested" for event in self.desk.line.events)

    def _after(self, passes, kind, facts=(), on=TICKET):
        """On the ticket itself where what the event would be about is not there, or no more."""
        self._pass(passes)
        self.desk.happens(kind, on=on if on in self.services else TICKET, **dict(facts))

    def _pass(self, passes):
        if passes in AROUND:
            dues = [row.due_at for row in self.desk.by_the_minute() if row.state == "running" and row.due_at]
            around = (due + AROUND[passes] * MINUTE for due in dues)
            self.desk.now = min((at for at in around if at >= self.desk.now), default=self.desk.now)
        else:
            self.desk.now += passes * MINUTE


TestTheClockMachine = ClockMachine.TestCase
TestTheClockMachine.settings = modestly

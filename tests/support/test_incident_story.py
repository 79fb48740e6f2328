"""What rows tell, one after the other: each case is the states of an incident's rows and the events that follow."""

from datetime import UTC, datetime, timedelta

import pytest

from support.desk.incident_log import Row, State
from support.desk.incident_story import Standing, follow, level_of

NOON = datetime(2016, 6, 6, 12, tzinfo=UTC)
SCALE = ("P1", "P2", "P3")


def rows(*said):
    """A row an hour for each (state, further cells)."""
    for n, (state, cells) in enumerate((one if isinstance(one, tuple) else (one, {})) for one in said):
        at = NOON + timedelta(hours=n)
        known = {"priority": 2, "assigned_to": "", "location": "", "title": "INC1", **cells}
        yield Row(n + 2, "INC1", State(state), n, NOON, at, f"{n}", **known)


def told(*said, standing=None, staff=None):
    happenings, after = follow(rows(*said), standing or Standing("P2"), scale=SCALE, staff=staff or {})
    return " ".join(happening.kind for happening in happenings), after


CASES = [
    (["New", "New"], "", "open"),
    (["Active", "Active"], "session.connected", "open"),
    ([("New", {"assigned_to": "Ana"})], "session.connected", "open"),
    (["Resolved", "Active"], "ticket.resolved ticket.reopened", "open"),
    (["Closed"], "ticket.closed", "closed"),
    ([("Closed", {"assigned_to": "Ana"})], "session.connected ticket.closed", "closed"),
    (["Resolved", "Closed", "Closed"], "ticket.resolved ticket.closed", "closed"),
    (["Closed", "Resolved"], "ticket.closed ticket.reopened ticket.resolved", "resolved"),
    (["Awaiting Vendor", "New"], "wait.started wait.ended", "open"),
    (["Awaiting Problem", "Awaiting Evidence"], "wait.started", "waiting"),
    (
        ["Awaiting User Info", "Awaiting Vendor"],
        "wait.started wait.ended wait.started",
        "waiting",
    ),
    (["Awaiting User Info", "Resolved"], "wait.started wait.ended ticket.resolved", "resolved"),
    (["Awaiting User Info", "Closed"], "wait.started wait.ended ticket.closed", "closed"),
    (
        ["Resolved", "Awaiting Vendor"],
        "ticket.resolved ticket.reopened wait.started",
        "waiting",
    ),
    ([("Active", {"priority": 1})], "priority.agreed session.connected", "open"),
    (["Resolved", ("Resolved", {"priority": 1})], "ticket.resolved priority.agreed", "resolved"),
    ([("New", {"priority": None})], "", "open"),
]


@pytest.mark.parametrize(("states", "kinds", "state"), CASES)
def test_rows_tell(states, kinds, state):
    happened, after = told(*states)
    assert (happened, after.state) == (kinds, state)


@pytest.mark.parametrize(
    ("states", "outcome", "hour"),
    [
        (["New", "Resolved", "Closed"], "resolved", 1),
        (["New", "Closed"], "archived", 1),
        (["Resolved", "Active"], "", None),
        (["Resolved", "Active", "Resolved", "Closed"], "resolved", 2),
    ],
)
def test_a_ticket_is_done_when_it_was_last_resolved_or_else_closed(states, outcome, hour):
    after = told(*states)[1]
    assert after.outcome == outcome
    assert after.done_at == (None if hour is None else NOON + timedelta(hours=hour))


def test_following_on_is_following_from_the_start():
    states = ["New", "Active", "Awaiting Vendor", "Active", "Resolved", "Active", "Closed"]
    every = list(rows(*states))
    whole, end = follow(every, Standing("P2"), scale=SCALE, staff={})
    for cut in range(len(every)):
        first, middle = follow(every[:cut], Standing("P2"), scale=SCALE, staff={})
        rest, after = follow(every[cut:], middle, scale=SCALE, staff={})
        assert (first + rest, after) == (whole, end)


def test_the_owner_is_whom_the_desk_knows():
    states = [("New", {"assigned_to": name}) for name in ("Ana", "Ana", "Nobody", "")]
    happened, after = told(*states, staff={"Ana": 7})
    assert happened == "owner.changed session.connected owner.changed"
    assert after.owner is None


@pytest.mark.parametrize(("priority", "level"), [(1, "P1"), (3, "P3"), (4, "P3"), (99, "P3"), (None, "")])
def test_beyond_the_last_level_is_the_last(priority, level):
    assert level_of(priority, SCALE) == level

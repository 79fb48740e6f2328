"""What an event may say: known kinds, typed facts, codes instead of texts, and old versions up-cast."""

from dataclasses import replace

import pytest

from support.clocks import reading
from support.clocks.events import ActorKind, BadFacts, Event, SubjectRef, UnknownKind
from support.clocks.facts import EffortSwitched, MessageSent
from support.clocks.terms import Subject
from support.clocks.vocabulary import KINDS
from tests.support.calendar_cases import utc


def test_an_unknown_kind_is_refused():
    with pytest.raises(UnknownKind, match=r"ticket\.exploded"):
        reading.read("ticket.exploded", 1, {})


def test_facts_become_values():
    assert reading.read("message.sent", 1, {"automatic": True}) == MessageSent(automatic=True)
    assert reading.read("effort.switched", 1, {"effort": "24x7"}) == EffortSwitched(effort="24x7")
    wait = reading.read("wait.started", 1, {"id": 3, "reason": "vendor", "wake_at": "2026-03-02T09:00:00Z"})
    assert (wait.reason, wait.wake_at) == ("vendor", utc("2026-03-02 09:00"))


@pytest.mark.parametrize(
    ("kind", "facts", "complaint"),
    [
        ("message.sent", {"subject": "x"}, "unknown facts subject"),
        ("call.made", {}, "facts connected are missing"),
        ("call.made", {"connected": "yes"}, "'yes' is no bool"),
        ("call.made", {"connected": True, "seconds": True}, "True is no int"),
        ("wait.started", {"id": 1, "reason": "boredom"}, "boredom"),
        ("wait.started", {"id": 1, "reason": "vendor", "wake_at": "2026-03-02T09:00:00"}, "no time zone"),
        ("wait.started", {"id": 1, "reason": "vendor", "wake_at": "soon"}, "wake_at"),
        ("wait.started", {"id": None, "reason": "vendor"}, "id"),
        ("file.added", {"ids": "12"}, "not a list"),
        ("ticket.closed", {"reason": "the customer was cross"}, "never text"),
        ("owner.changed", {"new": "ana@example.com"}, "never text or addresses"),
        ("ticket.opened", {"calendars": {"plan": "a calendar of ours"}}, "never text"),
    ],
)
def test_facts_that_are_not_of_their_kind_are_refused(kind, facts, complaint):
    with pytest.raises(BadFacts, match=complaint):
        reading.read(kind, 1, facts)


def test_a_newer_version_than_this_program_knows_is_refused():
    with pytest.raises(BadFacts, match="version 2"):
        reading.read("message.sent", 2, {})


def test_an_older_version_is_up_cast_when_it_is_read(monkeypatch):
    newer = replace(KINDS["message.sent"], version=2)
    monkeypatch.setitem(KINDS, "message.sent", newer)
    monkeypatch.setitem(reading.UPCASTS, ("message.sent", 1), lambda old: {"automatic": old["auto"]})
    assert reading.read("message.sent", 1, {"auto": True}) == MessageSent(automatic=True)
    assert reading.read("message.sent", 2, {"automatic": True}) == MessageSent(automatic=True)


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        Event(
            1,
            "note.added",
            1,
            SubjectRef(Subject.TICKET, 1),
            utc("2026-03-02 09:00").replace(tzinfo=None),
            {},
            ActorKind.STAFF,
        )

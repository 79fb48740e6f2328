"""In which order events fold, and which ones a fold accepts."""

from dataclasses import replace
from datetime import date

import pytest

from support.clocks.actions import ON_TICKET, ON_TRACK
from support.clocks.book import Book
from support.clocks.calendar import BusinessCalendar, HolidaysUnknown, NeverOpen
from support.clocks.effects import Action
from support.clocks.events import FoldError, OutOfOrder, UnknownKind
from tests.support.terms_cases import UCC
from tests.support.timeline_cases import Timeline, opened


def test_an_unknown_kind_is_refused():
    with pytest.raises(UnknownKind, match=r"ticket\.exploded"):
        opened("2026-03-02 09:00", UCC, "High").at("2026-03-02 09:10", "ticket.exploded").fold()


def test_events_fold_in_order_of_their_sequence():
    line = opened("2026-03-02 09:00", UCC, "High").at("2026-03-02 09:10", "message.sent")
    forwards, backwards = line.fold(), Timeline()
    backwards.events = line.events[::-1]
    assert backwards.fold() == forwards


def test_an_event_is_never_before_the_last_one():
    line = opened("2026-03-02 09:00", UCC, "High").at("2026-03-02 08:59", "message.sent")
    with pytest.raises(OutOfOrder):
        line.fold()


def test_a_sequence_number_is_used_once():
    line = opened("2026-03-02 09:00", UCC, "High")
    line.events.append(line.events[0])
    with pytest.raises(OutOfOrder):
        line.fold()


def test_a_ticket_is_opened_once_and_assessed_only_when_open():
    with pytest.raises(FoldError, match="open already"):
        opened("2026-03-02 09:00", UCC, "High").opened("2026-03-02 09:00", UCC, "High").fold()
    with pytest.raises(FoldError, match="never opened"):
        Timeline().at("2026-03-02 09:00", "priority.agreed", level="High").fold()


def test_a_calendar_that_never_opens_is_an_error_not_a_date():
    closed = BusinessCalendar("UTC", {})
    book = Book({("exponential-e-ucc", 1): UCC}, {("uk-business", 1): closed})
    with pytest.raises(NeverOpen):
        Timeline(book).opened(
            "2026-03-02 09:00", UCC, "Normal", calendars={"uk-business": "uk-business@1"}
        ).fold()


def test_a_deadline_beyond_the_known_holidays_is_refused():
    known = BusinessCalendar("UTC", {"fri": [("09:00", "17:00")]}, known_until=date(2026, 3, 31))
    book = Book({("exponential-e-ucc", 1): UCC}, {("uk-business", 1): known})
    line = Timeline(book).opened(
        "2026-03-02 09:00", UCC, "Normal", calendars={"uk-business": "uk-business@1"}
    )
    with pytest.raises(HolidaysUnknown, match="2026-03-31"):
        line.fold()


def test_a_rule_for_priority_changes_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="'shrug' is not known"):
        Book({("exponential-e-ucc", 1): replace(UCC, on_priority_change="shrug")}, {})


def test_every_action_is_carried_out_or_waits_for_the_alarm():
    later = {Action.ARM, Action.DISARM}
    elsewhere = {Action.MOVE}  # pinning does it before the effects
    assert set(ON_TICKET) | set(ON_TRACK) | later | elsewhere == set(Action)


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("case.opened", {"vendor": "microsoft", "number": "2603020030001234", "severity": "A"}),
        ("case.asked_customer", {"question": 12}),
        ("commitment.made", {"promised_at": "2026-03-05T12:00:00Z"}),
        ("escalation.raised", {"level": 1, "ground": "missed", "not_before": "2026-03-05T12:00:00Z"}),
        ("handoff.offered", {"old": "us", "new": "au"}),
        ("scope.decided", {"scope": "out", "item": "dynamic-e911"}),
        ("note.added", {"ids": [3]}),
    ],
)
def test_kinds_without_clocks_are_recorded(kind, facts):
    assert Timeline().at("2026-03-02 09:00", kind, **facts).fold() == []

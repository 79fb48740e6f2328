"""A clock that has ended, in the few words of its panel: they say what its explanation says."""

from datetime import timedelta

import pytest

from support.clocks.facts import Effort
from support.clocks.verdicts import Verdict
from support.desk import effort, priority
from support.desk.shown import shown
from support.explaining import explain
from support.models import Message
from tests.factories import ANA, TESTS
from tests.support.desk_cases import contract_under, raise_ticket, utc
from tests.support.test_explaining import LONDON, a_ticket, after, clock

pytestmark = pytest.mark.django_db

DUE, NOW = utc("2026-10-12 10:10"), utc("2026-12-01 09:00")


def response(answered):
    ticket = a_ticket("High")
    Message.reply(ticket, "Looking.", by=ANA, at=answered)
    return clock(ticket, "response")


@pytest.mark.parametrize(
    ("after_due", "state", "panel", "explained"),
    [
        (timedelta(minutes=-6), "met", "Met with 6 min to spare", "with 6 min to spare."),
        (
            timedelta(seconds=-30),
            "met",
            "Met with less than 1 min to spare",
            "with less than 1 min to spare.",
        ),
        (timedelta(0), "met", "Met", "and done 11:10."),
        (timedelta(seconds=20), "late", "Missed by less than 1 min", "less than 1 min late."),
        (timedelta(minutes=59, seconds=42), "late", "Missed by 1 h", "1 h late."),
        (timedelta(minutes=72, seconds=36), "late", "Missed by 1 h 13", "1 h 13 late."),
        (timedelta(hours=21, minutes=50), "late", "Missed by 21 h 50", "21 h 50 late."),
        (timedelta(days=8), "late", "Missed by 8 d", "192 h late."),
    ],
)
def test_how_much_was_left_or_missed(after_due, state, panel, explained):
    ended = response(DUE + after_due)
    told = shown(ended, NOW)
    assert (told.state, told.left) == (state, panel)
    assert explain(ended, LONDON).sentence.endswith(explained)


def test_what_is_spared_of_business_hours_is_business_time():
    ticket = a_ticket()
    ticket.resolve(outcome="resolved", by=TESTS, at=utc("2026-10-13 16:10"))
    assert shown(clock(ticket), NOW).left == "Met with 33 h of business time to spare"


def test_once_work_goes_on_day_and_night_it_is_no_business_time():
    ticket = a_ticket()
    effort.switch(ticket, Effort.AROUND_THE_CLOCK, reason="Agreed.", by=ANA, at=after(ticket, 28))
    ticket.resolve(outcome="resolved", by=TESTS, at=after(ticket, 40))
    assert shown(clock(ticket), NOW).left == "Met with 23 h 30 to spare"
    assert explain(clock(ticket), LONDON).sentence.endswith("with 23 h 30 to spare.")


def test_under_a_minute_is_said_in_words():
    waiting = clock(a_ticket("High"), "response")
    assert shown(waiting, DUE - timedelta(seconds=20)).left == "less than 1 min left"
    assert shown(waiting, DUE + timedelta(seconds=20)).left == "less than 1 min late"


@pytest.mark.parametrize(
    ("at", "state", "changed", "called_off"),
    [
        ("2026-10-12 11:00", "held", "Ended by a change", "Cancelled"),
        ("2026-10-12 14:00", "late", "Missed, then changed", "Missed, then cancelled"),
    ],
)
def test_what_was_changed_or_called_off_is_said_so(at, state, changed, called_off):
    """A fix within four hours of nine; at P3 none is promised, so nothing takes its place."""
    ticket = raise_ticket(contract_under("enghouse-premium"), utc("2026-10-12 09:00"), priority="P1")
    priority.assess(ticket, "P3", by=TESTS, at=utc(at))
    fix = clock(ticket, "fix")
    assert (shown(fix, NOW).state, shown(fix, NOW).left) == (state, changed)
    assert ("A change ended it" in explain(fix, LONDON).sentence) == (state == "held")
    fix.state = "cancelled"
    assert shown(fix, NOW).left == called_off


def test_a_promise_that_ended_as_it_began_names_no_hours():
    ticket = raise_ticket(contract_under("enghouse-standard"), utc("2026-10-12 09:40"), priority="P3")
    days = next(each for each in ticket.clocks.all() if each.detail["target"]["base"] == "business_days")
    days.detail["segments"] = []
    assert "business day (in business hours), priority P3" in explain(days, LONDON).sentence


def test_of_a_promise_in_days_nothing_is_said_to_be_spared():
    ticket = raise_ticket(contract_under("enghouse-standard"), utc("2026-10-12 09:40"), priority="P4")
    days = next(each for each in ticket.clocks.all() if each.detail["target"]["base"] == "business_days")
    days.state, days.verdict, days.stopped_at = "stopped", Verdict.MET, utc("2026-10-12 10:00")
    assert shown(days, NOW).left == "Met"


def test_a_miss_by_decree_has_no_length():
    judged = response(DUE - timedelta(minutes=6))
    judged.verdict = Verdict.MISSED
    assert shown(judged, NOW).left == "Missed"

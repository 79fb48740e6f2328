"""A clock that has ended, in the few words of its panel: they say what its explanation says."""

from datetime import timedelta

import pytest

from support.clocks.verdicts import Verdict
from support.desk.shown import shown
from support.explaining import explain
from support.models import Message
from tests.factories import ANA, TESTS
from tests.support.desk_cases import contract_under, raise_ticket, utc
from tests.support.test_explaining import LONDON, a_ticket, clock

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
        (timedelta(minutes=72), "late", "Missed by 1 h 12", "1 h 12 late."),
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


def test_of_a_promise_in_days_nothing_is_said_to_be_spared():
    ticket = raise_ticket(contract_under("enghouse-standard"), utc("2026-10-12 09:40"), priority="P4")
    days = next(each for each in ticket.clocks.all() if each.detail["target"]["base"] == "business_days")
    days.state, days.verdict, days.stopped_at = "stopped", Verdict.MET, utc("2026-10-12 10:00")
    assert shown(days, NOW).left == "Met"


def test_a_miss_by_decree_has_no_length():
    judged = response(DUE - timedelta(minutes=6))
    judged.verdict = Verdict.MISSED
    assert shown(judged, NOW).left == "Missed"

"""Why a deadline fell when it fell: the pieces add up to the target, and the words are a customer's."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from support import saying, timeline
from support.desk import priority
from support.explaining import background, explain
from support.explaining.background import Background
from support.explaining.words import awaited
from support.models import Clock, Message, Wait
from tests.factories import ANA, TESTS
from tests.support.desk_cases import contract_under, raise_ticket, utc

pytestmark = pytest.mark.django_db

LONDON, DENVER = ZoneInfo("Europe/London"), ZoneInfo("America/Denver")


def a_ticket(level="Normal", at="2026-10-12 09:40", code="exponential-e-ucc"):
    return raise_ticket(contract_under(code), utc(at), priority=level)


def clock(ticket, kind="fix"):
    return ticket.clocks.filter(kind=kind).order_by("position").last()


def told(ticket, kind="fix", zone=LONDON):
    return explain(clock(ticket, kind), zone)


def after(ticket, hours):
    return ticket.opened_at + timedelta(hours=hours)


def waited(ticket, begin, end, **fields):
    """Waits for the customer, from and to so many hours after the opening."""
    wait = Wait.begin(ticket, reason="customer", by=TESTS, at=after(ticket, begin), **fields)
    wait.end(by=TESTS, at=after(ticket, end))


def nothing(ticket):
    pass


def two_waits(ticket):
    waited(ticket, 24.5, 47)
    waited(ticket, 73, 77.5)


def around_the_clock(ticket):
    timeline.record(ticket, "effort.switched", by=TESTS, at=after(ticket, 28), effort="24x7")


def raised(ticket):
    priority.assess(ticket, "High", by=TESTS, at=after(ticket, 1.5))


@pytest.mark.parametrize("history", [nothing, two_waits, around_the_clock, raised])
@pytest.mark.parametrize("opened", ["2026-10-12 09:40", "2026-03-27 16:00", "2026-10-23 15:30"])
def test_the_pieces_add_up_to_the_target(history, opened):
    ticket = a_ticket(at=opened)
    history(ticket)
    explanation = told(ticket)
    target = clock(ticket).detail["target"]["amount"]
    assert explanation.minutes == target
    assert explanation.rows[-1].total == f"{target // 60} h"


def test_a_wait_says_for_whom_and_for_what_and_counts_nothing():
    ticket = a_ticket()
    waited(ticket, 25, 47.5, awaited="call logs and test numbers")
    explanation = told(ticket)
    held = [(row.when, row.what, row.counted) for row in explanation.rows if row.why == "wait"]
    waiting = "Waiting for the customer (call logs and test numbers)"
    assert held == [
        ("Tue 13 Oct, 11:40 to 17:30", waiting, "0"),
        ("Wed 14 Oct, 09:00 to 10:10", waiting, "0"),
    ]
    assert (
        "It stood still for 7 h of business time, waiting for the customer (call logs" in explanation.sentence
    )


def test_a_wait_outside_the_hours_held_nothing_and_is_not_said_to():
    ticket = a_ticket()
    waited(ticket, 10, 13)  # Monday 20:40 to 23:40, when nobody counts
    explanation = told(ticket)
    assert "stood still" not in explanation.sentence
    assert [row.when for row in explanation.rows][:3] == [
        "Mon 12 Oct, 10:40 to 17:30",
        "Mon 12 Oct, 17:30 to Tue 13 Oct, 09:00",
        "Tue 13 Oct, 09:00 to 17:30",
    ]


def test_the_promise_and_the_hours_it_counts_in_come_first():
    assert told(a_ticket()).sentence.startswith(
        "Fix within 48 business hours (UK business hours, Mon to Fri 09:00 to 17:30 London), priority Normal, "
        "from Mon 12 Oct, 10:40."
    )
    assert told(a_ticket("Critical")).sentence == (
        "Fix within 5 h (around the clock), priority Critical, from Mon 12 Oct, 10:40. It is due Mon 12 Oct, 15:40."
    )


def test_a_holiday_is_named():
    explanation = told(a_ticket(at="2026-04-02 10:00"))
    assert "Holidays did not count: Good Friday, Fri 3 Apr; Easter Monday, Mon 6 Apr." in explanation.sentence
    assert next(row.what for row in explanation.rows if row.held) == (
        "Outside UK business hours: Good Friday, Fri 3 Apr and Easter Monday, Mon 6 Apr"
    )


@pytest.mark.parametrize(
    ("answered", "ending"),
    [
        ("2026-10-12 10:04", "It was due Mon 12 Oct, 11:10 and done 11:04, with 6 min to spare."),
        ("2026-10-12 11:22", "It was due Mon 12 Oct, 11:10 and done 12:22, 1 h 12 late."),
        ("2026-10-13 08:00", "It was due Mon 12 Oct, 11:10 and done Tue 13 Oct, 09:00, 21 h 50 late."),
    ],
)
def test_how_it_ended(answered, ending):
    ticket = a_ticket("High")
    Message.reply(ticket, "Looking.", by=ANA, at=utc(answered))
    assert told(ticket, "response").sentence.endswith(ending)


def test_what_is_spared_of_business_hours_is_business_time():
    ticket = a_ticket()
    ticket.resolve(outcome="resolved", by=TESTS, at=utc("2026-10-13 16:10"))
    assert told(ticket).sentence.endswith(
        "It was due Mon 19 Oct, 16:10 and done Tue 13 Oct, 17:10, with 33 h of business time to spare."
    )


def test_a_clock_that_was_replaced_says_so_and_on_which_day():
    ticket = a_ticket("Low")
    priority.assess(ticket, "Critical", by=TESTS, at=utc("2026-10-12 11:00"))
    replaced = ticket.clocks.filter(kind="fix").order_by("position").first()
    explanation = explain(replaced, LONDON)
    assert explanation.sentence.endswith("A change ended it on Mon 12 Oct, 12:00, before its time was up.")
    assert explanation.rows[-1].what == "Left when a change ended it"


def test_what_lasted_no_minute_is_no_row():
    ticket = a_ticket()
    wait = Wait.begin(ticket, reason="customer", by=TESTS, at=after(ticket, 1))
    wait.end(by=TESTS, at=after(ticket, 1) + timedelta(seconds=20))
    explanation = told(ticket)
    assert "stood still" not in explanation.sentence
    assert "wait" not in [row.why for row in explanation.rows]


def test_a_change_of_priority_is_a_row_and_a_sentence():
    ticket = a_ticket("Low")
    priority.assess(ticket, "High", by=TESTS, at=utc("2026-10-12 11:00"))
    fix, response = told(ticket), told(ticket, "response")
    assert [(row.when, row.what) for row in fix.rows if row.why == "change"] == [
        ("Mon 12 Oct, 12:00", "Priority changed to High")
    ]
    assert "changed to High on Mon 12 Oct, 12:00; its time counts from the old start." in fix.sentence
    assert (
        "when that time had passed: counted apart. It was due Mon 12 Oct, 11:10 and was" in response.sentence
    )


def test_an_hour_that_comes_twice_names_its_time():
    zone = ZoneInfo("Europe/London")
    twice = [saying.instant(utc(f"2026-10-25 0{hour}:30"), zone) for hour in (0, 1, 2)]
    assert twice == ["Sun 25 Oct, 01:30 BST", "Sun 25 Oct, 01:30 GMT", "Sun 25 Oct, 02:30"]
    both = saying.period(utc("2026-10-25 00:30"), utc("2026-10-25 01:30"), zone)
    assert both == "Sun 25 Oct, 01:30 BST to 01:30 GMT"


def test_another_year_is_named():
    told_then = saying.instant(utc("2027-01-04 09:00"), ZoneInfo("UTC"), since=utc("2026-12-31 16:00"))
    assert told_then == "Mon 4 Jan 2027, 09:00"


def test_the_night_the_clocks_go_back_has_an_hour_more():
    ticket = a_ticket("Critical", at="2026-10-24 23:30")
    [row] = told(ticket).rows
    assert (row.when, row.counted) == ("Sun 25 Oct, 00:30 BST to 04:30 GMT", "5 h")


def test_the_reader_sees_his_own_zone():
    assert "from Mon 12 Oct, 03:40." in told(a_ticket(), zone=DENVER).sentence


def test_an_open_wait_has_no_end():
    ticket = a_ticket()
    Wait.begin(ticket, reason="gdap", by=TESTS, at=utc("2026-10-12 10:00"))
    explanation = told(ticket)
    assert explanation.rows[-1].when == "since Mon 12 Oct, 11:00"
    assert explanation.sentence.endswith(
        "It stands still, waiting for GDAP access; it is due once that is over and the rest has counted."
    )


def test_rounded_rows_still_add_up():
    ticket = raise_ticket(
        contract_under("exponential-e-ucc"), utc("2026-10-12 09:40") + timedelta(seconds=40)
    )
    rows = told(ticket).rows
    hours = [row.counted for row in rows if row.why == "running"]
    assert (hours[0], rows[-1].total) == ("6 h 49", "48 h")
    assert hours[-1] == "7 h 11"  # 48 h less 6 h 49 and four days of 8 h 30


def test_many_clocks_are_explained_in_three_queries(django_assert_num_queries):
    for _ in range(3):
        ticket = a_ticket("Low")
        two_waits(ticket)
        priority.assess(ticket, "High", by=TESTS, at=utc("2026-10-16 11:00"))
    clocks = list(Clock.objects.all())
    with django_assert_num_queries(3):
        known = background(clocks)
        for one in clocks:
            explain(one, LONDON, known)


def test_a_clock_that_runs_past_its_time_is_late_when_one_asks_by_an_instant():
    ticket = a_ticket("High")
    clocks = [clock(ticket, "response")] * 2
    due = "due Mon 12 Oct, 11:10"
    ends = [
        explain(one, LONDON, at=utc(at)).sentence
        for one, at in zip(clocks, ["2026-10-12 10:09", "2026-10-12 10:10"], strict=True)
    ]
    assert [
        end.endswith(f"It {words}.")
        for end, words in zip(ends, [f"is {due}", f"was {due} and is not done yet"], strict=True)
    ] == [True, True]


def test_a_change_of_priority_is_told_with_the_level_that_was_said_then():
    """B and C of this service have the same response target, so the clock goes on under C."""
    ticket = a_ticket("A", at="2026-10-26 14:00", code="egroup-csp-advantage")
    for level, at in [("B", "2026-10-26 14:20"), ("C", "2026-10-26 15:00")]:
        priority.assess(ticket, level, by=ANA, at=utc(at))
    now = clock(ticket, "response")
    said = told(ticket, "response")
    assert now.priority == "C"
    assert "The priority was changed to B on Mon 26 Oct, 14:20" in said.sentence
    assert [row.what for row in said.rows if row.why == "change"] == ["Priority changed to B"]


def test_an_offer_and_its_ticket_that_wait_alike_are_one_wait():
    known = Background({"7": "Robin Sample"}, {}, {})
    waits = [["engagement:1", "approval"], ["7", "approval"], ["8", "customer"]]
    assert awaited({"waits": waits}, known) == "a written approval (Robin Sample) and the customer"

"""Slack and attribution as arithmetic: any times, and a second way of counting them, minute by minute."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalations.attribution import Missed, VendorLate, held_up, whose
from escalations.slack import Promise, pairs, slack
from support.clocks.terms import ClockKind, Owes, WaitReason
from support.clocks.verdicts import Attribution

NINE = datetime(2026, 10, 14, 9, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
WORK = [ClockKind.FIX, ClockKind.TROUBLESHOOT, ClockKind.COMMITTED]
minutes = st.integers(0, 600)


def at(minute):
    return NINE + timedelta(minutes=minute)


def missed(due=60, ended=120, ran=((0, 120),), **fields):
    pieces = tuple((at(begin), at(end)) for begin, end in ran)
    said = {
        "kind": ClockKind.FIX,
        "owed_by": Owes.PROVIDER,
        "due_at": at(due),
        "ended_at": at(ended),
        "ran": pieces,
    }
    return Missed(**{**said, **fields})


def late(begin, end=None, vendor="Microsoft"):
    return VendorLate(vendor, at(begin), None if end is None else at(end))


@pytest.mark.parametrize(
    ("ours", "theirs", "now", "left"),
    [
        (240, 60, 0, 180),  # they answer three hours before we must
        (60, 240, 0, -180),
        (60, 60, 0, 0),
        (240, 60, 90, 150),  # they are late already: nothing of it comes before now
        (60, 30, 90, -30),
    ],
)
def test_slack_is_what_is_left_after_the_vendor_took_all_his_time(ours, theirs, now, left):
    assert slack(at(ours), at(theirs), at(now)) == timedelta(minutes=left)


def test_while_either_stands_still_nothing_can_be_said():
    assert slack(None, at(1), at(0)) is slack(at(1), None, at(0)) is None


@given(minutes, minutes, minutes, minutes)
def test_slack_grows_with_our_time_and_shrinks_with_theirs(ours, theirs, now, more):
    left = slack(at(ours), at(theirs), at(now))
    assert slack(at(ours + more), at(theirs), at(now)) - left == timedelta(minutes=more)
    assert slack(at(ours), at(theirs + more), at(now)) <= left
    assert slack(at(ours), at(theirs), at(now + more)) <= left
    assert (left < timedelta(0)) == (ours < theirs or ours < now)


@given(st.lists(st.none() | minutes, max_size=4), st.lists(st.none() | minutes, max_size=4), minutes)
def test_each_promise_stands_beside_each_of_theirs_the_tightest_first(ours, theirs, now):
    def promises(dues):
        return [Promise(f"{i}", "fix", None if due is None else at(due)) for i, due in enumerate(dues)]

    found = list(pairs(iter(promises(ours)), iter(promises(theirs)), at(now)))
    assert len(found) == len(ours) * len(theirs)
    known = [pair.slack for pair in found if pair.slack is not None]
    assert known == sorted(known)
    assert all(pair.slack is None for pair in found[len(known) :])


@pytest.mark.parametrize(
    ("clock", "spans", "attribution"),
    [
        (missed(), [], Attribution.PROVIDER),
        (missed(), [late(60, 120)], Attribution.VENDOR),  # 60 min late, the vendor for as long
        (missed(), [late(61, 120)], Attribution.PROVIDER),  # a minute of it is ours
        (missed(), [late(0, 30), late(50, 80, "The distributor")], Attribution.VENDOR),
        (missed(), [late(0, 40), late(10, 50)], Attribution.PROVIDER),  # two at once are one hour
        (missed(), [late(120, 400)], Attribution.PROVIDER),  # after it was done
        (missed(), [late(30)], Attribution.VENDOR),  # he never came
        (missed(ran=((0, 20), (60, 120))), [late(0, 60)], Attribution.PROVIDER),  # at night, when nothing ran
        (missed(kind=ClockKind.RESPONSE), [late(0)], Attribution.PROVIDER),  # we only had to speak
        (missed(kind=ClockKind.UPDATE), [late(0)], Attribution.PROVIDER),
        (missed(judged=Attribution.CUSTOMER_WAIT), [late(0)], Attribution.CUSTOMER_WAIT),
        (missed(judged=Attribution.VENDOR), [], Attribution.VENDOR),  # the ticket waited for him
        (missed(judged=Attribution.RECLASSIFICATION), [late(0)], Attribution.RECLASSIFICATION),
        (missed(awaited=frozenset({WaitReason.GDAP})), [late(0)], Attribution.CUSTOMER_WAIT),
        (missed(awaited=frozenset({WaitReason.VENDOR})), [], Attribution.VENDOR),
        (
            missed(judged=Attribution.PROVIDER, awaited=frozenset({WaitReason.VENDOR})),
            [],
            Attribution.PROVIDER,
        ),
        (missed(owed_by=Owes.CUSTOMER), [late(0)], Attribution.CUSTOMER_WAIT),
        (missed(owed_by=Owes.VENDOR), [], Attribution.VENDOR),
    ],
)
def test_whose_a_miss_is(clock, spans, attribution):
    assert whose(clock, spans, LONDON).attribution is attribution


def test_the_sentence_says_from_when_and_how_long():
    told = whose(missed(), [late(30, 110)], LONDON)
    assert told.vendor == "Microsoft"
    assert told.why == "Microsoft was late from Wed 14 Oct, 10:30, for 1 h 20 while this ran; it is 1 h late."
    ours = whose(missed(), [late(90, 110)], LONDON)
    assert (
        ours.why
        == "The vendor was late for 20 min while this ran, which does not explain that it is 1 h late."
    )


spans = st.lists(st.tuples(minutes, st.none() | minutes), max_size=5)
pieces = st.lists(st.integers(0, 300), min_size=2, max_size=8, unique=True).map(sorted)


@given(pieces, spans, st.integers(0, 300), st.integers(1, 300), st.sampled_from(WORK))
def test_it_is_the_vendors_exactly_where_his_lateness_counted_minute_by_minute_explains_it(
    edges, told, due, over, kind
):
    ran = (
        [*zip(edges[::2], edges[1::2], strict=False), (due, due + over)]
        if due >= edges[-1]
        else [(0, due + over)]
    )
    clock = missed(due=due, ended=due + over, ran=ran, kind=kind)
    vendors = [late(begin, end) for begin, end in told]
    counted = sum(
        any(begin <= minute < (due + over if end is None else min(end, due + over)) for begin, end in told)
        for first, last in ran
        for minute in range(first, last)
    )
    assert held_up(clock, vendors) == timedelta(minutes=counted)
    judged = whose(clock, vendors, LONDON)
    assert (judged.attribution is Attribution.VENDOR) == (counted >= over)
    assert judged.attribution in (Attribution.VENDOR, Attribution.PROVIDER)


@given(spans, st.sampled_from([ClockKind.RESPONSE, ClockKind.UPDATE]))
def test_no_lateness_of_a_vendor_excuses_silence(told, kind):
    judged = whose(missed(kind=kind), [late(*span) for span in told], LONDON)
    assert judged.attribution is Attribution.PROVIDER

"""Objectives by contract and month: what is counted, and how many more misses a month stands."""

from datetime import timedelta

import pytest
from django.urls import reverse

from escalations.attainment import bearable
from escalations.objectives import kept
from support.catalogue.amounts import Share
from support.catalogue.promises import Measure, Objective
from support.desk import calling
from support.desk.answers import judged
from support.models import Contract, Message
from tests.escalations.review_cases import OCTOBER, october_of
from tests.factories import ANA
from tests.support.desk_cases import contract_under, raise_ticket, utc

pytestmark = pytest.mark.django_db


def call(contract, day, seconds, answered=True, channel="phone"):
    offered = utc(f"2026-10-{day:02} 12:00")
    waited = timedelta(seconds=seconds)
    return calling.tell(
        contract,
        channel=channel,
        offered_at=offered,
        waited=waited,
        answered=answered,
        by=ANA,
        at=offered + waited,
    )


def lines(contract, at="2026-11-10 09:00"):
    [found] = kept(Contract.objects.filter(pk=contract.pk), OCTOBER.first_day, utc(at))
    return {line.kind: line for line in found.lines}


@pytest.mark.parametrize(
    ("share", "met", "missed", "room"),
    [
        ("80 %", 8, 2, 0),
        ("80 %", 8, 1, 1),
        ("80 %", 12, 1, 2),  # 12 of 15 is 80 %
        ("95 %", 19, 1, 0),
        ("95 %", 19, 2, -19),  # 38 of 40
        ("80 %", 0, 1, -4),
        ("99.95 %", 1999, 1, 0),
        ("100 %", 5, 0, 0),
        ("100 %", 5, 1, None),
    ],
)
def test_a_month_bears_so_many_more_misses(share, met, missed, room):
    aim = Objective(Measure.RESPONSE, Share.parse(share), "targets")
    assert bearable(met, missed, aim) == room
    if room is not None and room >= 0:  # one more than it bears breaks it
        assert 100 * met >= aim.share.percent * (met + missed + room)
        assert 100 * met < aim.share.percent * (met + missed + room + 1)
    if room is not None and room < 0:  # one less than it needs does not mend it
        assert 100 * (met - room) >= aim.share.percent * (met + missed - room)
        assert 100 * (met - room - 1) < aim.share.percent * (met + missed - room - 1)


def test_calls_and_chats_are_judged_against_their_own_time():
    contract = contract_under("egroup-csp-advantage")
    for seconds in (5, 60, 120, 121):
        call(contract, 14, seconds)
    call(contract, 14, 119, answered=False)  # left out
    call(contract, 14, 200, answered=False)  # a miss
    call(contract, 14, 10, channel="chat")
    found = lines(contract)
    assert (found["phone_answer"].met, found["phone_answer"].missed, found["phone_answer"].attained) == (
        3,
        2,
        "60.0 %",
    )
    assert found["phone_answer"].verdict == "not held"
    assert found["phone_answer"].bears == "held again after 5 more that are met"
    assert (found["chat_answer"].attained, found["chat_answer"].verdict) == ("100.0 %", "held")


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("seconds", [0, 119, 120, 121, 3600])
def test_the_log_and_the_month_judge_a_call_alike(answered, seconds):
    contract = contract_under("egroup-csp-advantage")
    call(contract, 14, seconds, answered=answered)
    line = lines(contract)["phone_answer"]
    counted = "met" if line.met else "missed" if line.missed else "left out"
    assert counted == judged(answered, timedelta(seconds=seconds), timedelta(seconds=120))


def test_what_was_struck_out_or_lies_in_another_month_is_not_counted():
    contract = contract_under("egroup-csp-advantage")
    wrong = call(contract, 14, 500)
    calling.strike(wrong, reason="A test", by=ANA, at=utc("2026-10-20 09:00"))
    call(contract, 1, 10)  # 30 September 23:00 in London it is not: noon
    assert (lines(contract)["phone_answer"].met, lines(contract)["phone_answer"].missed) == (1, 0)
    [september] = kept(
        Contract.objects.filter(pk=contract.pk), OCTOBER.back(1).first_day, utc("2026-11-10 09:00")
    )
    assert {line.attained for line in september.lines} == {"no calls", "no chats", "no tickets"}


def test_nothing_counted_is_never_a_percentage():
    found = lines(contract_under("egroup-csp-advantage"))
    assert [found[kind].attained for kind in ("response", "phone_answer", "chat_answer")] == [
        "no tickets",
        "no calls",
        "no chats",
    ]
    assert {line.verdict for line in found.values()} == {"not judged"}
    assert {line.bears for line in found.values()} == {""}


def test_each_contract_is_judged_by_itself():
    first = contract_under("egroup-csp-advantage")
    second = contract_under("egroup-csp-advantage", holder=first.holder)
    call(first, 14, 10)
    call(second, 14, 500)
    assert lines(first)["phone_answer"].verdict == "held"
    assert lines(second)["phone_answer"].verdict == "not held"
    told = {line.service: line for line in october_of(first.holder).attainment if line.kind == "phone_answer"}
    assert {name.rpartition(", ")[2]: line.verdict for name, line in told.items()} == {
        first.number: "held",
        second.number: "not held",
    }


def test_tickets_count_for_the_contract_they_run_under():
    first = contract_under("egroup-csp-advantage")
    second = contract_under("egroup-csp-advantage", holder=first.holder)
    answered = raise_ticket(first, utc("2026-10-05 14:00"), contract=first, priority="B")
    Message.reply(answered, "Looking.", by=ANA, at=utc("2026-10-05 14:30"))
    raise_ticket(second, utc("2026-10-05 14:00"), contract=second, priority="B")
    assert (lines(first)["response"].met, lines(first)["response"].missed) == (1, 0)
    assert (lines(second)["response"].met, lines(second)["response"].missed) == (0, 1)


def test_a_review_that_goes_on_says_what_the_month_still_bears():
    contract = contract_under("egroup-csp-advantage")
    for _ in range(5):
        call(contract, 14, 10)
    [line] = [line for line in october_of(contract.holder).attainment if line.kind == "phone_answer"]
    assert line.bears == "bears 1 more miss"


def test_the_page_begins_with_what_is_not_held(client, cast):
    good, bad = contract_under("egroup-csp-advantage"), contract_under("egroup-csp-advantage")
    call(good, 14, 10)
    call(bad, 14, 500)
    client.force_login(cast.max)
    page = client.get(reverse("escalations:objective-list") + "?month=2026-10").content.decode()
    assert page.index(bad.number) < page.index(good.number)
    assert "Not held" in page


def test_a_month_that_is_none_is_told(client, cast):
    client.force_login(cast.max)
    answer = client.get(reverse("escalations:objective-list") + "?month=soon")
    assert answer.status_code == 422
    assert "is not a month" in answer.content.decode()


def test_the_page_costs_the_same_however_many_contracts(client, cast, django_assert_max_num_queries):
    client.force_login(cast.max)
    for _ in range(4):
        call(contract_under("egroup-csp-advantage"), 14, 10)
    with django_assert_max_num_queries(8):
        client.get(reverse("escalations:objective-list") + "?month=2026-10")


def test_customers_do_not_see_it(client, cast):
    client.force_login(cast.robin)
    assert client.get(reverse("escalations:objective-list")).status_code == 404

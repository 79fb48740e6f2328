"""One's own week of time, and the list that a manager looks at again."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from billing import inside, invoicing, reviewing, timing, weeks
from tests.billing.billing_cases import UNAPPROVED, at, entry, set_clock, world
from tests.factories import TESTS
from tests.ground import standing_on

LONDON = ZoneInfo("Europe/London")
MONDAY = date(2026, 10, 12)


w = standing_on(world)


def worked(w, start, minutes, **fields):
    row = entry(w, start, start + timedelta(minutes=minutes), **fields)
    row.save()
    return row


def test_a_week_has_its_entries_by_day_and_their_sums(w):
    worked(w, at(11), 60)
    worked(w, at(13), 30, **UNAPPROVED)
    week = weeks.week(w.ana, MONDAY, LONDON)
    assert [len(day.entries) for day in week.days] == [0, 0, 2, 0, 0, 0, 0]
    assert (week.worked, week.billed, week.unapproved) == ("1 h 30", "1 h", "30 min")
    assert weeks.week(w.max, MONDAY, LONDON).worked == "0"


def test_a_day_is_the_readers(w):
    worked(w, at(11), 60)
    [entry_] = weeks.week(w.ana, MONDAY, ZoneInfo("Pacific/Auckland")).days[3].entries
    assert entry_.started_at == at(11), "eleven in London is midnight of the next day there"


def test_a_week_across_the_change_of_the_clocks_keeps_all_of_its_days(w):
    assert [day.on for day in weeks.week(w.ana, date(2026, 10, 19), LONDON).days][-1] == date(2026, 10, 25)


def test_what_was_corrected_stands_once_and_is_looked_at_again(w):
    first = worked(w, at(11), 60)
    timing.correct(
        first,
        started_at=at(11),
        stopped_at=at(12, day=14),
        text="Again",
        reason="Wrong words",
        by=TESTS,
        at=at(18),
    )
    assert [row.text for row in weeks.week(w.ana, MONDAY, LONDON).entries] == ["Again"]
    assert [weeks.why(row) for row in weeks.to_review(at(18))] == ["corrected"]


def test_a_cancelled_entry_is_a_correction_and_not_unapproved_work(w):
    first = worked(w, at(11), 60)
    timing.cancel(first, reason="A mistake", by=TESTS, at=at(18))
    assert [weeks.why(row) for row in weeks.to_review(at(18))] == ["corrected"]


def test_a_manager_looks_again_at_what_is_odd_and_on_no_invoice(w):
    worked(w, at(11), 60)
    odd = worked(w, at(13), 30, **UNAPPROVED)
    assert list(weeks.to_review(at(18))) == [odd]
    assert not weeks.to_review(at(18) + weeks.LOOKED_BACK)
    invoicing.run(w.entity, date(2026, 10, 1), by=TESTS, at=at(18))
    assert list(weeks.to_review(at(18))) == [odd]


@pytest.mark.parametrize(
    "query", ["", "?week=2026-10-14", "?week=never", "?week=9999-12-31", "?person=x", "?person=999999"]
)
def test_an_agent_sees_his_own_week_whatever_is_asked(client, w, query):
    worked(w, at(11), 60)
    client.force_login(w.ana)
    page = client.get(reverse("billing:week-page") + query)
    assert page.status_code == 200
    assert "Your time" in page.text


def test_an_agent_cannot_look_at_anothers_and_a_manager_can(client, w):
    worked(w, at(11), 60)
    address = f"{reverse('billing:week-page')}?week=2026-10-14&person="
    client.force_login(w.ana)
    assert "Your time" in client.get(f"{address}{w.max.pk}").text
    client.force_login(w.max)
    page = client.get(f"{address}{w.ana.pk}").text
    assert "Time of Ana" in page
    assert "1 h worked, 1 h billed" in page
    assert client.get(f"{address}999999").status_code == 404


def test_the_list_is_a_managers(client, w):
    worked(w, at(13), 30, **UNAPPROVED)
    client.force_login(w.ana)
    assert client.get(reverse("billing:time-review")).status_code == 403
    client.force_login(w.max)
    assert "unapproved" in client.get(reverse("billing:time-review")).text


def test_a_week_costs_the_same_whatever_is_in_it(client, w, django_assert_num_queries):
    for hour in range(11, 17):
        worked(w, at(hour), 20)
    client.force_login(w.ana)
    address = f"{reverse('billing:week-page')}?week=2026-10-14"
    client.get(address)
    with django_assert_num_queries(6):
        client.get(address)


def test_very_long_time_under_the_contract_is_looked_at_too(client, w, django_assert_max_num_queries):
    set_clock(at(18, day=16))
    long, short = (
        inside.record(w.ticket, person=w.max, text=text, by=TESTS, at=at(18, day=16), **span)
        for text, span in [
            ("Ten hours", {"started_at": at(6, day=15), "stopped_at": at(16, day=15)}),
            ("An hour less", {"started_at": at(6, day=16), "stopped_at": at(15, day=16)}),
        ]
    )
    odd = worked(w, at(13), 30, **UNAPPROVED)
    now = at(18, day=16)
    assert list(weeks.long_inside(now)) == [long]
    assert short.minutes == 540
    assert reviewing.rows(reviewing.keys(now), now) == [(long, "inside"), (odd, "unapproved")]
    assert not reviewing.keys(now + weeks.LOOKED_BACK).exists()
    client.force_login(w.max)
    address = reverse("billing:time-review")
    client.get(address)
    with django_assert_max_num_queries(12):
        client.get(address)
    inside.cancel(long, reason="Typed wrong.", by=TESTS, at=now)
    assert not weeks.long_inside(now)


def test_the_list_marks_it_as_under_the_contract(client, w, time_machine):
    time_machine.move_to(at(18, day=16), tick=False)
    set_clock(at(18, day=16))
    span = {"started_at": at(6, day=15), "stopped_at": at(16, day=15)}
    inside.record(w.ticket, person=w.max, text="Ten hours", by=TESTS, at=at(18, day=16), **span)
    client.force_login(w.max)
    page = client.get(reverse("billing:time-review")).text
    assert "long, under the contract" in page
    assert reverse("billing:inside-page", args=[w.ticket.number]) in page

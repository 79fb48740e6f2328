"""A past month keeps the zone that its customer had as it ended, however often he moves afterwards."""

from datetime import UTC, date

import pytest
from django.urls import reverse

from escalations import objectives, zones
from escalations.figures import MONTHS
from escalations.review import render_html, review
from support.models import Contract
from tests.escalations.test_uptimes import contract as contract
from tests.escalations.test_uptimes import down, month
from tests.factories import TESTS
from tests.support.desk_cases import raise_ticket, utc

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)


def moves(customer, clock, at, zone="Australia/Sydney"):
    clock(utc(at))
    customer.time_zone = zone
    customer.by(TESTS).save()


def test_availability_of_a_past_month_stays_when_the_customer_moves(cast, now, contract):
    down(cast, now, contract, "2026-10-31 18:00", "2026-10-31 23:00")
    before = month(contract)
    assert before.down == "5 h"
    moves(cast.northwind, now, "2026-12-01 09:00")
    assert month(contract, at="2026-12-02 09:00").uptime == before.uptime
    december = month(contract, date(2026, 12, 1), "2026-12-02 09:00").standing.month
    assert (december.start, december.end) == (utc("2026-12-01 00:00"), utc("2026-12-31 13:00"))


def test_one_who_moves_during_a_month_has_it_in_the_zone_in_which_it_ends(cast, now, contract):
    moves(cast.northwind, now, "2026-11-20 09:00")
    first = Contract.objects.filter(pk=contract.pk)
    starts = {
        at: objectives.standings(first, NOVEMBER, utc(at))[0].month.start
        for at in ("2026-11-19 09:00", "2026-11-21 09:00", "2027-01-01 09:00")
    }
    assert set(starts.values()) == {utc("2026-11-01 00:00")}


def test_a_month_that_is_over_is_over_wherever_the_customer_moves(cast, now, contract):
    """October ended in Sydney eleven hours before London's, and a day before Honolulu's."""
    moves(cast.northwind, now, "2026-10-20 09:00")
    moves(cast.northwind, now, "2026-10-31 20:00", "Pacific/Honolulu")
    october, november = zones.months_of(cast.northwind, "2026-11", utc("2026-12-02 12:00"), 2)
    assert october.end == november.start == utc("2026-10-31 13:00")
    assert november.end == utc("2026-12-01 10:00")


@pytest.mark.parametrize("zone", ["Australia/Sydney", "America/Los_Angeles", "Europe/London"])
def test_no_instant_is_in_two_months_and_none_in_no_month(cast, now, contract, zone):
    moves(cast.northwind, now, "2026-11-20 09:00", zone)
    read = zones.months_of(cast.northwind, "2027-01", utc("2027-02-01 12:00"), 4)
    assert [each.end for each in read[:-1]] == [each.start for each in read[1:]]
    assert [each.zone.key for each in read] == ["Europe/London", *[zone] * 3]


def test_the_review_page_and_its_file_keep_month_and_figures(client, cast, now, contract):
    raise_ticket(contract, now("2026-10-31 18:00"), priority="P1")
    url = reverse("escalations:review-page", args=["northwind", "2026-10"])
    now("2026-11-10 09:00")
    client.force_login(cast.max)
    before = client.get(url).context["review"]
    assert before.opened == 1
    moves(cast.northwind, now, "2026-12-01 09:00")
    client.force_login(cast.max)
    after = client.get(url).context["review"]
    assert (after.opened, after.figures, after.attainment) == (1, before.figures, before.attainment)
    assert after.times == before.times
    html = render_html(cast.northwind, "2026-10", utc("2026-12-02 09:00"))
    assert "the month is that of London" in html


def test_of_a_month_before_the_customer_was_written_down_the_first_zone_counts(cast, now, contract):
    moves(cast.northwind, now, "2026-12-01 09:00", "Asia/Tokyo")
    [early] = zones.months_of(cast.northwind, "2019-01", utc("2026-12-02 09:00"))
    assert early.start.astimezone(UTC) == utc("2019-01-01 00:00")


@pytest.mark.parametrize(
    ("first", "then", "months"),
    [
        ("Australia/Sydney", "America/Los_Angeles", {"2026-10": 0, "2026-11": 3}),
        ("America/Los_Angeles", "Australia/Sydney", {"2026-10": 3, "2026-11": 0}),
    ],
)
def test_a_verdict_is_counted_in_one_month_wherever_the_customer_moves(
    cast, now, contract, first, then, months
):
    """The clocks of a ticket of 31 October, 16:00 in UTC, are missed that evening: in Sydney it is November already."""
    customer = cast.northwind
    moves(customer, now, "2026-10-05 09:00", first)
    raise_ticket(contract, now("2026-10-31 16:00"), priority="P1")
    moves(customer, now, "2026-11-20 09:00", then)
    at = now("2026-12-05 09:00")
    for text, missed in months.items():
        read = zones.months_of(customer, text, at, MONTHS)
        told = review(customer, read, at=at, zone=UTC)
        assert told.opened == bool(missed)
        assert (len(told.misses), sum(line.missed for line in told.attainment)) == (missed, missed)
        [kept] = objectives.kept(Contract.objects.filter(pk=contract.pk), read[-1].first_day, at)
        assert [line.missed for line in kept.lines] == [int(bool(missed))] * 2  # response and restoration
    for band in told.trend.bands:
        assert [cell[1] if cell else 0 for cell in band.cells[-2:]] == [
            int(bool(missed)) for missed in months.values()
        ]
    assert told.figures[0].note == f"{int(bool(months['2026-10']))} in October 2026"


def test_a_month_has_begun_when_the_one_before_is_over(client, cast, now, contract):
    """October ended in Kiritimati at 10:00 in UTC; a move to Honolulu takes nothing of November back."""
    moves(cast.northwind, now, "2026-10-05 09:00", "Pacific/Kiritimati")
    moves(cast.northwind, now, "2026-10-31 10:30", "Pacific/Honolulu")
    raise_ticket(contract, now("2026-10-31 11:00"), priority="P1")
    now("2026-10-31 20:00")
    client.force_login(cast.max)
    pages = {
        text: reverse("escalations:review-page", args=["northwind", text]) for text in ("2026-10", "2026-11")
    }
    answers = {text: client.get(url) for text, url in pages.items()}
    assert {text: answer.context["review"].opened for text, answer in answers.items()} == {
        "2026-10": 0,
        "2026-11": 1,
    }
    assert pages["2026-11"] in answers["2026-10"].text
    assert pages["2026-11"] in client.get(reverse("escalations:review-list")).text
    assert client.get(reverse("escalations:review-page", args=["northwind", "2026-12"])).status_code == 404

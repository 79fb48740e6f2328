"""Availability of a contract's month: outages that hit it, maintenance announced in time, the days in force, in the customer's zone."""

from datetime import date
from itertools import pairwise

import pytest
from django.urls import reverse

from escalations import outages, uptimes
from support import versions
from support.actors import Actor
from support.models import Contract
from tests.escalations.maintenance_cases import announce, another_line, kept_contract
from tests.escalations.outage_cases import act
from tests.escalations.review_cases import OCTOBER, october_of
from tests.factories import TESTS
from tests.support.desk_cases import contract_under, utc

pytestmark = pytest.mark.django_db
PAGE_QUERIES = 8
OCTOBERS = 31 * 24 * 3600 + 3600  # London's clocks go back
AFTER = "2026-11-10 09:00"


@pytest.fixture
def contract(cast, now):
    now("2026-08-01 09:00")
    cast.northwind.time_zone = "Europe/London"
    cast.northwind.by(TESTS).save()
    now("2026-10-01 00:00")
    made = kept_contract(cast.northwind)
    made.by(TESTS, utc("2026-08-01 09:00")).save()
    return made


@pytest.mark.parametrize(
    ("starts", "ends"), [(date(2026, 1, 1), date.max), (date.min, None), (date.min, date.max)]
)
def test_a_contract_without_bounds_that_a_person_lives_to_see_is_counted(
    client, cast, contract, now, starts, ends
):
    contract.starts_on, contract.ends_on = starts, ends
    contract.by(TESTS, utc("2026-08-01 09:00")).save()
    now(AFTER)
    client.force_login(cast.max)
    page = client.get(reverse("escalations:availability-list"), {"month": "2026-10"})
    assert page.status_code == 200
    [(row, *_when)] = page.context["rows"]
    assert row.uptime.counted == OCTOBERS


def down(cast, clock, contract, began, ended=None, **fields):
    """An outage from `began` to `ended`, told of as it happens; still open without an end."""
    start = clock(utc(began))
    said = {"product": None, "priority": "P1", "title": "Down", "began_at": start, **fields}
    row = outages.declare([contract], **said, by=Actor.of(cast.ana), at=start)
    if ended:
        act(outages.resolve, row, cast, clock, ended)
    return row


def month(contract, first=OCTOBER.first_day, at=AFTER):
    found = uptimes.of_month(Contract.objects.filter(pk=contract.pk), first, utc(at))
    return found[0] if found else None


def test_what_is_agreed_later_rewrites_no_past_month(cast, now, contract):
    """A line that is taken off the contract, another service and another last day count from then on."""
    product = another_line(contract, at=utc("2026-08-01 09:00")).product
    down(cast, now, contract, "2026-10-05 10:00", "2026-10-05 20:00", product=product)
    assert (month(contract).attained, month(contract).verdict) == ("98.65 %", "not held")
    after = now("2026-11-09 09:00")
    contract.lines.get(product=product).by(TESTS, after).delete()
    assert (month(contract).attained, month(contract).verdict) == ("98.65 %", "not held")
    contract.support_service = versions.latest("microsoft-o365-dedicated")
    contract.by(TESTS, after).save()
    assert (month(contract).attained, month(contract).verdict) == ("98.65 %", "not held")
    assert month(contract, date(2026, 11, 1)) is None
    for ends in (date(2026, 10, 4), date(2026, 9, 30)):
        contract.ends_on = ends
        contract.by(TESTS, after).save()
        assert (month(contract).attained, month(contract).verdict) == ("98.65 %", "not held")


def test_one_that_was_in_force_already_counts_only_what_hit_it(cast, now, contract):
    """Whoever declared the outage left it out."""
    beside = kept_contract(cast.northwind)
    down(cast, now, contract, "2026-10-31 20:00", "2026-11-01 20:00")
    assert month(beside, date(2026, 11, 1)).hits == ()


def test_a_month_without_outages_is_whole(contract):
    found = month(contract)
    assert (found.attained, found.verdict, found.hits) == ("100.00 %", "held", ())
    assert found.uptime.counted == OCTOBERS
    assert f"{found.aim.share}" == "99.95 %"


def test_twenty_two_minutes_are_borne_and_half_an_hour_is_not(cast, now, contract):
    down(cast, now, contract, "2026-10-05 10:00", "2026-10-05 10:22")
    assert (month(contract).attained, month(contract).verdict) == ("99.95 %", "held")
    down(cast, now, contract, "2026-10-06 10:00", "2026-10-06 10:08")
    assert (month(contract).attained, month(contract).verdict, month(contract).down) == (
        "99.93 %",
        "not held",
        "30 min",
    )


def test_outages_at_the_same_time_count_once_and_each_is_named(cast, now, contract):
    first = down(cast, now, contract, "2026-10-05 10:00")
    second = down(cast, now, contract, "2026-10-05 10:20")
    act(outages.resolve, first, cast, now, "2026-10-05 10:30")
    act(outages.resolve, second, cast, now, "2026-10-05 11:00")
    found = month(contract)
    assert found.uptime.down == 3600
    assert [(hit.outage, hit.seconds) for hit in found.hits] == [(first, 1800), (second, 2400)]


def test_an_outage_across_months_is_split_at_the_customers_midnight(cast, now, contract):
    down(cast, now, contract, "2026-09-30 22:30", "2026-09-30 23:30")  # 23:30 to 00:30 in London
    assert month(contract).uptime.down == 1800
    assert month(contract, date(2026, 9, 1)).uptime.down == 1800


def test_one_that_goes_on_counts_up_to_now_or_to_the_months_end(cast, now, contract):
    down(cast, now, contract, "2026-10-31 22:00")
    assert month(contract, at="2026-10-31 22:45").uptime.down == 2700
    assert month(contract, at="2026-10-31 22:45").uptime.counted < OCTOBERS
    assert month(contract).uptime.down == 7200
    assert month(contract, date(2026, 11, 1), at="2026-11-01 01:00").uptime.down == 3600


def test_maintenance_announced_in_time_is_not_counted_and_a_late_one_is(cast, now, contract):
    announce(
        cast.ana, now, contract, at="2026-09-01 09:00", begins="2026-10-05 10:00", ends="2026-10-05 12:00"
    )
    late = {"begins": "2026-10-07 10:00", "ends": "2026-10-07 12:00", "reason": "A disk fails."}
    announce(cast.max, now, contract, at="2026-10-01 09:00", **late)
    down(cast, now, contract, "2026-10-05 11:00", "2026-10-05 12:10")
    down(cast, now, contract, "2026-10-07 11:00", "2026-10-07 11:10")
    found = month(contract)
    assert (found.uptime.counted, found.uptime.down, found.excused) == (OCTOBERS - 7200, 1200, "2 h")
    assert [hit.seconds for hit in found.hits] == [600, 600]
    assert len(found.windows) == 1


def test_only_the_days_in_force_are_counted(cast, now, contract):
    down(cast, now, contract, "2026-10-05 10:00", "2026-10-05 11:00")
    contract.starts_on, contract.ends_on = date(2026, 10, 5), date(2026, 10, 5)
    contract.by(TESTS).save()
    assert (month(contract).uptime.counted, month(contract).uptime.down) == (24 * 3600, 3600)
    assert month(contract, date(2026, 11, 1)) is None
    contract.starts_on, contract.ends_on = date(2026, 10, 20), None
    contract.by(TESTS).save()
    soon = month(contract, at="2026-10-10 09:00")
    assert (soon.attained, soon.verdict) == ("not in force", "not judged")


def test_nothing_counted_is_a_word_and_never_a_percentage(cast, now, contract):
    early = month(contract, date(2026, 7, 1))
    assert (early.attained, early.verdict, early.uptime.counted) == ("not on record yet", "not judged", 0)
    edges = ["2026-09-30 20:00", "2026-10-20 20:00", "2026-11-02 20:00"]
    for begins, ends in pairwise(edges):  # a window lasts 31 days at most
        announce(cast.ana, now, contract, at="2026-08-01 09:00", begins=begins, ends=ends)
    found = month(contract)
    assert (found.attained, found.verdict, found.uptime.counted) == ("only maintenance", "not judged", 0)


def test_only_the_cloud_is_promised_and_each_outage_is_of_its_product(cast, now, contract):
    assert month(contract_under("enghouse-premium", deployment="on_premises")) is None
    assert month(contract_under("exponential-e-ucc")) is None
    premises = another_line(contract, "on_premises").product
    down(cast, now, contract, "2026-10-05 10:00", "2026-10-05 11:00", product=premises)
    assert (month(contract).uptime.down, month(contract).hits) == (0, ())


def test_the_review_says_it_in_a_sentence_a_figure_and_a_table(cast, now, contract):
    row = down(cast, now, contract, "2026-10-05 10:00", "2026-10-05 10:30")
    told = october_of(contract.holder)
    label = f"{contract.support_service.name}, {contract.number}"
    assert told.lead[-1] == f"{label} was available 99.93 % of the time; promised was 99.95 %."
    assert [(f.name, f.value, f.note) for f in told.figures if f.name == "Availability"] == [
        ("Availability", "99.93 %", "objective 99.95 %")
    ]
    [up] = told.available
    assert (up.down, up.verdict, up.outages[0].number) == ("30 min", "not held", row.number)
    assert up.outages[0].when == "Mon 5 Oct, 11:00 to 11:30"
    assert october_of(contract_under("exponential-e-ucc").holder).available == ()


def test_an_outage_that_ended_later_has_no_end_in_its_months_review(client, cast, now, contract):
    row = down(cast, now, contract, "2026-10-31 20:00")
    [before] = october_of(cast.northwind).available
    act(outages.resolve, row, cast, now, "2026-11-02 10:00")
    [after] = october_of(cast.northwind).available
    assert after == before
    assert after.outages[0].when == "since Sat 31 Oct, 20:00"
    now(AFTER)
    client.force_login(cast.max)
    page = client.get(reverse("escalations:availability-list"), {"month": "2026-10"})
    assert "since Sat 31 Oct, 20:00" in page.text


def test_the_reviews_page_links_for_the_desk_alone(client, cast, now, contract):
    row = down(cast, now, contract, "2026-10-05 10:00", "2026-10-05 10:30")
    now(AFTER)
    for who, linked in [(cast.ana, True), (cast.robin, False)]:
        client.force_login(who)
        html = client.get(reverse("escalations:review-page", args=["northwind", "2026-10"])).content.decode()
        assert row.number in html
        assert (row.get_absolute_url() in html) is linked


def test_the_page_has_every_contract_the_worst_first_each_outage_linked(
    client, cast, now, contract, django_assert_num_queries
):
    row = down(cast, now, contract, "2026-10-05 10:00", "2026-10-05 10:30")
    url = reverse("escalations:availability-list") + "?month=2026-10"
    good = kept_contract()
    now(AFTER)
    client.force_login(cast.max)
    html = client.get(url).content.decode()
    assert html.index(contract.number) < html.index(good.number)
    for words in ["99.93 %", "100.00 %", row.get_absolute_url(), "Mon 5 Oct", "30 min"]:
        assert words in html, words
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(url)
    for _ in range(3):
        down(cast, now, kept_contract(), "2026-11-01 10:00", "2026-11-01 10:30")
    now(AFTER)
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(url)


def test_a_month_that_is_none_is_told_and_customers_do_not_see_it(client, cast, contract):
    client.force_login(cast.max)
    url = reverse("escalations:availability-list")
    assert client.get(f"{url}?month=soon").status_code == 422
    assert client.get(f"{url}?month=2019-01").status_code == 200
    assert client.post(url).status_code == 405
    client.force_login(cast.robin)
    assert client.get(url).status_code == 404

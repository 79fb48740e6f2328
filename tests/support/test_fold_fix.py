"""Fix clocks: for whom, and what ends them."""

import pytest

from tests.support.calendar_cases import utc
from tests.support.terms_cases import ENGHOUSE, UCC
from tests.support.timeline_cases import opened


def test_restoration_is_promised_for_the_cloud_only():
    assert opened("2026-03-02 09:00", ENGHOUSE, "P1").clock("fix").due_at == utc("2026-03-02 13:00")
    assert opened("2026-03-02 09:00", ENGHOUSE, "P1", deployment="on_premises").clocks("fix") == []
    assert opened("2026-03-02 09:00", ENGHOUSE, "P1", deployment=None).clocks("fix") == []


def test_a_fix_promised_for_every_deployment_does_not_ask():
    assert opened("2026-03-02 09:00", UCC, "Critical", deployment=None).clock("fix").state == "running"


def test_forty_eight_business_hours_skip_nights_weekends_and_holidays():
    # 8.5 hours a day from Thursday 2026-04-02 12:00 London: 5.5 that day, Good Friday and Easter Monday are closed,
    # five days from Tuesday to Monday make 48.
    fix = opened("2026-04-02 11:00", UCC, "Normal").clock("fix")
    assert fix.due_at == utc("2026-04-13 16:30")


@pytest.mark.parametrize("kind", ["ticket.resolved", "ticket.restored"])
def test_resolution_ends_the_fix(kind):
    line = opened("2026-03-02 09:00", UCC, "Critical").at("2026-03-02 13:00", kind)
    assert line.clock("fix").verdict == "met"


@pytest.mark.parametrize("kind", ["workaround.given", "plan.given"])
def test_a_workaround_or_a_plan_ends_it_where_the_service_says_so(kind):
    line = opened("2026-03-02 09:00", ENGHOUSE, "P1").at("2026-03-02 12:59", kind)
    assert line.clock("fix").verdict == "met"
    assert opened("2026-03-02 09:00", UCC, "Critical").at("2026-03-02 10:00", kind).clock("fix").open


def test_after_a_workaround_resolution_judges_nothing_twice():
    line = opened("2026-03-02 09:00", ENGHOUSE, "P1").at("2026-03-02 12:59", "workaround.given")
    (fix,) = line.at("2026-03-03 12:00", "ticket.resolved").clocks("fix")
    assert fix.stopped_at == utc("2026-03-02 12:59")


def test_a_miss_while_waiting_for_the_vendor_is_the_vendors():
    line = opened("2026-03-02 09:00", UCC, "Critical").waits("2026-03-02 10:00", "2026-03-02 20:00", "vendor")
    clock = line.at("2026-03-02 21:00", "ticket.resolved").clock("fix")
    assert (clock.verdict, clock.attributed_to) == ("missed", "vendor")


def test_a_miss_while_waiting_for_nobody_is_the_providers():
    line = opened("2026-03-02 09:00", UCC, "Critical").waits("2026-03-02 10:00", "2026-03-02 11:00", "vendor")
    assert line.at("2026-03-02 21:00", "ticket.resolved").clock("fix").attributed_to == "provider"

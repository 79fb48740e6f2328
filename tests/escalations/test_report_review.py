"""Incident reports in the service review: of the month in which they were issued, with their actions."""

import pytest

from escalations import reporting
from escalations.months import Month
from escalations.review import review
from support.actors import Actor
from tests.escalations.report_cases import WORDS, issued, owed, solved
from tests.escalations.review_cases import LONDON, up_to
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db


def of(customer, month=10):
    return review(
        customer, up_to(Month(2026, month, LONDON)), at=utc("2026-12-01 00:00"), zone=LONDON
    ).reports


def test_a_review_lists_what_was_issued_in_its_month(cast, clock):
    version = issued(cast, clock)
    (row,) = of(cast.northwind)
    assert (row.number, row.title, row.root_cause) == (
        version.report.number,
        "Mail is down",
        WORDS["root_cause"],
    )
    assert row.actions == ("Give the switch a second supply. Ana, by 1 Nov 2026",)
    assert (row.issued, row.late) == ("Thu 15 Oct, 11:00", False)
    assert of(cast.northwind, 9) == of(cast.tailspin) == ()


def test_a_late_one_says_so_and_a_corrected_one_stands_once(cast, clock):
    report = issued(cast, clock, owed(cast, clock, solved(cast, clock)), at="2026-10-28 09:00").report
    assert of(report.ticket.customer)[0].late
    by, at = Actor.of(cast.max), clock(utc("2026-10-29 09:00"))
    reporting.begin(report, by=by, at=at)
    reporting.write(report, impact="i", root_cause="A router.", correction="The cause.", by=by, at=at)
    reporting.issue(report, by=by, at=at)
    assert [(row.root_cause, row.late) for row in of(report.ticket.customer)] == [("A router.", True)]
    at = clock(utc("2026-11-02 09:00"))
    reporting.begin(report, by=by, at=at)
    reporting.write(report, impact="i", root_cause="A fan.", correction="Again.", by=by, at=at)
    reporting.issue(report, by=by, at=at)
    months = [[(row.root_cause, row.late) for row in of(report.ticket.customer, month)] for month in (10, 11)]
    assert months == [[("A router.", True)], [("A fan.", True)]]

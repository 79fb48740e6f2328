"""A report's due time: the checker (33) counts it again, and the last end alone moves it."""

import pytest

from escalations import owing, reporting
from support.actors import Actor
from tests.attacks import refused, run
from tests.escalations.report_cases import OVER, drafted, over, owed, solved
from tests.escalations.test_report_guards import ISSUE
from tests.factories import ANA
from tests.support.desk_cases import utc


@pytest.mark.django_db
def test_the_checker_sees_a_due_time_that_no_service_gives(cast, clock):
    """As the app alone could write it, past the job that counts."""
    report = owed(cast, clock, solved(cast, clock))
    assert owing.misdated() == []
    outage = over(cast, clock)
    run(
        "INSERT INTO escalations_incidentreport (number, outage_id, ended_at, due_at) VALUES ('x', %s, now(), '2199-01-01 00:00+00')",
        outage.pk,
    )
    [(number, _ended, due)] = owing.misdated()
    assert (number != report.number, due) == (True, utc("2199-01-01 00:00"))


@pytest.mark.django_db
def test_the_checker_takes_no_due_time_of_another_service(cast, clock):
    outage, ended = over(cast, clock), utc(OVER)
    promised = {
        service.code: owing.due(service, terms, None, ended)
        for service, terms in owing._asked()
        if service.kind == "support"
    }
    own = promised[outage.service.code]
    other = next(due for due in promised.values() if due != own)
    run(
        "INSERT INTO escalations_incidentreport (number, outage_id, ended_at, due_at) VALUES ('x', %s, now(), %s)",
        outage.pk,
        other,
    )
    assert [due for _number, _ended, due in owing.misdated()] == [other]


@pytest.mark.django_db
def test_a_report_is_dated_anew_by_the_last_end_alone_and_before_it_is_issued(cast, clock):
    """Else whoever is late moves the date."""
    move = "UPDATE escalations_incidentreport SET due_at = '2026-12-01 00:00+00' WHERE id = %s"
    ticket = solved(cast, clock)
    report = drafted(cast, clock, owed(cast, clock, ticket))
    for each in (report, owed(cast, clock)):
        with refused("report_is_dated_by_another_end"):
            run(move, each.pk)
    ticket.reopen(by=ANA, at=clock(utc("2026-10-20 09:00")))
    with refused("report_is_dated_by_another_end"):
        run(move, report.pk)
    ticket.resolve(outcome="resolved", by=ANA, at=clock(utc("2026-10-25 12:00")))
    with refused("report_follows_the_last_end"):
        run(ISSUE, reporting.draft_of(report).pk)
    run(move, report.pk)
    report.refresh_from_db()
    assert (report.ended_at, report.due_at) == (utc("2026-10-25 12:00"), utc("2026-12-01 00:00"))
    with refused("report_is_dated_by_another_end"):
        run(move, report.pk)
    reporting.issue(report, by=Actor.of(cast.max), at=clock(utc("2026-10-25 13:00")))
    ticket.reopen(by=ANA, at=clock(utc("2026-10-26 09:00")))
    ticket.resolve(outcome="resolved", by=ANA, at=clock(utc("2026-10-26 12:00")))
    with refused("an_issued_report_keeps_its_date"):
        run(move, report.pk)

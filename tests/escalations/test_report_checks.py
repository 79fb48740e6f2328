"""The checker (33) counts every report's due time again."""

import pytest

from escalations import owing
from tests.attacks import run
from tests.escalations.report_cases import OVER, over, owed, solved
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

"""The checker (33) counts every report's due time again."""

import pytest

from escalations import owing
from tests.attacks import run
from tests.escalations.report_cases import over, owed, solved
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

"""Before a case is opened its page says when the vendor would answer: as the clock that is started then does."""

from zoneinfo import ZoneInfo

import pytest

from escalations.foreseeing import foreseen
from support import saying
from support.models import Clock, ContractCalendar
from tests.escalations.vendor_cases import open_case
from tests.factories import TESTS
from tests.support.calendar_moves import another_version, newest
from tests.support.desk_cases import contract_under, raise_ticket

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("pinned", [True, False])
@pytest.mark.parametrize("severity", ["A", "B", "C"])
def test_what_is_foreseen_is_what_the_clock_says_by_the_contracts_own_calendar(now, severity, pinned):
    at = now("2026-10-14 01:00")
    contract = contract_under("egroup-csp-advantage")
    if pinned:
        ContractCalendar(contract=contract, name="vendor-business", calendar=newest("vendor-business")).by(
            TESTS
        ).save()
    another_version("00:00", "20:00", code="vendor-business")
    ticket = raise_ticket(contract, at, priority="B")
    said = {row.severity[0]: row.answer for row in foreseen(ticket, at, ZoneInfo("UTC"))}
    open_case(ticket, now, "2026-10-14 01:00", severity=severity)
    due = Clock.objects.get(ticket=ticket, kind="vendor_response").due_at
    assert said[severity] == saying.here(due, at)

"""The checker (21) sees managers who were told of a crossing too early, or twice, whether a hand-off was written or not."""

import pytest
from django.db import connection

from escalations.invariants import checks
from tests.attacks import run
from tests.cases import Cast
from tests.escalations.handoff_cases import region, severe
from tests.support.desk_cases import utc

INSERT = (
    "INSERT INTO escalations_handoffalarm (ticket_id, kind, closes_at, from_region_id, fired_at) "
    "VALUES (%s, 'region', %s, %s, %s)"
)
CLOSES = utc("2026-10-15 00:00")


def broken():
    [check] = [each for each in checks() if "crosses once" in each.promise]
    return [where for (where,) in check.breaches()]


@pytest.mark.broken_on_purpose
@pytest.mark.parametrize(
    ("instants", "found"),
    [
        (["2026-10-14 23:30"], 0),
        (["2026-10-14 23:29"], 1),
        (["2026-10-14 23:30", "2026-10-14 23:31"], 1),
        (["2026-10-14 23:29", "2026-10-14 23:31"], 2),
    ],
)
def test_an_alarm_without_a_hand_off_is_checked_too(own_database, instants, found):
    ticket = severe("2026-10-14 20:00", owner=Cast.made().ana)
    with connection.as_owner():
        run("ALTER TABLE escalations_handoffalarm DISABLE TRIGGER guard")
        run("DROP INDEX handoff_alarms_once")
    for at in instants:
        run(INSERT, ticket.pk, CLOSES, region("us").pk, utc(at))
    assert len(broken()) == found
    assert all(ticket.number in where for where in broken())

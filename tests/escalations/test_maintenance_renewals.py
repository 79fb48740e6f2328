"""Maintenance announced in time follows a renewal: what it excused and stopped under one contract it does under the other."""

import pytest

from escalations import gist, maintenance_pages, maintenance_stops
from tests.attacks import refused, run
from tests.escalations.maintenance_cases import announce
from tests.escalations.test_maintenance_guards import STOP
from tests.escalations.test_renewals import NOVEMBER, ended, from_november
from tests.escalations.test_uptimes import contract as contract
from tests.escalations.test_uptimes import down, month
from tests.factories import ANA, ProductFactory
from tests.support.desk_cases import due, raise_ticket, utc

pytestmark = pytest.mark.django_db
TOLD = "2026-09-20 09:00"


def raised(contract, at, product=None):
    return raise_ticket(
        contract, utc(at), priority="P1", product=product or contract.lines.get().product, contract=contract
    )


def swept(now, at):
    now(utc(at))
    return maintenance_stops.sweep()


def test_a_window_over_a_renewal_excuses_in_both(cast, now, contract):
    announce(cast.max, now, contract, at=TOLD, begins="2026-10-31 22:00", ends="2026-11-01 04:00")
    ended(contract)
    renewed = from_november(contract)
    down(cast, now, contract, "2026-10-31 21:00", "2026-11-01 03:00")
    first, second = month(contract), month(renewed, NOVEMBER)
    assert (first.down, first.excused) == ("1 h", "2 h")
    assert (second.down, second.excused, len(second.windows)) == ("0", "4 h", 1)


def test_of_other_products_it_excuses_nothing(cast, now, contract):
    announce(cast.max, now, contract, at=TOLD, begins="2026-10-31 22:00", ends="2026-11-01 04:00")
    ended(contract)
    other = from_november(contract, product=ProductFactory())
    assert (month(other, NOVEMBER).excused, month(other, NOVEMBER).windows) == ("0", ())


def test_it_stops_the_tickets_of_the_contract_that_renews(cast, now, contract):
    announce(cast.max, now, contract, at=TOLD, begins="2026-11-03 10:00", ends="2026-11-03 12:00")
    ended(contract)
    renewed, other = from_november(contract), from_november(contract, product=ProductFactory())
    old, ticket = raised(contract, "2026-10-30 09:00"), raised(renewed, "2026-11-03 09:00")
    beside = raised(other, "2026-11-03 09:00")
    assert due(ticket, "fix") == "2026-11-03 13:00"
    assert swept(now, "2026-11-03 10:00") == 2
    assert not beside.waits.exists()
    assert gist.gist_of(ticket).maintenance
    [shown] = maintenance_pages.of_ticket(ticket, utc("2026-11-03 10:00"), utc(TOLD).tzinfo)
    assert not shown.late
    assert maintenance_pages.of_ticket(beside, utc("2026-11-03 10:00"), utc(TOLD).tzinfo) == []
    assert swept(now, "2026-11-03 12:00") == 2
    assert due(ticket, "fix") == "2026-11-03 15:00"
    assert old.waits.get().ended_at == utc("2026-11-03 12:00")


def test_it_stops_the_tickets_of_the_contract_that_was_renewed(cast, now, contract):
    ended(contract, at="2026-09-02 09:00")
    renewed = from_november(contract, at="2026-09-02 09:00")
    announce(cast.max, now, renewed, at=TOLD, begins="2026-11-01 02:00", ends="2026-11-01 04:00")
    ticket = raised(contract, "2026-10-31 23:30")
    assert swept(now, "2026-11-01 02:00") == 1
    assert swept(now, "2026-11-01 04:00") == 1
    assert due(ticket, "fix") == "2026-11-01 05:30"


def test_a_script_stops_no_ticket_of_a_contract_that_goes_on_beside(cast, now, contract):
    window = announce(cast.max, now, contract, at=TOLD, begins="2026-11-03 10:00", ends="2026-11-03 12:00")
    beside = from_november(contract)
    ticket = raised(beside, "2026-11-03 09:00")
    assert swept(now, "2026-11-03 10:00") == 0
    wait = ticket.waits.model.begin(ticket, reason="maintenance", by=ANA, at=now(utc("2026-11-03 10:05")))
    with refused("stopped_where_announced_in_time"):
        run(STOP, window.pk, ticket.pk, wait.pk)

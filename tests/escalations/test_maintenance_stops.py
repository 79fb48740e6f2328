"""What maintenance does to clocks: the fix stands still from its beginning to its end where it was announced in time, and nothing else does."""

from datetime import UTC

import pytest

from escalations import maintenance_stops
from escalations.models import MaintenanceStop
from support.models import Wait
from tests.escalations.maintenance_cases import announce, another_line, kept_contract, withdraw
from tests.factories import ANA
from tests.support.desk_cases import due, raise_ticket, utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(cast):
    return kept_contract(cast.northwind)


@pytest.fixture
def window(cast, clock, contract):
    return announce(cast.ana, clock, contract)  # 14 Nov 22:00 to 15 Nov 02:00


def sweep(clock, at):
    clock(utc(at))
    return maintenance_stops.sweep()


def opened(contract, at="2026-11-14 20:00", priority="P1", **fields):
    return raise_ticket(
        contract, utc(at), priority=priority, product=contract.lines.first().product, **fields
    )


def test_the_fix_stands_still_for_the_window_and_response_and_updates_do_not(clock, contract, window):
    ticket = opened(contract)
    before = {kind: due(ticket, kind) for kind in ("response", "update")}
    assert due(ticket, "fix") == "2026-11-15 00:00"
    assert sweep(clock, "2026-11-14 21:59") == 0
    assert sweep(clock, "2026-11-14 22:00") == 1
    ticket.refresh_from_db()
    assert (ticket.state, due(ticket, "fix")) == ("waiting", None)
    assert {kind: due(ticket, kind) for kind in before} == before
    assert sweep(clock, "2026-11-15 01:59") == 0
    assert sweep(clock, "2026-11-15 02:00") == 1
    ticket.refresh_from_db()
    assert (ticket.state, due(ticket, "fix")) == ("open", "2026-11-15 04:00")
    assert sweep(clock, "2026-11-15 02:01") == 0


def test_an_end_that_is_noticed_late_is_the_announced_one(clock, contract, window):
    ticket = opened(contract)
    sweep(clock, "2026-11-14 22:00")
    sweep(clock, "2026-11-15 03:30")
    assert Wait.objects.get(ticket=ticket).ended_at == utc("2026-11-15 02:00")
    assert due(ticket, "fix") == "2026-11-15 04:00"


def test_withdrawn_while_it_goes_on_it_stops_no_longer(clock, cast, contract, window):
    ticket = opened(contract)
    sweep(clock, "2026-11-14 22:00")
    withdraw(window, cast.ana, clock, "2026-11-14 22:30")
    sweep(clock, "2026-11-14 22:31")
    assert due(ticket, "fix") == "2026-11-15 00:30"
    later = opened(contract, "2026-11-14 22:40")
    assert sweep(clock, "2026-11-14 22:41") == 0
    assert not later.waits.exists()


def test_late_maintenance_stops_nothing(clock, cast, contract):
    announce(cast.max, clock, contract, at="2026-11-01 09:00", reason="A disk fails.")
    ticket = opened(contract)
    assert sweep(clock, "2026-11-14 22:00") == 0
    assert due(ticket, "fix") == "2026-11-15 00:00"


def test_only_tickets_of_its_contracts_product_and_cloud_with_a_clock_that_it_stops(clock, cast, contract):
    first = contract.lines.get().product
    second = another_line(contract).product
    announce(cast.ana, clock, contract, product=first)
    hit = opened(contract)
    raise_ticket(contract, utc("2026-11-14 20:00"), priority="P1", product=second)
    opened(contract, priority="P3")  # no fix is promised
    opened(kept_contract())
    assert sweep(clock, "2026-11-14 22:00") == 1
    assert MaintenanceStop.objects.get().ticket == hit
    assert MaintenanceStop.objects.get().wait.awaited == MaintenanceStop.objects.get().window.number


def test_a_ticket_that_comes_in_during_the_window_stands_still_too(clock, contract, window):
    sweep(clock, "2026-11-14 22:00")
    ticket = opened(contract, "2026-11-14 23:00")
    assert sweep(clock, "2026-11-14 23:01") == 1
    sweep(clock, "2026-11-15 02:00")
    assert due(ticket, "fix") == "2026-11-15 05:59"


def test_a_wait_by_hand_stops_nothing_and_gives_way(clock, contract, window):
    ticket = opened(contract)
    Wait.begin(ticket, reason="maintenance", by=ANA, at=utc("2026-11-14 21:00"))
    assert due(ticket, "fix") == "2026-11-15 00:00"
    assert sweep(clock, "2026-11-14 22:00") == 1
    assert ticket.waits.filter(ended_at=None).count() == 1
    sweep(clock, "2026-11-15 02:00")
    assert due(ticket, "fix") == "2026-11-15 04:00"


def test_who_ends_the_wait_by_hand_lets_the_clock_run(clock, contract, window):
    ticket = opened(contract)
    sweep(clock, "2026-11-14 22:00")
    ticket.waits.get().end(by=ANA, at=utc("2026-11-14 22:30"))
    assert sweep(clock, "2026-11-14 22:31") == 0
    assert due(ticket, "fix") == "2026-11-15 00:30"


def test_opened_again_during_the_window_it_stands_still_again(clock, contract, window):
    ticket = opened(contract)
    sweep(clock, "2026-11-14 22:00")
    ticket.refresh_from_db()
    ticket.resolve(outcome="resolved", by=ANA, at=utc("2026-11-14 22:30"))
    assert sweep(clock, "2026-11-14 22:31") == 0
    ticket.reopen(by=ANA, at=utc("2026-11-14 22:40"))
    assert sweep(clock, "2026-11-14 22:41") == 1
    assert sweep(clock, "2026-11-14 22:42") == 0
    sweep(clock, "2026-11-15 02:00")
    raised = opened(kept_contract(), "2026-11-14 22:40")
    assert due(raised, "fix") == "2026-11-15 02:40"
    assert due(ticket, "fix") == "2026-11-15 05:59"
    assert MaintenanceStop.objects.filter(ticket=ticket).count() == 2


def test_let_go_on_by_hand_it_runs_on_when_it_is_opened_again(clock, contract, window):
    ticket = opened(contract)
    sweep(clock, "2026-11-14 22:00")
    ticket.waits.get().end(by=ANA, at=utc("2026-11-14 22:20"))
    ticket.refresh_from_db()
    ticket.resolve(outcome="resolved", by=ANA, at=utc("2026-11-14 22:30"))
    ticket.reopen(by=ANA, at=utc("2026-11-14 22:40"))
    assert sweep(clock, "2026-11-14 22:41") == 0
    assert due(ticket, "fix") == "2026-11-15 02:40"


def test_waits_for_the_customer_and_for_maintenance_are_counted_once(clock, contract, window):
    ticket = opened(contract)
    customer = Wait.begin(ticket, reason="customer", by=ANA, at=utc("2026-11-14 21:00"))
    assert sweep(clock, "2026-11-14 22:00") == 1
    customer.end(by=ANA, at=utc("2026-11-14 23:00"))
    sweep(clock, "2026-11-15 02:00")
    assert due(ticket, "fix") == "2026-11-15 05:00"


def test_two_windows_after_one_another_each_stop_it(clock, cast, contract, window):
    announce(cast.ana, clock, contract, begins="2026-11-15 01:00", ends="2026-11-15 03:00")
    ticket = opened(contract)
    for at in ("2026-11-14 22:00", "2026-11-15 01:00", "2026-11-15 02:00", "2026-11-15 03:00"):
        sweep(clock, at)
    assert due(ticket, "fix") == "2026-11-15 05:00"
    assert [row.started_at.astimezone(UTC).hour for row in ticket.waits.order_by("id")] == [22, 2]

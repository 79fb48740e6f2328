"""The end of maintenance that nobody noticed in time: the fix runs on from the window's own end, whatever happened since."""

import pytest

from escalations import maintenance_stops
from escalations.models import MaintenanceWindow
from support import folding, timeline
from support.clocks.calendar import HolidaysUnknown
from support.desk import priority
from support.models import Wait
from tests.attacks import refused, run
from tests.escalations.maintenance_cases import announce, kept_contract, move, withdraw
from tests.factories import ANA
from tests.support.desk_cases import due, raise_ticket, utc
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db
OVER = utc("2026-11-15 02:00")
LATE = utc("2026-11-15 04:30")


@pytest.fixture
def contract(cast):
    return kept_contract(cast.northwind)


@pytest.fixture
def window(cast, clock, contract):
    return announce(cast.ana, clock, contract)  # 14 Nov 22:00 to 15 Nov 02:00


@pytest.fixture
def ticket(clock, contract, window):
    """P1 of 14 Nov 20:00, due at midnight: two of its four hours are left while it stands still."""
    found = opened(contract)
    sweep(clock, "2026-11-14 22:00")
    found.refresh_from_db()
    return found


def opened(contract, at="2026-11-14 20:00"):
    return raise_ticket(contract, utc(at), priority="P1", product=contract.lines.get().product)


def sweep(clock, at):
    clock(utc(at))
    return maintenance_stops.sweep()


def fix(ticket):
    """The last one, which is as its timeline folds."""
    rows = [folding.row_of(ticket, each, n) for n, each in enumerate(folding.clocks_of(ticket))]
    stored = list(ticket.clocks.order_by("position"))
    told = [
        [(row.key, row.state, row.verdict, row.due_at, row.detail) for row in found]
        for found in (rows, stored)
    ]
    assert told[0] == told[1]
    return ticket.clocks.filter(kind="fix").latest("position")


def stood_still(ticket):
    spans = [
        (piece["from"], piece["to"]) for piece in fix(ticket).detail["segments"] if piece["why"] == "wait"
    ]
    return [tuple(f"{at:.16}" for at in span) for span in spans]


def test_resolved_before_anybody_noticed_the_end_the_fix_is_judged_by_it(clock, ticket):
    clock(LATE)
    ticket.resolve(outcome="resolved", by=ANA, at=LATE)
    assert (fix(ticket).verdict, due(ticket, "fix")) == ("missed", "2026-11-15 04:00")
    assert stood_still(ticket) == [("2026-11-14T22:00", "2026-11-15T02:00")]
    assert ticket.waits.get().ended_at == OVER
    told = ticket.events.get(kind="wait.ended")
    assert (told.at, told.facts["happened_at"]) == (LATE, OVER.isoformat())


def test_whatever_happened_before_the_sweep_the_wait_ended_with_its_window(clock, ticket):
    clock(LATE)
    timeline.record(ticket, "note.added", by=ANA, at=utc("2026-11-15 03:10"), ids=[])
    customer = Wait.begin(ticket, reason="customer", by=ANA, at=utc("2026-11-15 03:30"))
    customer.end(by=ANA, at=utc("2026-11-15 03:31"))
    assert due(ticket, "fix") == "2026-11-15 04:01"
    assert sweep(clock, "2026-11-15 03:32") == 1
    ticket.refresh_from_db()
    assert (ticket.state, due(ticket, "fix")) == ("open", "2026-11-15 04:01")
    assert ticket.waits.get(reason="maintenance").ended_at == OVER
    assert fix(ticket).state == "running"


def test_another_priority_before_the_sweep_keeps_the_waits_own_end(clock, ticket):
    clock(utc("2026-11-15 03:00"))
    priority.assess(ticket, "P2", by=ANA, at=utc("2026-11-15 03:00"))
    first = ticket.clocks.filter(kind="fix").earliest("position")
    assert f"{first.due_at:%d %H:%M}" == "15 04:00"
    sweep(clock, "2026-11-15 03:32")
    assert stood_still(ticket) == [("2026-11-14T22:00", "2026-11-15T02:00")]


def test_ended_by_hand_after_the_window_it_stopped_nothing_after_it(client, cast, now, contract, window):
    ticket = opened(contract)
    now("2026-11-14 22:00")
    maintenance_stops.sweep()
    now("2026-11-15 05:00")
    client.force_login(cast.ana)
    assert post(client, "support:wait-end", ticket.number, ticket.waits.get().pk).status_code == 302
    assert due(ticket, "fix") == "2026-11-15 04:00"
    assert ticket.waits.get().ended_at == OVER
    assert (
        post(client, "support:ticket-resolve", ticket.number, outcome="resolved", text="").status_code == 302
    )
    assert fix(ticket).verdict == "missed"


@pytest.mark.parametrize("how", ["withdrawn", "moved"])
def test_called_off_it_stops_nothing_from_that_instant_though_no_sweep_follows(
    clock, cast, ticket, window, how
):
    if how == "withdrawn":
        withdraw(window, cast.ana, clock, "2026-11-14 22:30")
    else:
        move(window, cast.ana, clock, "2026-11-14 22:30", "2026-12-20 22:00", "2026-12-21 02:00")
    ticket.refresh_from_db()
    assert (ticket.state, due(ticket, "fix")) == ("open", "2026-11-15 00:30")
    clock(utc("2026-11-15 01:00"))
    ticket.resolve(outcome="resolved", by=ANA, at=utc("2026-11-15 01:00"))
    assert (fix(ticket).verdict, stood_still(ticket)) == (
        "missed",
        [("2026-11-14T22:00", "2026-11-14T22:30")],
    )


def test_no_script_makes_a_window_longer(clock, contract, window, ticket):
    wait = ticket.waits.get()
    with refused("wait_ends_by_its_until"):
        run("UPDATE support_wait SET ended_at = %s WHERE id = %s", LATE, wait.pk)
    other = opened(contract, "2026-11-14 21:00")
    for until in (None, LATE):
        with refused("announced_waits_end_with_their_window"):
            made = Wait.begin(
                other,
                reason="maintenance",
                announced_in_time=True,
                until=until,
                by=ANA,
                at=utc("2026-11-14 22:00"),
            )
            run(
                "INSERT INTO escalations_maintenancestop (window_id, ticket_id, wait_id) VALUES (%s, %s, %s)",
                window.pk,
                other.pk,
                made.pk,
            )
    with refused("permission denied"):
        run("UPDATE support_wait SET until = %s WHERE id = %s", LATE, wait.pk)


@pytest.fixture
def uncountable(ticket, monkeypatch):
    """The calendar of this ticket is not known that far, whoever ends its wait."""
    end = Wait.end

    def ends(wait, **said):
        if wait.ticket_id == ticket.pk:
            raise HolidaysUnknown
        end(wait, **said)

    monkeypatch.setattr(Wait, "end", ends)
    return ticket


def test_one_that_cannot_be_counted_keeps_no_other_standing_still(clock, contract, ticket, uncountable):
    other = opened(contract, "2026-11-14 21:00")
    sweep(clock, "2026-11-14 22:01")
    assert sweep(clock, "2026-11-15 02:01") == 1
    assert other.waits.get().ended_at == OVER
    assert ticket.waits.get().ended_at is None


def test_nor_keeps_it_a_window_from_being_withdrawn(cast, clock, window, uncountable):
    withdraw(window, cast.ana, clock, "2026-11-14 23:00")
    assert MaintenanceWindow.objects.with_end().get(pk=window.pk).until == utc("2026-11-14 23:00")
    assert uncountable.waits.get().ended_at is None

"""Open tickets moved to a newer version: the same as one by one, said beforehand, once, and only when told to."""

from datetime import timedelta

import pytest
from django.db import transaction

from billing.models import Engagement
from support import timeline
from support.calendars import foresight, moving, pins, shifting
from support.models import CalendarMove, Clock, Event, Ticket
from support.refusal import Refused
from tests.billing.billing_cases import ese_contract, requested
from tests.factories import ANA, TESTS
from tests.support.calendar_moves import AT, CODE, OPENED, another_version, stories, told
from tests.support.desk_cases import contract_under, due, raise_ticket, utc

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars_anew")]


def one_by_one(version, tickets) -> None:
    """What the set-based move must equal: each ticket through the one door, in a transaction that is undone."""
    for pk, of_ticket in sorted(pins.stale(version, AT).items()):
        ticket = Ticket.objects.get(pk=pk)
        for pin in of_ticket:
            timeline.record(
                ticket,
                moving.KIND,
                by=TESTS,
                at=max(AT, ticket.changed_at),
                subject=pin.subject,
                calendar=pin.name,
                old=pin.pinned,
                new=f"{version.name}@{version.version}",
            )


def without_reason(said: dict) -> dict:
    for event in said["events"]:
        event["facts"] = {k: v for k, v in event["facts"].items() if k not in ("reason", "manager")}
    return said


@pytest.mark.parametrize(
    ("service", "calendar"),
    [("exponential-e-ucc", CODE), ("enghouse-standard", "enghouse-standard")],
)
@pytest.mark.parametrize("hours", [("10:00", "15:00"), ("07:00", "20:00")])
def test_a_move_is_what_recording_it_ticket_by_ticket_is(service, calendar, hours):
    tickets = stories(service)
    version = another_version(*hours, code=calendar)
    with transaction.atomic():
        one_by_one(version, tickets)
        wanted = [without_reason(told(ticket)) for ticket in tickets]
        transaction.set_rollback(True)
    if service == "exponential-e-ucc":  # most of them without a fold, for which this is the proof
        rows = Ticket.objects.in_bulk([ticket.pk for ticket in tickets])
        new = f"{version.name}@{version.version}"
        assert len(shifting.plain(rows, pins.stale(version, AT), new, AT).next_due) == 5
    row = moving.move(version, "New hours", contracts=False, by=TESTS, at=AT)
    assert [without_reason(told(ticket)) for ticket in tickets] == wanted
    assert (
        row.tickets == moving.moved(row) == len({e.ticket_id for e in Event.objects.filter(kind=moving.KIND)})
    )
    assert row.tickets >= 5


def test_an_engagement_on_a_ticket_moves_under_its_own_calendar():
    engagement = requested(ese_contract())
    version = another_version("09:00", "12:00", code="mt-business")
    [found] = pins.stale(version, AT + timedelta(days=1)).items()
    assert found == (
        engagement.ticket_id,
        [pins.Pin(("engagement", engagement.pk), "mt-business", "mt-business@1")],
    )
    moving.move(version, "New hours", contracts=False, by=TESTS, at=utc("2026-11-30 16:00"))
    event = engagement.ticket.events.get(kind=moving.KIND)
    assert (event.subject_kind, event.subject_id) == ("engagement", engagement.pk)
    assert Engagement.objects.count() == 1


def test_what_is_said_beforehand_is_what_happens():
    tickets = stories()
    version = another_version()
    found = foresight.foresee(version, AT)
    assert (found.tickets, found.later, found.earlier, found.same) == (7, 5, 0, 1)
    assert (found.waiting, found.late, found.left) == (1, 0, set())
    before = {clock.pk: clock.due_at for clock in Clock.objects.all()}
    moving.move(version, "New hours", contracts=False, by=TESTS, at=AT)
    moved = [clock for clock in Clock.objects.all() if clock.due_at != before[clock.pk]]
    assert len(moved) == found.changed
    assert foresight.foresee(version, AT).tickets == 0
    assert tickets[6].events.filter(kind=moving.KIND).count() == 0  # it was done


def test_minutes_used_are_kept_and_the_rest_runs_in_the_new_hours():
    # 48 business hours from Monday 10:00 BST: 7.5, 8.5 and 3 are used on Wednesday at noon, 29 are left, five a day.
    ticket = raise_ticket(contract_under("exponential-e-ucc"), OPENED, priority="Normal", by=ANA)
    assert due(ticket, "fix") == "2026-10-19 14:30"
    moving.move(another_version(), "New hours", contracts=False, by=TESTS, at=AT)
    # Three on Wednesday, five on each of five days, the last one on Thursday the 22nd; London is an hour ahead.
    assert due(ticket, "fix") == "2026-10-22 10:00"
    event = ticket.events.get(kind=moving.KIND)
    assert (event.at, event.facts["old"], event.facts["new"]) == (AT, f"{CODE}@1", f"{CODE}@2")


def test_a_ticket_whose_deadline_the_version_cannot_give_keeps_none_of_the_others():
    tickets = stories()
    old = raise_ticket(tickets[0].contract, utc("2026-10-06 09:00"), priority="Normal", by=ANA)
    version = another_version("09:00", "09:01", days=1)  # what is left of most lies beyond the known years
    found = foresight.foresee(version, AT)
    row = moving.move(version, "New hours", contracts=False, by=TESTS, at=AT)
    assert len(found.left) == 5
    assert moving.moved(row) == row.tickets - 6  # of one that waits, nobody could tell
    assert old.events.filter(kind=moving.KIND).exists()
    still = Ticket.objects.filter(pk__in=pins.stale(version, AT)).values_list("number", flat=True)
    assert set(still) > found.left


def test_a_move_under_way_is_not_begun_again(monkeypatch):
    stories()
    version = another_version()
    monkeypatch.setattr(moving, "is_running", lambda row: True)
    CalendarMove(
        calendar=version,
        older=[],
        reason="x",
        at=AT,
        tickets=1,
        contracts=0,
        actor_kind="staff",
        actor_name="M",
    ).save()
    with pytest.raises(Refused, match="right now"):
        moving.move(version, "x", contracts=False, by=TESTS, at=AT)


def test_a_batch_costs_the_same_queries_however_many_tickets(django_assert_max_num_queries):
    stories()
    version = another_version()
    row = CalendarMove(calendar=version, older=[], reason="x", at=AT, tickets=7, contracts=0)
    row.actor = TESTS
    row.save()
    tickets = pins.stale_tickets(version, AT)
    with django_assert_max_num_queries(22):
        assert moving.move_batch(row, tickets) == 7

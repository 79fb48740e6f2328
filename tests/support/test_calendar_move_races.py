"""A move while the desk works, and two moves at once: nothing is lost, nothing happens twice."""

import threading
from datetime import timedelta

from django.db import connection, transaction

from support import versions
from support.calendars import moving, pins
from support.models import CalendarMove, Event, Message, Ticket
from support.refusal import Refused
from tests.attacks import run
from tests.billing.at_once import at_once, both
from tests.factories import ANA, TESTS
from tests.support.calendar_moves import another_version
from tests.support.desk_cases import contract_under, raise_ticket, utc

OPENED, AT = utc("2026-10-12 09:00"), utc("2026-10-14 11:00")
TICKETS = 12


def many():
    versions._business_calendar.cache_clear()
    with transaction.atomic():
        contract = contract_under("exponential-e-ucc")
        for n in range(TICKETS):
            raise_ticket(contract, OPENED + timedelta(minutes=n), priority="Normal", by=ANA)
        return another_version()


def somebody_waits() -> bool:
    return run("SELECT count(*) FROM pg_locks WHERE NOT granted")[0][0] > 0


def moves_by_ticket() -> dict[int, int]:
    found: dict[int, int] = {}
    for ticket in Event.objects.filter(kind=moving.KIND).values_list("ticket", flat=True):
        found[ticket] = found.get(ticket, 0) + 1
    return found


def test_two_moves_at_once_move_once(own_database):
    version = many()

    def one(i):
        try:
            moving.move(version, f"Manager {i}", contracts=False, by=TESTS, at=AT)
        except Refused as refused:
            return refused.sentence
        return "moved"

    said = at_once(2, one, AT)
    assert sorted(said)[1] == "moved"
    assert "nothing to move" in sorted(said)[0]
    assert set(moves_by_ticket().values()) == {1}
    assert CalendarMove.objects.count() == 1


def test_a_job_and_its_repetition_at_once_move_once(own_database, monkeypatch):
    version = many()
    monkeypatch.setattr(moving, "BATCH", 5)
    row = moving.move(version, "By a job", contracts=False, by=TESTS, at=AT)
    done = at_once(2, lambda i: moving.run(row), AT)
    assert sum(done) == TICKETS
    assert moves_by_ticket() == dict.fromkeys(Ticket.objects.values_list("pk", flat=True), 1)


def test_over_the_cores_every_ticket_moves_once(own_database, monkeypatch):
    version = many()
    monkeypatch.setattr(moving, "BATCH", 5)
    row = moving.move(version, "By a job", contracts=False, by=TESTS, at=AT)
    tickets = list(Ticket.objects.order_by("pk").values_list("pk", flat=True))
    assert moving.move_each(row, tickets, processes=2) == TICKETS
    assert moves_by_ticket() == dict.fromkeys(tickets, 1)
    assert moving.move_each(row, tickets, processes=2) == 0, "what was moved stays moved"
    connection.close()


def test_an_agent_replies_while_the_ticket_is_moved(own_database, monkeypatch):
    version = many()
    monkeypatch.setattr(moving, "BATCH", 3)
    row = moving.move(version, "By a job", contracts=False, by=TESTS, at=AT)
    numbers = list(Ticket.objects.order_by("pk").values_list("pk", flat=True))

    def work(i):
        if i:
            return moving.run(row)
        for pk in reversed(numbers):
            Message.reply(Ticket.objects.get(pk=pk), "Still looking.", by=ANA, at=AT + timedelta(minutes=1))
        return len(numbers)

    assert at_once(2, work, AT + timedelta(minutes=2)) == [TICKETS, TICKETS]
    assert moves_by_ticket() == dict.fromkeys(numbers, 1)
    assert Message.objects.filter(text="Still looking.").count() == TICKETS
    assert Event.objects.filter(kind="message.sent").count() == TICKETS


@both
def test_a_ticket_that_is_done_meanwhile_is_not_moved(own_database, guarded, monkeypatch):
    """The lock comes before the question: what was asked before it may have changed. The control asks first."""
    version = many()
    pk = Ticket.objects.order_by("pk").values_list("pk", flat=True)[0]
    row = CalendarMove(calendar=version, older=[], reason="x", at=AT, tickets=1, contracts=0)
    row.actor = TESTS
    row.save()
    if not guarded:
        known = {pk: pins.stale(version, AT)[pk]}
        monkeypatch.setattr(pins, "stale", lambda *args: known)
    locked = threading.Event()

    def work(i):
        if i:
            locked.wait(20)
            return moving.move_batch(row, [pk])
        with transaction.atomic():
            Ticket.objects.get(pk=pk).resolve(outcome="resolved", by=ANA, at=AT)
            locked.set()
            while not somebody_waits():
                pass
        return None

    at_once(2, work, AT)
    assert bool(moves_by_ticket().get(pk)) is not guarded

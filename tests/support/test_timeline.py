"""The one door: events follow each other, stored clocks are the fold's, and two writers at once leave no gap."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from support import folding, timeline
from support.clocks.events import BadFacts, UnknownKind
from support.desk import priority
from support.models import Clock, Event, Message, Wait
from support.refusal import Refused
from tests.attacks import refused
from tests.factories import ANA, TESTS
from tests.support.desk_cases import contract_under, due, raise_ticket, utc


def a_ticket(code="exponential-e-ucc", **fields):
    return raise_ticket(contract_under(code), utc("2026-10-12 09:00"), **fields)


@pytest.mark.django_db
def test_folding_again_gives_the_same_rows():
    ticket = a_ticket("microsoft-o365-dedicated", priority="B")
    Message.reply(ticket, "Looking.", by=ANA, at=utc("2026-10-12 09:30"))
    Wait.begin(ticket, reason="customer", by=TESTS, at=utc("2026-10-12 10:00"))
    priority.assess(ticket, "A", by=TESTS, at=utc("2026-10-12 10:30"))
    before = list(Clock.objects.order_by("key").values())
    Clock.objects.all().delete()
    folding.store(ticket)
    after = list(Clock.objects.order_by("key").values())
    assert [{**row, "id": 0} for row in after] == [{**row, "id": 0} for row in before]


@pytest.mark.django_db
def test_facts_that_the_vocabulary_does_not_know_are_refused():
    ticket = a_ticket()
    with pytest.raises(BadFacts, match="never text or addresses"), transaction.atomic():
        timeline.record(
            ticket, "ticket.archived", by=TESTS, at=utc("2026-10-12 10:00"), reason="She said it is fine."
        )
    with pytest.raises(UnknownKind):
        timeline.record(ticket, "ticket.exploded", by=TESTS, at=utc("2026-10-12 10:00"))


@pytest.mark.django_db
def test_the_database_holds_the_order_on_every_path():
    ticket = a_ticket()
    last = ticket.events.last()
    event = Event(
        ticket=ticket,
        kind="note.added",
        subject_id=ticket.pk,
        at=last.at,
        actor_kind="system",
        actor_name="x",
    )
    for seq, at, rule in [
        (last.seq + 2, last.at, "follow"),
        (last.seq + 1, utc("2026-10-12 08:59"), "forward"),
    ]:
        event.seq, event.at = seq, at
        with refused(f"events_{'follow_each_other' if rule == 'follow' else 'go_forward'}"):
            event.save(force_insert=True)


@pytest.mark.django_db
def test_one_event_costs_few_queries(django_assert_max_num_queries):
    ticket = a_ticket(priority="High")
    for minute in range(30):
        Message.note(ticket, "Noted.", by=TESTS, at=utc(f"2026-10-12 09:{minute:02}"))
    with django_assert_max_num_queries(8):
        timeline.record(ticket, "troubleshoot.done", by=TESTS, at=utc("2026-10-12 10:00"))


@pytest.mark.django_db
def test_a_priority_change_gives_open_clocks_the_new_target_from_the_old_start():
    ticket = a_ticket(priority="Low")
    priority.assess(ticket, "Critical", by=TESTS, at=utc("2026-10-12 09:10"))
    assert (ticket.priority, ticket.rank, due(ticket, "response"), due(ticket, "fix")) == (
        "Critical",
        1,
        "2026-10-12 09:30",
        "2026-10-12 14:00",
    )
    with pytest.raises(Refused, match="is Critical already"):
        priority.assess(ticket, "Critical", by=TESTS, at=utc("2026-10-12 09:11"))


@pytest.mark.parametrize("guarded", [True, False])
def test_sixteen_writers_at_once_leave_no_gap(own_database, monkeypatch, guarded):
    ticket = a_ticket()
    if not guarded:
        monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda rows, **options: rows)
        with connection.as_owner(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE support_event DISABLE TRIGGER guard")
    barrier = threading.Barrier(16)

    def write(_):
        barrier.wait()
        try:
            timeline.record(ticket, "troubleshoot.done", by=TESTS, at=utc("2026-10-12 10:00"))
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        failures = [error for error in pool.map(write, range(16)) if error]
    assert bool(failures) is not guarded
    if guarded:
        assert list(ticket.events.values_list("seq", flat=True)) == list(range(1, 18))


@pytest.mark.django_db
def test_a_fact_may_be_called_kind_as_that_of_a_notice_is():
    ticket = a_ticket()
    event = timeline.record(
        ticket, "notice.sent", by=TESTS, at=utc("2026-10-12 10:00"), outage=3, kind="outage"
    )
    assert (event.kind, event.facts) == ("notice.sent", {"outage": 3, "kind": "outage"})

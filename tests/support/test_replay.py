"""A definition tried on what really happened: the same now as is stored, the same then as had it been so, nothing written."""

import io
import json
from collections import Counter
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from support import timeline, versions
from support.desk import priority, replaying
from support.desk.replay import policy_of, replay, tickets_of
from support.models import Clock, Event, Message, Ticket, Wait
from tests.factories import ANA, TESTS, CustomerFactory
from tests.support.desk_cases import contract_under, raise_ticket, utc

OCTOBER = date(2026, 10, 1)


def premium(at="2026-10-16 18:30", level="P2", **fields):
    """Opened on a Friday evening in London, connected the next morning: late under Standard's hours, not before."""
    return raise_ticket(contract_under("enghouse-premium"), utc(at), priority=level, **fields)


def connected(ticket, at):
    Message.call(ticket, "Connected.", made=True, connected=True, minutes=5, by=ANA, at=utc(at))


def judged(service, tickets):
    return replay(tickets, policy_of(versions.latest(service)))


def rows():
    return [(model.__name__, model.objects.count()) for model in (Ticket, Event, Clock)]


@pytest.mark.django_db
def test_under_its_own_definition_nothing_changes():
    ticket = premium()
    connected(ticket, "2026-10-16 19:00")
    priority.assess(ticket, "P1", by=TESTS, at=utc("2026-10-16 19:10"))
    wait = Wait.begin(ticket, reason="customer", by=TESTS, at=utc("2026-10-16 19:30"))
    wait.end(by=TESTS, at=utc("2026-10-16 20:30"))
    ticket.resolve(outcome="resolved", by=TESTS, at=utc("2026-10-17 12:00"))
    done = judged("enghouse-premium", [ticket.pk])
    assert done.flips == []
    stored = Counter((clock.kind, clock.verdict) for clock in ticket.clocks.all())
    assert done.now == done.then == stored


@pytest.mark.django_db
def test_what_waited_on_an_engagement_waits_in_the_replay_too():
    ticket = premium()
    wait = Wait.begin(
        ticket, reason="approval", subject=("engagement", 7), by=TESTS, at=utc("2026-10-16 19:00")
    )
    wait.end(by=TESTS, at=utc("2026-10-16 20:00"))
    ticket.resolve(outcome="resolved", by=TESTS, at=utc("2026-10-17 03:00"))
    done = judged("enghouse-premium", [ticket.pk])
    assert (done.left, done.flips) == ([], [])
    assert done.then["fix", "met"] == 1  # 8 h 30 of which one was waited


@pytest.mark.django_db
def test_an_engagement_on_the_ticket_runs_under_its_own_service():
    contract = contract_under("enghouse-premium", engagement="calltower-ese")
    ticket = raise_ticket(contract, utc("2026-10-16 18:30"), priority="P2")
    own = {"subject": ("engagement", 7), "by": TESTS}
    service = versions.latest("calltower-ese")
    pins = versions.calendar_pins(service, contract)
    facts = {"priority": "P3", "service": f"{service.code}@{service.version}", "calendars": pins}
    timeline.record(ticket, "engagement.requested", at=utc("2026-10-16 19:00"), **own, **facts)
    Wait.begin(ticket, reason="approval", at=utc("2026-10-16 19:10"), **own)
    timeline.record(ticket, "engagement.ended", at=utc("2026-10-16 20:10"), reason="withdrawn", **own)
    ticket.resolve(outcome="resolved", by=TESTS, at=utc("2026-10-17 03:00"))
    for code in ("enghouse-premium", "exponential-e-ucc"):
        done = judged(code, [ticket.pk])
        assert done.left == []
        assert done.then["fix", "met"] == 1
    stored = Counter((clock.kind, clock.verdict) for clock in ticket.clocks.filter(subject_kind="ticket"))
    assert judged("enghouse-premium", [ticket.pk]).then == stored


@pytest.mark.django_db
def test_other_hours_turn_a_miss_into_a_promise_kept_and_say_why():
    ticket = premium()
    connected(ticket, "2026-10-17 08:00")  # Saturday; P2 responds within an hour
    before = rows()
    [flip] = [flip for flip in judged("enghouse-standard", [ticket.pk]).flips if flip.kind == "response"]
    assert (flip.number, flip.was, flip.becomes) == (ticket.number, "missed", "met")
    assert flip.then.due_at == utc("2026-10-19 08:00")  # Monday 08:00 London and an hour
    assert rows() == before


@pytest.mark.django_db
def test_levels_that_the_other_definition_does_not_know_go_by_their_rank():
    ticket = premium(level="P1")
    done = judged("exponential-e-ucc", [ticket.pk])
    assert {clock[0] for clock in done.then} == {"response", "fix"}
    policy = policy_of(versions.latest("exponential-e-ucc"))
    assert [policy.level("P1", 1), policy.level("P4", 4), policy.level("X", 99), policy.level("High", 7)] == [
        "Critical",
        "Low",
        "Low",
        "High",
    ]


@pytest.mark.django_db
def test_a_month_is_the_customers_and_both_are_included():
    tokyo = contract_under("enghouse-premium", holder=CustomerFactory(time_zone="Asia/Tokyo"))
    early = raise_ticket(tokyo, utc("2026-09-30 15:30"))  # 1 October, 00:30 in Tokyo
    london = contract_under("enghouse-premium")
    raise_ticket(london, utc("2026-09-30 15:30"))
    last = raise_ticket(london, utc("2026-11-30 23:30"))
    assert tickets_of(OCTOBER, date(2026, 11, 1)) == [early.pk, last.pk]
    assert tickets_of(OCTOBER, OCTOBER, tokyo.holder) == [early.pk]


@pytest.mark.django_db
def test_a_ticket_without_a_service_is_not_asked():
    contract = contract_under("")
    raise_ticket(contract, utc("2026-10-12 09:00"))
    assert tickets_of(OCTOBER, OCTOBER) == []


@pytest.mark.django_db
def test_the_command_prints_one_object(capsys):
    ticket = premium()
    connected(ticket, "2026-10-17 08:00")
    said, asked = io.StringIO(), {"service": "enghouse-standard", "first": "2026-10", "last": "2026-10"}
    call_command("replay", **asked, json=True, stdout=said)
    assert capsys.readouterr().out == ""
    told = json.loads(said.getvalue())
    assert sorted(told) == ["clocks", "flipped", "tickets"]
    assert told["tickets"] == 1
    assert told["clocks"]["response"] == {
        "now": {"met": 0, "missed": 1, "running": 0, "unjudged": 0},
        "then": {"met": 1, "missed": 0, "running": 0, "unjudged": 0},
    }
    [flip] = [flip for flip in told["flipped"] if flip["kind"] == "response"]
    assert (flip["number"], flip["was"], flip["becomes"]) == (ticket.number, "missed", "met")
    assert "First response within 1 business hour" in flip["why"]
    said = io.StringIO()
    call_command("replay", service="enghouse-standard@1", first="2026-10", last="2026-10", stdout=said)
    assert "Objective response 95 %: 0.0 % now, 100.0 % then" in said.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"service": "nope"}, "There are: calltower-ese"),
        ({"service": "calltower-ese"}, "is no support service"),
        ({"service": "enghouse-premium@9"}, "There are:"),
        ({"first": "2026-13"}, "is not a month"),
        ({"first": "2026-11"}, "lies before"),
        ({"customer": "nobody"}, "No customer is called nobody"),
    ],
)
def test_what_cannot_be_replayed_is_a_sentence(options, sentence):
    asked = {"service": "enghouse-premium", "first": "2026-10", "last": "2026-10", **options}
    with pytest.raises(CommandError, match=sentence):
        call_command("replay", **asked)


def test_over_the_cores_it_is_the_same(own_database, monkeypatch):
    with transaction.atomic():
        tickets = [premium(f"2026-10-{day:02} 18:30").pk for day in range(5, 17)]
        for pk in tickets:
            connected(Ticket.objects.get(pk=pk), "2026-10-19 12:00")
    monkeypatch.setattr(replaying, "CHUNK", 5)
    alone = replaying.run(tickets, "enghouse-standard@1", lambda done: None, processes=1)
    heard = []
    shared = replaying.run(tickets, "enghouse-standard@1", heard.append, processes=2)
    assert (shared.tickets, shared.now, shared.then, shared.flips) == (12, alone.now, alone.then, alone.flips)
    assert sorted(heard)[-1] == 12
    assert len(heard) == 3
    connection.close()

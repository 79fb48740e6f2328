"""Invariant 25 over the steps: no path declines, steps down or acts past the rules, and none of it brings a level early."""

import pytest
from django.db import connection

from escalations.invariants import checks
from escalations.models import Escalation
from tests.attacks import refused, run
from tests.escalations.ladder_cases import escalate, ladder_ticket, on_level
from tests.factories import ANA
from tests.ground import standing_on
from tests.support.desk_cases import utc

STEP = "INSERT INTO escalations_escalation{} (escalation_id, actor_kind, actor_name{}) VALUES (%s, '{}', 'Ana'{})"
DECLINE = (", item, item_text, words", ", 'progressing', 'forged', ''")
DOWN = (", reason, not_before", ", 'x', '2026-10-12 10:00+00'")
ACT = (", words", ", 'x'")
SHAPES = {"acceptance": ("", ""), "decline": DECLINE, "act": ACT, "stepdown": DOWN}


def step(what, escalation, kind="staff"):
    columns, values = SHAPES[what]
    run(STEP.format(what, columns, kind, values), escalation.pk)


def broken():
    return [where for (where,) in next(checks()).breaches()]


ticket = standing_on(ladder_ticket)


@pytest.mark.django_db
@pytest.mark.parametrize("what", SHAPES)
def test_only_the_one_on_which_the_ticket_stands_is_stepped_on(ticket, clock, what):
    first = escalate(ticket, clock, "2026-10-12 10:20")
    escalate(ticket, clock, "2026-10-12 14:20")
    with refused("ladder_ends_at_its_last"):
        step(what, first)


@pytest.mark.django_db
@pytest.mark.parametrize("what", SHAPES)
def test_no_contact_takes_a_step(ticket, clock, what):
    second = on_level(ticket, clock, "2026-10-12 10:20", "2026-10-12 14:20")
    if what == "act":
        second.acknowledge(by=ANA, at=utc("2026-10-12 14:20"))
    with refused("the_desk_"):
        step(what, second, kind="contact")


@pytest.mark.django_db
def test_a_step_down_brings_the_next_level_no_earlier_whatever_instant_is_sent(ticket, clock):
    second = on_level(ticket, clock, "2026-10-12 10:20", "2026-10-12 14:20")
    clock(utc("2026-10-12 15:00"))
    step("stepdown", second)
    assert second.descent.not_before == utc("2026-10-12 19:00")
    assert broken() == []


@pytest.mark.django_db
def test_level_1_has_nothing_below(ticket, clock):
    with refused("nothing_below_level_1"):
        step("stepdown", escalate(ticket, clock, "2026-10-12 10:20"))


@pytest.mark.django_db
def test_what_is_accepted_is_not_declined_and_the_lists_words_are_the_services(ticket, clock):
    first = escalate(ticket, clock, "2026-10-12 10:20")
    first.accept(by=ANA, at=utc("2026-10-12 10:20"))
    with refused("accepted_is_not_declined"):
        step("decline", first)
    second = escalate(ticket, clock, "2026-10-12 14:20")
    step("decline", second)
    assert Escalation.objects.get(pk=second.pk).refusal.item_text.startswith("The ticket is progressing")
    with refused("declined_by_the_services_list"):
        run(STEP.format("decline", DECLINE[0], "staff", ", 'angry', '', ''"), first.pk)


@pytest.mark.django_db
def test_nobody_acts_on_what_nobody_took(ticket, clock):
    with refused("taken_before_acted"):
        step("act", escalate(ticket, clock, "2026-10-12 10:20"))


@pytest.mark.django_db
def test_a_ground_that_asks_for_a_clock_takes_only_a_missed_one(ticket, clock):
    now = clock(utc("2026-10-12 10:20"))
    for key in ["", "nothing/1", ticket.clocks.get(kind="fix").key]:
        row = Escalation(
            ticket=ticket, position=0, level=1, channel="desk", levels=0, ground="target-missed", missed=key
        )
        row.actor, row.not_before = ANA, now
        with refused("ladder_names_the_missed_clock"):
            row.save(force_insert=True)


@pytest.mark.django_db
def test_a_ticket_that_is_done_goes_up_no_ladder(ticket, clock):
    ticket.resolve(outcome="resolved", by=ANA, at=utc("2026-10-12 10:00"))
    row = Escalation(
        ticket=ticket, position=0, level=1, channel="desk", levels=0, ground="not-progressing", reason="x"
    )
    row.actor = ANA
    with refused("ladder_of_an_open_ticket"):
        row.save(force_insert=True)


@pytest.mark.django_db
def test_steps_stay(ticket, clock):
    second = on_level(ticket, clock, "2026-10-12 10:20", "2026-10-12 14:20")
    second.acknowledge(by=ANA, at=utc("2026-10-12 14:20"))
    for what in SHAPES:
        for attack in ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]:
            with refused("permission denied"):
                run(attack.format(f"escalations_escalation{what}"))


@pytest.mark.broken_on_purpose
def test_without_its_guard_a_step_down_lets_a_level_come_early_and_the_checker_says_where(own_database):
    """The sent instant stands, and a guard that has been replaced believes it: the checker re-adds the time."""
    connection.simulated_now = "2026-10-12T14:20:00+00:00"
    connection.close()
    ticket = ladder_ticket()
    with connection.as_owner():
        run("ALTER TABLE escalations_escalation DISABLE TRIGGER guard")
        run("ALTER TABLE escalations_escalationstepdown DISABLE TRIGGER guard")
        run("ALTER TABLE escalations_escalationstepdown DISABLE TRIGGER guard_own")
    fields = {"ticket": ticket, "levels": 4, "name": "x", "ground": "x", "ground_text": "x"}
    rows = []
    for position, (level, raised) in enumerate([(1, "10:20"), (2, "14:20"), (2, "15:10")], 1):
        at = utc(f"2026-10-12 {raised}")
        row = Escalation(
            **fields, position=position, level=level, raised_at=at, follows=rows[0] if rows else None
        )
        row.actor, row.not_before = ANA, utc("2026-10-12 14:20")
        row.save(force_insert=True)
        rows.append(row)
    assert broken() == []
    columns = "escalation_id, actor_kind, actor_name, reason, not_before, at"
    run(
        f"INSERT INTO escalations_escalationstepdown ({columns}) VALUES (%s, 'staff', 'Ana', 'x', '2026-10-12 19:00+00', "
        "'2026-10-12 15:00+00')",
        rows[1].pk,
    )
    assert broken() == [f"{ticket.number}, escalation 3 to level 2"]
    connection.simulated_now = ""
    connection.close()

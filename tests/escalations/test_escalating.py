"""Going up the ladder: the next level, not before its time, unless a manager writes why (invariant 25)."""

import zoneinfo

import pytest
from django.utils import timezone

from escalations.models import Escalation
from support.actors import Actor
from support.refusal import Refused
from tests.escalations.ladder_cases import escalate, ladder_ticket
from tests.factories import ANA, ContactFactory
from tests.ground import standing_on
from tests.support.desk_cases import contract_under, raise_ticket, utc

pytestmark = pytest.mark.django_db


ticket = standing_on(ladder_ticket)


def test_the_first_level_is_raised_at_once_and_says_when_the_next_may_be(ticket, clock):
    row = escalate(ticket, clock, "2026-10-12 10:20", reason="Third day.")
    assert (row.level, row.levels, row.name) == (1, 4, "Service Desk")
    assert (row.raised_at, row.not_before) == (utc("2026-10-12 10:20"), utc("2026-10-12 14:20"))
    assert row.ground_text == "The ticket is not progressing"


def test_level_2_before_its_time_is_refused_with_the_time_and_the_reason(ticket, clock):
    escalate(ticket, clock, "2026-10-12 10:20")
    with pytest.raises(Refused) as refused:
        escalate(ticket, clock, "2026-10-12 11:20")
    assert refused.value.sentence == "Level 2 not before 14:20, because level 1 began at 10:20."
    assert escalate(ticket, clock, "2026-10-12 14:20").level == 2


@pytest.mark.parametrize(
    ("zone", "sentence"),
    [
        ("Europe/London", "Level 2 not before Tue 13 Oct, 00:30, because level 1 began at 20:30."),
        ("America/Denver", "Level 2 not before 17:30, because level 1 began at 13:30."),
    ],
)
def test_the_sentence_is_in_the_readers_zone_and_names_another_day(ticket, clock, zone, sentence):
    escalate(ticket, clock, "2026-10-12 19:30")
    with timezone.override(zoneinfo.ZoneInfo(zone)), pytest.raises(Refused) as refused:
        escalate(ticket, clock, "2026-10-12 20:00")
    assert refused.value.sentence == sentence


def test_the_last_level_is_raised_again_only_after_its_time(ticket, clock):
    for at in ["2026-10-12 10:00", "2026-10-12 14:00", "2026-10-12 18:00", "2026-10-13 10:00"]:
        last = escalate(ticket, clock, at)
    assert (last.level, last.not_before) == (4, utc("2026-10-14 10:00"))
    with pytest.raises(
        Refused, match="Level 4 again not before Wed 14 Oct, 10:00, because level 4 began at 10:"
    ):
        escalate(ticket, clock, "2026-10-13 11:00")
    assert escalate(ticket, clock, "2026-10-14 10:00").level == 4


def test_a_manager_overrides_the_time_with_a_written_reason(ticket, clock, cast):
    escalate(ticket, clock, "2026-10-12 10:20")
    row = escalate(
        ticket,
        clock,
        "2026-10-12 11:00",
        by=Actor.of(cast.max),
        override_reason="Their board is on the phone.",
    )
    assert (row.level, row.override_reason) == (2, "Their board is on the phone.")
    assert list(ticket.events.values_list("kind", "visibility"))[-2:] == [
        ("escalation.overridden", "internal"),
        ("escalation.raised", "customer"),
    ]


def test_nobody_else_overrides_it(ticket, clock, cast):
    escalate(ticket, clock, "2026-10-12 10:20")
    contact = Actor.of(ContactFactory(customer=ticket.customer))
    for who in [Actor.of(cast.ana), contact, Actor.system("import")]:
        with pytest.raises(Refused, match="Only a support manager") as refused:
            escalate(ticket, clock, "2026-10-12 11:00", by=who, override_reason="Now.")
        assert refused.value.field == "override_reason"


def test_a_reason_to_override_what_is_in_time_is_not_kept(ticket, clock, cast):
    assert escalate(ticket, clock, "2026-10-12 10:20", override_reason="Now.").override_reason == ""


def test_the_timeline_says_level_ground_and_time(ticket, clock):
    escalate(ticket, clock, "2026-10-12 10:20")
    event = ticket.events.last()
    assert (event.kind, event.facts) == (
        "escalation.raised",
        {
            "level": 1,
            "ground": "not-progressing",
            "channel": "desk",
            "not_before": "2026-10-12T14:20:00+00:00",
        },
    )


@pytest.mark.parametrize(
    ("at", "taken_by"),
    [
        ("2026-10-12 10:20", ""),
        ("2026-10-12 16:30", "The Service Desk takes the escalation and contacts the level concerned."),
        ("2026-12-25 11:00", "The Service Desk takes the escalation and contacts the level concerned."),
    ],
)
def test_outside_the_hours_of_the_named_contacts_the_fallback_takes_it(ticket, clock, at, taken_by):
    assert escalate(ticket, clock, at).fallback == taken_by


def test_a_service_without_a_ladder_says_so(clock):
    ticket = raise_ticket(contract_under("enghouse-standard"), utc("2026-10-12 09:00"))
    with pytest.raises(Refused, match="Enghouse Standard Support has no escalation ladder"):
        escalate(ticket, clock, "2026-10-12 10:20")
    alone = raise_ticket(contract_under(""), utc("2026-10-12 09:00"))
    with pytest.raises(Refused, match="runs under no service, so it has no escalation ladder"):
        escalate(alone, clock, "2026-10-12 10:20")


def test_a_ground_that_the_service_does_not_name_is_refused_beside_its_field(ticket, clock):
    with pytest.raises(Refused, match="Choose one of the grounds") as refused:
        escalate(ticket, clock, "2026-10-12 10:20", ground="angry")
    assert refused.value.field == "ground"


def test_only_one_of_theirs_can_have_asked_for_it(ticket, clock):
    row = escalate(ticket, clock, "2026-10-12 10:20", contact=ticket.raised_by)
    assert row.contact == ticket.raised_by
    with pytest.raises(Refused, match="nobody of this customer") as refused:
        escalate(ticket, clock, "2026-10-12 14:20", contact=ContactFactory())
    assert refused.value.field == "contact"


def test_a_contact_who_raises_it_himself_is_who_asked(ticket, clock):
    row = escalate(ticket, clock, "2026-10-12 10:20", by=Actor.of(ticket.raised_by))
    assert (row.actor_kind, row.contact) == ("contact", ticket.raised_by)


def test_whoever_was_slower_raises_nothing_further(ticket, clock):
    escalate(ticket, clock, "2026-10-12 10:20", level=1)
    with pytest.raises(Refused, match="Level 2 comes next, not level 1"):
        escalate(ticket, clock, "2026-10-12 14:30", level=1)


def test_a_ticket_that_is_done_goes_nowhere(ticket, clock):
    ticket.resolve(outcome="resolved", by=ANA, at=utc("2026-10-12 10:00"))
    with pytest.raises(Refused, match="is done: reopen it first"):
        escalate(ticket, clock, "2026-10-12 10:20")


def test_a_level_is_acknowledged_once_by_the_desk(ticket, clock, cast):
    row = escalate(ticket, clock, "2026-10-12 10:20")
    at = clock(utc("2026-10-12 10:26"))
    row.acknowledge(by=Actor.of(cast.ana), at=at)
    assert (row.acknowledgement.actor_name, row.acknowledgement.at) == ("Ana", at)
    with pytest.raises(Refused, match="Ana has acknowledged it already"):
        row.acknowledge(by=Actor.of(cast.max), at=at)
    assert ticket.events.last().kind == "escalation.acknowledged"


def test_after_closing_the_ladder_begins_at_its_foot(ticket, clock):
    first = escalate(ticket, clock, "2026-10-12 10:20")
    second = escalate(ticket, clock, "2026-10-12 14:20")
    with pytest.raises(Refused, match="Level 1 is over"):
        first.close(reason="Agreed.", by=ANA, at=utc("2026-10-12 15:00"))
    second.close(reason="Agreed with Robin.", by=ANA, at=clock(utc("2026-10-12 15:00")))
    assert Escalation.current(ticket) is None
    assert escalate(ticket, clock, "2026-10-12 15:10").level == 1


def test_a_contact_neither_acknowledges_nor_closes(ticket, clock):
    row, contact = escalate(ticket, clock, "2026-10-12 10:20"), Actor.of(ContactFactory())
    with pytest.raises(Refused, match="The desk"):
        row.acknowledge(by=contact, at=utc("2026-10-12 10:30"))


def test_where_the_clocks_differ_the_databases_word_counts(ticket, clock):
    escalate(ticket, clock, "2026-10-12 10:20")
    clock(utc("2026-10-12 14:19"))
    with pytest.raises(Refused, match="Level 2 not before 14:20, because level 1 began at 10:20"):
        Escalation.escalate(
            ticket, ground="not-progressing", reason="Third day.", by=ANA, at=utc("2026-10-12 14:21")
        )

"""What becomes of a level that was raised: accepted or declined, taken, acted on, stepped down from, closed."""

import pytest

from escalations.invariants import checks
from escalations.models import Escalation
from support import versions
from support.actors import Actor
from support.refusal import Refused
from tests.escalations.ladder_cases import escalate, ladder_ticket, on_level
from tests.factories import ANA, ContactFactory, ServiceVersionFactory
from tests.ground import standing_on
from tests.support.desk_cases import contract_under, raise_ticket, utc

pytestmark = pytest.mark.django_db
AT = utc("2026-10-12 10:30")


ticket = standing_on(ladder_ticket)


@pytest.fixture
def first(ticket, clock):
    row = escalate(ticket, clock, "2026-10-12 10:20")
    clock(AT)
    return row


def kinds(ticket):
    return list(ticket.events.values_list("kind", flat=True))


def test_an_escalation_is_accepted_once(first):
    first.accept(by=ANA, at=AT)
    assert (first.acceptance.actor_name, first.acceptance.at) == ("Ana", AT)
    with pytest.raises(Refused, match="Ana has accepted it already"):
        first.accept(by=ANA, at=AT)


def test_whoever_takes_it_accepts_it_too(ticket, first):
    first.acknowledge(by=ANA, at=AT)
    assert kinds(ticket)[-2:] == ["escalation.accepted", "escalation.acknowledged"]


def test_it_is_declined_with_an_entry_of_the_services_list(ticket, first):
    row = first.decline(item="progressing", words="The carrier tests tonight.", by=ANA, at=AT)
    assert row.item_text == "The ticket is progressing; its next step and when it comes are written on it"
    assert (ticket.events.last().kind, ticket.events.last().facts) == (
        "escalation.declined",
        {"level": 1, "item": "progressing"},
    )


def test_no_other_entry_declines_it(first):
    with pytest.raises(Refused, match="Choose an entry of what the service does not accept") as refused:
        first.decline(item="angry", by=ANA, at=AT)
    assert refused.value.field == "item"


def test_what_was_accepted_is_not_declined(first):
    first.accept(by=ANA, at=AT)
    with pytest.raises(Refused, match="It is accepted already"):
        first.decline(item="progressing", by=ANA, at=AT)


def test_a_level_that_was_declined_was_not_raised(ticket, first, clock):
    first.decline(item="progressing", by=ANA, at=AT)
    assert Escalation.current(ticket) is None
    assert escalate(ticket, clock, "2026-10-12 10:40").level == 1


def test_with_level_2_declined_the_ticket_stands_on_level_1_and_its_time(ticket, first, clock):
    second = escalate(ticket, clock, "2026-10-12 14:20")
    second.decline(item="progressing", by=ANA, at=utc("2026-10-12 14:20"))
    assert Escalation.current(ticket) == first
    assert escalate(ticket, clock, "2026-10-12 14:21").level == 2  # the 4 h of level 1 are over


def test_only_what_was_taken_is_acted_on(first):
    with pytest.raises(Refused, match="Acknowledge it first"):
        first.act(words="Called the carrier.", by=ANA, at=AT)
    first.acknowledge(by=ANA, at=AT)
    first.act(words="Called the carrier.", by=ANA, at=AT)
    assert [act.words for act in first.acts.all()] == ["Called the carrier."]
    assert kinds(first.ticket)[-1] == "escalation.acted"


def test_stepped_down_the_level_below_counts_anew(ticket, clock):
    second = on_level(ticket, clock, "2026-10-12 10:20", "2026-10-12 14:20")
    second.step_down(reason="The carrier is on it.", by=ANA, at=clock(utc("2026-10-12 15:00")))
    assert Escalation.current(ticket).level == 1
    with pytest.raises(Refused, match="Level 2 not before 19:00, because level 1 began at 15:00"):
        escalate(ticket, clock, "2026-10-12 18:59")
    assert escalate(ticket, clock, "2026-10-12 19:00").level == 2


def test_stepped_down_twice_the_level_that_is_reached_counts_anew_with_its_own_time(ticket, clock):
    """Level 2 waits its own 4 h, not the 16 h that level 3 had to wait in between."""
    instants = ["12 10:00", "12 14:00", "12 18:00", "13 10:00"]
    assert on_level(ticket, clock, *[f"2026-10-{each}" for each in instants]).level == 4
    for at in ("2026-10-13 11:00", "2026-10-13 11:05"):
        Escalation.current(ticket).step_down(reason="Agreed.", by=ANA, at=clock(utc(at)))
    with pytest.raises(Refused, match="Level 3 not before 15:05, because level 2 began at 11:05"):
        escalate(ticket, clock, "2026-10-13 15:04")
    assert escalate(ticket, clock, "2026-10-13 15:05").level == 3
    assert [list(check.breaches()) for check in checks()] == [[] for check in checks()]
    with pytest.raises(Refused, match="Level 4 not before"):
        escalate(ticket, clock, "2026-10-14 07:04")
    assert escalate(ticket, clock, "2026-10-14 07:05").level == 4


def test_there_is_nothing_below_level_1(first):
    with pytest.raises(Refused, match="no level below the first"):
        first.step_down(reason="Agreed.", by=ANA, at=AT)


def test_from_the_last_level_raised_again_one_steps_down_to_the_third(ticket, clock):
    instants = ["12 10:00", "12 14:00", "12 18:00", "13 10:00", "14 10:00"]
    last = on_level(ticket, clock, *[f"2026-10-{each}" for each in instants])
    assert (last.level, last.follows.level) == (4, 4)
    last.step_down(reason="Agreed.", by=ANA, at=clock(utc("2026-10-14 11:00")))
    assert Escalation.current(ticket).level == 3


def test_a_missed_target_is_named_by_its_clock(ticket, clock):
    with pytest.raises(Refused, match="No target of this ticket has been missed so far") as refused:
        escalate(ticket, clock, "2026-10-12 09:10", ground="target-missed")
    assert refused.value.field == "ground"
    late = ticket.clocks.get(kind="response")
    for wrong in ["", ticket.clocks.get(kind="fix").key]:
        with pytest.raises(Refused, match="Say which target was missed") as refused:
            escalate(ticket, clock, "2026-10-12 10:20", ground="target-missed", missed=wrong)
        assert refused.value.field == "missed"
    row = escalate(ticket, clock, "2026-10-12 10:20", ground="target-missed", missed=late.key, reason="")
    assert row.missed == late.key
    assert ticket.events.last().facts["clock"] == late.key


def test_that_it_does_not_progress_is_said_in_words(ticket, clock):
    with pytest.raises(Refused, match="wants it in words") as refused:
        escalate(ticket, clock, "2026-10-12 10:20", reason="")
    assert refused.value.field == "reason"


def test_an_older_version_of_the_service_asks_for_neither(clock):
    contract, shipped = contract_under("exponential-e-ucc"), versions.latest("exponential-e-ucc")
    grounds = [{"code": "target-missed", "text": "A target was missed"}]
    older = {name: value for name, value in shipped.data["ladder"].items() if name != "not_accepted"}
    data = {**shipped.data, "ladder": {**older, "grounds": grounds}}
    contract.support_service = ServiceVersionFactory(code="older", data=data)
    contract.save()
    row = escalate(
        raise_ticket(contract, utc("2026-10-12 09:00")),
        clock,
        "2026-10-12 09:10",
        ground="target-missed",
        reason="",
    )
    with pytest.raises(Refused, match="Choose an entry"):
        row.decline(item="progressing", by=ANA, at=AT)


def test_unacknowledged_are_those_on_which_a_ticket_stands_and_nobody_has_taken(ticket, first, clock):
    assert list(Escalation.objects.unacknowledged()) == [first]
    second = escalate(ticket, clock, "2026-10-12 14:20")
    assert list(Escalation.objects.unacknowledged()) == [second]
    second.decline(item="progressing", by=ANA, at=utc("2026-10-12 14:20"))
    assert list(Escalation.objects.unacknowledged()) == [first]
    first.acknowledge(by=ANA, at=utc("2026-10-12 14:20"))
    assert not Escalation.objects.unacknowledged().exists()


def test_what_stands_on_a_ticket_that_is_done_waits_for_nobody(ticket, first):
    ticket.resolve(outcome="resolved", by=ANA, at=AT)
    assert not Escalation.objects.unacknowledged().exists()


def test_a_contact_does_nothing_to_an_escalation(first):
    contact = Actor.of(ContactFactory())
    for verb in [first.accept, first.acknowledge]:
        with pytest.raises(Refused, match="The desk accepts, acknowledges and closes"):
            verb(by=contact, at=AT)

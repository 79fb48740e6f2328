"""Each step of an escalation is mailed to who must know: whoever asked, the ticket's owner, who answers on the level."""

import pytest

from escalations.models import Escalation
from support.actors import Actor
from support.models import Mail
from tests.escalations.ladder_cases import escalate, ladder_ticket, on_level
from tests.escalations.ladder_contacts import duty
from tests.factories import TESTS, ContactFactory, granted
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db
AT = utc("2026-10-12 10:30")
STEPS = {
    "accepted": lambda row, by: row.accept(by=by, at=AT),
    "declined": lambda row, by: row.decline(item="progressing", words="Tonight.", by=by, at=AT),
    "acknowledged": lambda row, by: row.acknowledge(by=by, at=AT),
    "acted": lambda row, by: row.act(words="Rang the carrier.", by=by, at=AT),
    "closed": lambda row, by: row.close(reason="Agreed.", by=by, at=AT),
}


@pytest.fixture
def ticket(clock, cast):
    """Owned by Max, who reads the time of London; level 1 and 2 are duty roles."""
    cast.max.time_zone = "Europe/London"
    cast.max.by(TESTS).save()
    found = ladder_ticket(holder=cast.northwind)
    found.hand_to(cast.max, by=TESTS, at=utc("2026-10-12 10:00"))
    duty(1)
    duty(2)
    return found


@pytest.fixture
def row(ticket, clock):
    found = escalate(ticket, clock, "2026-10-12 10:20", contact=ticket.raised_by)
    clock(AT)
    return found


def mails(row, step):
    """By its part: "" is of whoever asked."""
    start = f"escalation:{row.pk}:{step}"
    found = Mail.objects.filter(key__startswith=start).order_by("id")
    return {mail.key.removeprefix(start).strip(":"): mail for mail in found}


def to(row, step):
    return {part.rpartition(":")[2]: mail.to for part, mail in mails(row, step).items()}


def play(row, step, by):
    """This step, and what it needs before it."""
    if step == "acted":
        row.acknowledge(by=by, at=AT)
    STEPS[step](row, by)


@pytest.mark.parametrize(
    ("step", "level_is_told"),
    [("accepted", False), ("declined", True), ("acknowledged", False), ("acted", False), ("closed", True)],
)
def test_each_step_reaches_who_asked_the_owner_and_of_an_end_the_level(
    row, ticket, cast, step, level_is_told
):
    play(row, step, Actor.of(cast.ana))
    expected = {"": [ticket.raised_by.email], "owner": [cast.max.email]}
    if level_is_told:
        expected["level-1"] = ["level1@desk.example"]
    assert to(row, step) == expected
    keys = [mail.key for mail in Mail.objects.all()]
    assert len(keys) == len(set(keys))


def test_of_a_step_down_both_levels_learn(ticket, clock, cast):
    second = on_level(ticket, clock, "2026-10-12 10:20", "2026-10-12 14:20")
    second.step_down(reason="The carrier has it.", by=Actor.of(cast.ana), at=clock(utc("2026-10-12 15:00")))
    assert to(second, "stepped-down") == {
        "owner": [cast.max.email],
        "level-1": ["level1@desk.example"],
        "level-2": ["level2@desk.example"],
    }
    text = mails(second, "stepped-down")["owner"].text
    assert "Ana has stepped down from level 2, Service Desk Manager: the ticket is on level 1 again." in text
    assert "The carrier has it." in text


def test_the_desk_reads_what_was_done_and_whoever_asked_only_that_it_is(row, cast):
    row.acknowledge(by=Actor.of(cast.ana), at=AT)
    row.act(words="Rang the carrier.", by=Actor.of(cast.ana), at=AT)
    row.act(words="Rang them again.", by=Actor.of(cast.ana), at=AT)
    told = mails(row, "acted")
    assert told[""].text.startswith("Level 1, Service Desk, is working on your escalation.")
    assert "Rang" not in told[""].text
    internal = [mail.text for part, mail in told.items() if part.endswith("owner")]
    assert ["Rang the carrier." in internal[0], "Rang them again." in internal[1]] == [True, True]
    assert len(told) == 3


def test_an_owner_reads_it_in_his_zone_and_not_what_he_did_himself(row, ticket, cast):
    row.accept(by=Actor.of(cast.ana), at=AT)
    said = mails(row, "accepted")["owner"].text
    assert said.startswith("Ana has accepted the escalation to level 1, Service Desk.")
    assert "It was raised Mon 12 Oct, 11:20 (Europe/London) by Robin Sample (phone) for" in said
    assert f"/tickets/{ticket.number}/" in said
    row.acknowledge(by=Actor.of(cast.max), at=AT)
    assert "owner" not in mails(row, "acknowledged")


def test_the_owner_learns_of_the_raise_in_his_own_mail_unless_he_raised_it(ticket, clock, cast):
    first = escalate(ticket, clock, "2026-10-12 10:20")
    raised = mails(first, "raised")
    assert {part: mail.to for part, mail in raised.items()} == {
        "": ["level1@desk.example"],
        "owner": [cast.max.email],
    }
    assert "10:20 (UTC)" in raised[""].text
    assert "11:20 (Europe/London)" in raised["owner"].text
    second = escalate(ticket, clock, "2026-10-12 14:20", by=Actor.of(cast.max))
    assert list(mails(second, "raised")) == [""]


def test_who_has_left_or_answers_himself_is_not_mailed(ticket, clock, cast):
    answering = duty(3, user=cast.ana)
    for at in ["2026-10-12 10:20", "2026-10-12 14:20"]:
        escalate(ticket, clock, at)
    third = escalate(ticket, clock, "2026-10-12 18:20")
    cast.max.disable(by=TESTS, at=utc("2026-10-12 18:30"))
    third.close(reason="Agreed.", by=Actor.of(cast.ana), at=clock(utc("2026-10-12 19:00")))
    assert answering.user == cast.ana
    assert mails(third, "closed") == {}


def test_whoever_owns_it_and_answers_on_it_is_mailed_once(ticket, clock, cast):
    duty(3, user=cast.max)
    for at in ["2026-10-12 10:20", "2026-10-12 14:20", "2026-10-12 18:20"]:
        row = escalate(ticket, clock, at)
    row.close(reason="Agreed.", by=Actor.of(cast.ana), at=clock(utc("2026-10-12 19:00")))
    assert to(row, "closed") == {"owner": [cast.max.email]}


def test_whoever_rang_reads_that_it_is_noted(row, ticket):
    said = mails(row, "noted")[""]
    assert said.to == [ticket.raised_by.email]
    assert said.text.startswith("You asked for an escalation: level 1, Service Desk. It is noted.")


def test_a_closing_reaches_whoever_asked_for_a_lower_level(ticket, clock, cast):
    partner = ContactFactory(customer=cast.tailspin)
    granted(partner, cast.northwind)
    first = escalate(ticket, clock, "2026-10-12 10:20", contact=ticket.raised_by)
    second = escalate(ticket, clock, "2026-10-12 14:20", contact=partner)
    third = escalate(ticket, clock, "2026-10-12 18:20")
    third.close(reason="Agreed.", by=Actor.of(cast.ana), at=clock(utc("2026-10-12 19:00")))
    assert to(first, "closed") == {"": [ticket.raised_by.email]}
    assert to(second, "closed") == {"": [partner.email]}


def test_a_partner_without_the_grant_any_more_is_told_nothing(ticket, clock, cast):
    partner = ContactFactory(customer=cast.tailspin)
    grant = granted(partner, cast.northwind)
    row = escalate(ticket, clock, "2026-10-12 10:20", contact=partner)
    grant.by(TESTS).delete()
    row = Escalation.objects.get(pk=row.pk)
    row.accept(by=Actor.of(cast.ana), at=clock(AT))
    assert list(mails(row, "accepted")) == ["owner"]

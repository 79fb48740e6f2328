"""Who is told when a level is raised, and whoever asked for it as it goes on."""

import pytest

from support.actors import Actor
from support.mail import outbox
from support.models import Mail
from tests.escalations.ladder_cases import escalate, ladder_ticket, on_level
from tests.escalations.ladder_contacts import duty
from tests.factories import ANA, TESTS, ContactFactory
from tests.ground import standing_on
from tests.support.desk_cases import utc

pytestmark = pytest.mark.django_db


ticket = standing_on(ladder_ticket)


def mail(row, step="raised"):
    return Mail.objects.get(key=f"escalation:{row.pk}:{step}")


def test_in_their_hours_the_level_is_told_with_ground_and_words(ticket, clock):
    duty(1)
    said = mail(escalate(ticket, clock, "2026-10-12 10:20", contact=ticket.raised_by))
    assert said.to == ["level1@desk.example"]
    assert said.subject == f"[{ticket.number}] Escalated to level 1, Service Desk"
    for words in ["The ticket is not progressing", "Third day.", "10:20 (UTC)", ticket.raised_by.name]:
        assert words in said.text


def test_outside_them_the_desk_is_told_whom_to_contact(ticket, clock):
    duty(1)
    said = mail(escalate(ticket, clock, "2026-10-12 19:20"))
    assert said.to == [outbox.desk()]
    assert "The Service Desk takes the escalation and contacts the level concerned." in said.text
    assert "The level is Duty 1, +44 20 7946 0000 level1@desk.example." in said.text


def test_where_nobody_is_named_the_desk_finds_somebody(ticket, clock):
    said = mail(escalate(ticket, clock, "2026-10-12 10:20"))
    assert said.to == [outbox.desk()]
    assert "Nobody is named for this level" in said.text


def test_a_person_is_told_in_his_zone_and_no_longer_when_he_has_left(ticket, clock, cast):
    cast.max.time_zone = "Europe/London"
    cast.max.by(TESTS).save()
    duty(1, user=cast.max)
    said = mail(escalate(ticket, clock, "2026-10-12 10:20"))
    assert (said.to, "11:20 (Europe/London)" in said.text) == ([cast.max.email], True)
    cast.max.disable(by=TESTS, at=utc("2026-10-12 11:00"))
    duty(2, user=cast.max)
    assert mail(escalate(ticket, clock, "2026-10-12 14:20")).to == [outbox.desk()]


def test_the_contact_of_the_selling_company_goes_before_that_of_all(ticket, clock):
    duty(1)
    duty(1, legal_entity=ticket.contract.legal_entity, email="own@desk.example")
    assert mail(escalate(ticket, clock, "2026-10-12 10:20")).to == ["own@desk.example"]


def test_the_owner_of_the_ticket_is_told_too(ticket, clock, cast):
    ticket.hand_to(cast.ana, by=TESTS, at=utc("2026-10-12 10:00"))
    duty(1)
    row = escalate(ticket, clock, "2026-10-12 10:20")
    assert [mail(row).to, mail(row, "raised:owner").to] == [["level1@desk.example"], [cast.ana.email]]


def test_whoever_answers_on_the_level_and_raises_it_himself_is_not_mailed_it(ticket, clock, cast):
    duty(1, user=cast.max)
    escalate(ticket, clock, "2026-10-12 10:20", by=Actor.of(cast.max))
    assert not Mail.objects.filter(key__contains=":raised", to=[cast.max.email]).exists()


def test_others_read_a_shared_mailbox_though_one_of_them_raised_it(ticket, clock, cast):
    duty(1, user=cast.max, email="duty@desk.example")
    row = escalate(ticket, clock, "2026-10-12 10:20", by=Actor.of(cast.max))
    assert mail(row).to == ["duty@desk.example"]
    row.close(reason="Solved.", by=Actor.of(cast.max), at=clock(utc("2026-10-12 11:00")))
    assert Mail.objects.filter(key__contains=":closed:", to=["duty@desk.example"]).exists()


def test_who_asked_earlier_hears_of_each_further_step_on_the_level(ticket, clock):
    first, second = ContactFactory.create_batch(2, customer=ticket.customer)
    on_level(ticket, clock, *[f"2026-10-{each}" for each in ["12 10:00", "12 14:00", "12 18:00"]])
    taken = {}
    for at, contact in [("13 10:00", first), ("14 10:00", second)]:
        row = escalate(ticket, clock, f"2026-10-{at}", contact=contact)
        row.acknowledge(by=ANA, at=clock(row.raised_at))
        taken = [
            to for [to] in Mail.objects.filter(text__contains="has taken your").values_list("to", flat=True)
        ]
    assert sorted(taken) == sorted([first.email, first.email, second.email])


def test_whoever_asked_for_it_reads_each_step_in_his_zone(ticket, clock):
    contact = ContactFactory(customer=ticket.customer, time_zone="America/Denver")
    row = escalate(ticket, clock, "2026-10-12 10:20", by=Actor.of(contact))
    row.acknowledge(by=ANA, at=clock(utc("2026-10-12 10:30")))
    row.close(reason="Agreed with Robin.", by=ANA, at=clock(utc("2026-10-12 11:00")))
    for step, words in [
        ("accepted", "Your escalation to level 1, Service Desk, is accepted."),
        ("acknowledged", "Ana has taken your escalation to level 1, Service Desk."),
        ("closed", "The escalation is closed."),
    ]:
        said = mail(row, step)
        assert (said.to, said.text.splitlines()[0]) == ([contact.email], words)
        assert "Mon 12 Oct, 04:20 (America/Denver)" in said.text
        assert f"/my/tickets/{ticket.number}/" in said.text
        assert "Agreed with Robin" not in said.text


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("step_down", "The escalation stands on level 3 again."),
        ("close", "The escalation is closed."),
        ("accept", "Your escalation to level 4, "),
        ("acknowledge", "Ana has taken your escalation to level 4, "),
    ],
)
def test_of_a_last_level_that_was_raised_again_everybody_learns_who_asked_for_it(ticket, clock, verb, words):
    """It is one level for both of them; whoever asked twice is told once."""
    first, second = ContactFactory.create_batch(2, customer=ticket.customer)
    on_level(ticket, clock, *[f"2026-10-{each}" for each in ["12 10:00", "12 14:00", "12 18:00"]])
    for at, contact in [("13 10:00", first), ("14 10:00", second), ("15 10:00", second)]:
        last = escalate(ticket, clock, f"2026-10-{at}", contact=contact)
    reason = {"reason": "The carrier is on it."} if verb in ("step_down", "close") else {}
    getattr(last, verb)(**reason, by=ANA, at=clock(utc("2026-10-15 11:00")))
    told = [row.to for row in Mail.objects.filter(text__contains=words)]
    assert sorted(told) == sorted([[first.email], [second.email]])


def test_a_decline_names_the_entry_and_what_was_written_with_it(ticket, clock):
    row = escalate(ticket, clock, "2026-10-12 10:20", contact=ticket.raised_by)
    row.decline(item="progressing", words="The carrier tests tonight.", by=ANA, at=utc("2026-10-12 10:20"))
    said = mail(row, "declined")
    assert said.to == [ticket.raised_by.email]
    assert "is not accepted: The ticket is progressing" in said.text
    assert "The carrier tests tonight." in said.text


def test_nobody_outside_is_told_of_what_the_desk_raised_for_itself(ticket, clock):
    row = escalate(ticket, clock, "2026-10-12 10:20")
    row.acknowledge(by=ANA, at=utc("2026-10-12 10:20"))
    assert [each.key for each in Mail.objects.filter(key__startswith="escalation:")] == [
        f"escalation:{row.pk}:raised"
    ]

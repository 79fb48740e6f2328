"""Priority as a negotiation: asked for, kept, shown with its effect on every clock, and only then changed."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from support.desk import priority
from support.desk.foresight import foresee
from support.models import Message
from support.refusal import Refused
from tests.factories import ANA, TESTS
from tests.support.desk_cases import contract_under, raise_ticket, utc
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client, cast):
    client.force_login(cast.ana)
    return client


def a_ticket(cast, code="exponential-e-ucc", level="Low", hours=2, **fields):
    contract = contract_under(code, holder=cast.northwind)
    return raise_ticket(contract, timezone.now() - timedelta(hours=hours), priority=level, **fields)


def test_its_effect_on_every_clock_is_shown_before_it_is_confirmed(ana, cast):
    ticket = a_ticket(cast)
    seq = ticket.last_seq
    address = reverse("support:ticket-foresee", args=[ticket.number])
    page = ana.get(address, {"priority": "High"})
    assert page.status_code == 200
    assert "From Low to High" in page.text
    assert "Missed at once" in page.text  # two hours have passed of thirty minutes
    assert "Counts from its old start" in page.text
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.last_seq) == ("Low", seq)
    assert post(ana, "support:ticket-priority", ticket.number, priority="High").status_code == 302
    ticket.refresh_from_db()
    assert ticket.priority == "High"


@pytest.mark.parametrize("asked", [{}, {"priority": "P1"}, {"priority": "Low"}])
def test_what_is_no_change_comes_back_with_the_form(ana, cast, asked):
    ticket = a_ticket(cast)
    page = ana.get(reverse("support:ticket-foresee", args=[ticket.number]), asked)
    assert page.status_code == 422
    assert page.context["forms"]["priority"].errors


def test_what_was_foreseen_is_what_happens():
    ticket = raise_ticket(contract_under("microsoft-o365-dedicated"), utc("2026-10-12 09:00"), priority="C")
    at = utc("2026-10-12 09:30")
    told = {
        change.name: (change.now, change.then)
        for change in foresee(ticket, "priority.agreed", at=at, level="A")
    }
    priority.assess(ticket, "A", agreed=True, by=TESTS, at=at)
    then = {change.name: change.then for change in foresee(ticket, "note.added", at=at)}
    assert {name: after for name, (_now, after) in told.items()} == then
    assert told["Customer’s update"][0] == ""
    assert told["Progress update"] == ("Thu 15 Oct, 09:00", "11:30")


def test_the_customers_wish_is_kept_and_moves_no_clock(ana, cast):
    ticket = a_ticket(cast)
    before = list(ticket.clocks.values_list("key", "due_at"))
    said = {"level": "Critical", "channel": "phone", "statement": "Nobody can be reached."}
    assert post(ana, "support:ticket-claim", ticket.number, **said).status_code == 302
    assert [(key, due) for key, due in ticket.clocks.values_list("key", "due_at")] == before
    page = ana.get(ticket.get_absolute_url()).text
    assert "Critical is asked for; Low holds until the desk has answered." in page
    assert "Nobody can be reached." in page
    assert "priority=Critical&amp;agreed=on" in page
    post(ana, "support:ticket-priority", ticket.number, priority="High")
    assert "is asked for" not in ana.get(ticket.get_absolute_url()).text


def test_where_the_service_wants_a_statement_there_is_no_wish_without_one(cast):
    ticket = a_ticket(cast, "microsoft-o365-dedicated", "C")
    with pytest.raises(Refused, match="what it means for the business"):
        priority.claim(ticket, "A", channel="phone", statement=" ", contact=None, by=ANA, at=timezone.now())
    priority.claim(
        ticket, "A", channel="phone", statement="Payroll.", contact=None, by=ANA, at=timezone.now()
    )
    claimed = ticket.events.get(kind="priority.claimed")
    assert Message.objects.get(pk=claimed.facts["impact"]).text == "Payroll."


def test_what_only_the_provider_declares_cannot_be_asked_for(ana, cast):
    ticket = a_ticket(cast, "microsoft-o365-dedicated", "C")
    page = ana.get(ticket.get_absolute_url()).text
    assert sorted(re.findall(r'name="level" value="([^"]+)"', page)) == ["A", "B", "C", "D"]


@pytest.mark.parametrize(("channel", "says"), [("email", "P1 is taken by phone only"), ("phone", "")])
def test_by_another_channel_it_is_kept_and_the_desk_is_told_to_have_them_call(ana, cast, channel, says):
    ticket = a_ticket(cast, "enghouse-premium", "P3")
    priority.claim(
        ticket, "P1", channel=channel, statement="All down.", contact=None, by=ANA, at=timezone.now()
    )
    claimed = priority.open_claim(ticket, ticket.events.order_by("-seq"))
    assert says in claimed.why_not
    assert bool(claimed.why_not) is bool(says)
    if says:
        assert says in ana.get(ticket.get_absolute_url()).text


def test_a_ticket_raised_by_mail_as_p1_is_p3_and_says_that_they_have_to_call(ana, cast):
    ticket = a_ticket(cast, "enghouse-premium", "P1", channel="email")
    assert ticket.priority == "P3"
    page = ana.get(ticket.get_absolute_url()).text
    assert "P1 is asked for; P3 holds" in page
    assert "P1 is taken by phone only" in page

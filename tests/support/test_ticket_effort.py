"""Hours of work: business hours until somebody agrees to day and night, shown before it is confirmed, kept with its reason."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from support.clocks.facts import Effort
from support.desk import effort
from support.desk.foresight import foresee
from support.refusal import Refused
from tests.factories import TESTS
from tests.support.desk_cases import contract_under, due, raise_ticket, utc
from tests.support.page_cases import post

pytestmark = pytest.mark.django_db
OPENED = utc("2026-10-16 09:00")  # a Friday in London's summer: 10:00 of 09:00 to 17:30


@pytest.fixture
def ticket():
    return raise_ticket(contract_under("exponential-e-ucc"), OPENED, priority="Normal")


@pytest.fixture
def ana(client, cast):
    client.force_login(cast.ana)
    return client


def switched(ticket, to, at, reason="Agreed with Robin."):
    effort.switch(ticket, to, reason=reason, by=TESTS, at=at)


def test_what_has_counted_stays_and_the_rest_runs_through_the_night(ticket):
    before, target = due(ticket, "fix"), ticket.clocks.get(kind="fix").detail["target"]
    counted = timedelta(minutes=60)
    at = OPENED + counted
    seen = {each.name: each.then for each in foresee(ticket, effort.KIND, at=at, effort="24x7")}
    switched(ticket, Effort.AROUND_THE_CLOCK, at)
    assert target["base"] == "business"
    assert utc(due(ticket, "fix")) == OPENED + timedelta(minutes=target["amount"])
    assert utc(due(ticket, "fix")) < utc(before)
    assert seen == {each.name: each.then for each in foresee(ticket, "note.added", at=at)}
    assert effort.effort_of(ticket) is Effort.AROUND_THE_CLOCK
    switched(ticket, Effort.BUSINESS, at)
    assert due(ticket, "fix") == before


@pytest.mark.parametrize(
    ("to", "reason", "sentence"),
    [
        (Effort.BUSINESS, "x", "in these hours already"),
        (Effort.AROUND_THE_CLOCK, " ", "Write down why"),
    ],
)
def test_what_is_no_switch_is_refused(ticket, to, reason, sentence):
    seq = ticket.last_seq
    with pytest.raises(Refused, match=sentence):
        switched(ticket, to, OPENED, reason)
    ticket.refresh_from_db()
    assert ticket.last_seq == seq


def test_where_nothing_counts_business_hours_there_are_none_to_switch():
    ticket = raise_ticket(contract_under("enghouse-premium"), OPENED, priority="P1")
    assert not effort.is_switchable(ticket)
    with pytest.raises(Refused, match="none to switch"):
        switched(ticket, Effort.AROUND_THE_CLOCK, OPENED)


def test_it_is_shown_before_it_is_confirmed_and_told_after(ana, cast):
    contract = contract_under("exponential-e-ucc", holder=cast.northwind)
    ticket = raise_ticket(contract, timezone.now() - timedelta(minutes=5), priority="Normal")
    address, seq = reverse("support:ticket-effort-foresee", args=[ticket.number]), ticket.last_seq
    assert "Hours of work" in ana.get(ticket.get_absolute_url()).text
    said = {"effort": "24x7", "reason": "Robin <b>asked</b>"}
    page = ana.get(address, said)
    assert (page.status_code, "What would change" in page.text, "<b>asked" in page.text) == (200, True, False)
    assert "Goes on: what is left counts in other hours." in page.text
    ticket.refresh_from_db()
    assert ticket.last_seq == seq
    assert post(ana, "support:ticket-effort", ticket.number, **said).status_code == 302
    page = ana.get(ticket.get_absolute_url()).text
    assert "agreed other hours of work: day and night" in page
    assert "Robin &lt;b&gt;asked&lt;/b&gt;" in page
    for asked in [said, {"effort": "x", "reason": "y"}, {}, {"effort": "business"}]:
        assert ana.get(address, asked).status_code == 422, asked
    assert post(ana, "support:ticket-effort", ticket.number, **said).status_code == 422

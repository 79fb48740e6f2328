"""An outage whose every customer has left: a manager closes it with a reason, and what follows its end follows."""

import uuid

import pytest
from django.db import transaction
from django.urls import reverse

from escalations import notices, outages, owing
from escalations.models import IncidentReport
from escalations.outage_pages import owing as owing_a_notice
from support.actors import Actor
from support.refusal import Refused
from tests.attacks import refused
from tests.escalations.outage_cases import act, declare, hit_contract, send
from tests.escalations.test_outage_guards import sql_notice
from tests.escalations.test_outage_pages import send_form
from tests.factories import TESTS
from tests.support.desk_cases import raise_ticket, utc

pytestmark = pytest.mark.django_db
WHY = {"reason": "Northwind is no customer any more."}


@pytest.fixture
def outage(cast, now):
    """Validated, of one customer, with a ticket that is not done."""
    contract = hit_contract(cast.northwind)
    ticket = raise_ticket(contract, now("2026-10-14 09:00"), priority="A")
    found = declare(cast, now, contract, tickets=[ticket])
    act(outages.resolve, found, cast, now, "2026-10-14 10:30")
    act(outages.validate, found, cast, now, "2026-10-14 10:40")
    return found


@pytest.fixture
def left(cast, now, outage):
    _active(cast.northwind, False)
    now("2026-10-14 11:00")
    return outage


def _active(customer, active):
    customer.active = active
    customer.by(TESTS).save()


def test_a_manager_closes_what_nobody_can_be_told_of_and_its_report_is_owed(client, cast, left, now):
    with pytest.raises(Refused, match="nominate a contact first"):
        send(left, cast, now, "2026-10-14 11:00")
    client.force_login(cast.max)
    assert "nobody can be told that it is over" in client.get(left.get_absolute_url()).content.decode()
    key = uuid.uuid4()
    answers = [send_form(client, cast.max, "close", left.number, key=key, **WHY) for _ in range(2)]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, left.get_absolute_url())] * 2
    left.refresh_from_db()
    last = left.notices.get()
    assert (left.state, last.kind, last.what, last.actor_name) == ("closed", "resolution", "skipped", "Max")
    assert WHY["reason"] in client.get(left.get_absolute_url()).content.decode()
    assert left.tickets.get().ticket.events.filter(kind="outage.closed").count() == 1
    assert not owing_a_notice(type(left).objects.all(), "overdue", utc("2027-01-01 00:00")).exists()
    owing.owe(now("2026-10-14 11:11"))
    assert IncidentReport.objects.get(outage=left).ended_at == last.at
    assert send_form(client, cast.max, "close", left.number, **WHY).status_code == 409


def test_it_is_not_closed_untold_while_a_customer_is_there_or_by_an_agent(client, cast, left):
    assert send_form(client, cast.ana, "close", left.number, **WHY).status_code == 403
    with refused("untold_end_is_a_managers"):
        sql_notice(left, cast.ana, "skipped", "", "Gone.", due=None)
    client.force_login(cast.ana)
    html = client.get(left.get_absolute_url()).content.decode()
    assert "A manager closes it with a reason." in html
    assert "Close the outage" not in html
    assert send_form(client, cast.max, "close", left.number, reason=" ").status_code == 422
    _active(cast.northwind, True)
    assert send_form(client, cast.max, "close", left.number, **WHY).status_code == 409
    with refused("resolution_is_told"):
        sql_notice(left, cast.max, "skipped", "", "Gone.", due=None)
    left.refresh_from_db()
    assert left.state == "validated"


def test_what_was_meant_to_skip_an_update_closes_nothing(cast, now, left):
    """A page from before the validation: its notice is not the one that ends the outage."""
    due = outages.owed(left)
    with pytest.raises(Refused, match="is not skipped"):
        notices.skip(
            left, due=due.position, reason="Nothing new.", by=Actor.of(cast.max), at=now("2026-10-14 11:00")
        )
    left.refresh_from_db()
    assert left.state == "validated"


def test_before_it_is_validated_it_is_not_closed(cast, now, client):
    contract = hit_contract(cast.northwind)
    outage = declare(cast, now, contract)
    _active(cast.northwind, False)
    assert send_form(client, cast.max, "close", outage.number, **WHY).status_code == 409
    with pytest.raises(Refused, match="resolved first"), transaction.atomic():
        notices.close(outage, **WHY, by=Actor.of(cast.max), at=now("2026-10-14 09:50"))


def test_strangers_and_get_do_nothing(client, cast, left):
    for who in (cast.kim, cast.robin):
        assert send_form(client, who, "close", left.number, **WHY).status_code in (403, 404)
    assert send_form(client, cast.max, "close", "OUT-9", **WHY).status_code == 404
    assert client.get(reverse("escalations:outage-close", args=[left.number])).status_code == 405
    assert not left.notices.exists()

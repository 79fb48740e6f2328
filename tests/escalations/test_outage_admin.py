"""Outages in the records: managers and finance read them, nobody changes them there."""

import pytest
from django.urls import reverse

from escalations import outages
from escalations.models import (
    DueNotice,
    Notice,
    NoticeRecipient,
    Outage,
    OutageContract,
    OutageStep,
    OutageTicket,
)
from tests.escalations.outage_cases import act, declare, hit_contract, send
from tests.support.desk_cases import raise_ticket, utc

pytestmark = pytest.mark.django_db
MODELS = [Outage, OutageContract, OutageTicket, OutageStep, DueNotice, Notice, NoticeRecipient]


@pytest.fixture
def outage(cast, now):
    contract = hit_contract(cast.northwind)
    ticket = raise_ticket(contract, now(utc("2026-10-14 08:50")), priority="A")
    made = declare(cast, now, contract, tickets=[ticket])
    send(made, cast, now, "2026-10-14 10:30")
    act(outages.resolve, made, cast, now, "2026-10-14 10:40")
    return made


@pytest.mark.parametrize("model", MODELS)
def test_it_is_read_and_not_changed(client, cast, outage, model):
    def address(page, *args):
        return reverse(f"admin:escalations_{model._meta.model_name}_{page}", args=args)

    row = model.objects.first()
    for who in (cast.max, cast.fin):
        client.force_login(who)
        found = client.get(address("changelist"), {"q": outage.number})
        assert (found.status_code, found.context["cl"].result_count > 0) == (200, True)
        page = client.get(address("change", row.pk))
        assert "_save" not in page.content.decode()
        assert client.get(address("add")).status_code == 403
        assert client.get(address("delete", row.pk)).status_code == 403
    for who, status in [(cast.ana, 403), (cast.robin, 404)]:
        client.force_login(who)
        assert client.get(address("changelist")).status_code == status

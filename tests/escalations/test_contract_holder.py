"""A contract under which something has happened keeps its holder: nobody else reads of it by an edit in the records."""

from datetime import timedelta

import pytest
from django.urls import reverse

from billing.models import PurchaseOrder
from support.actors import Actor
from support.desk import calling
from support.models import Contract
from tests.attacks import refused
from tests.escalations.maintenance_cases import announce, kept_contract
from tests.escalations.outage_cases import declare, hit_contract, send
from tests.factories import TESTS
from tests.support.desk_cases import contract_under, raise_ticket, utc
from tests.support.test_admin_changes import posted

pytestmark = pytest.mark.django_db
AT = utc("2026-10-14 09:00")


def ticket(cast, now):
    contract = contract_under("egroup-csp-advantage", holder=cast.northwind)
    raise_ticket(contract, now(AT))
    return contract


def outage(cast, now):
    contract = hit_contract(cast.northwind)
    send(declare(cast, now, contract), cast, now, "2026-10-14 09:10")
    return contract


def window(cast, now):
    contract = kept_contract(cast.northwind)
    announce(cast.ana, now, contract)
    return contract


def call(cast, now):
    contract = contract_under("exponential-e-ucc", holder=cast.northwind)
    said = {"offered_at": AT - timedelta(minutes=5), "waited": timedelta(minutes=1), "answered": True}
    calling.tell(contract, channel="phone", **said, by=Actor.of(cast.ana), at=now(AT))
    return contract


def order(cast, now):
    contract = contract_under("", holder=cast.northwind)
    PurchaseOrder(contract=contract, number="PO-1").by(TESTS).save()
    return contract


@pytest.mark.parametrize("happens", [ticket, outage, window, call, order])
def test_what_happened_under_a_contract_keeps_its_holder(cast, now, happens):
    contract = happens(cast, now)
    contract.holder = cast.tailspin
    with refused("contract_keeps_its_holder"):
        contract.by(TESTS).save()
    contract.refresh_from_db()
    contract.bill_to = cast.tailspin
    contract.by(TESTS).save()
    assert contract.holder == cast.northwind


def test_the_page_says_beside_the_holder_what_to_do(client, cast, now):
    contract = outage(cast, now)
    client.force_login(cast.max)
    url = reverse("admin:support_contract_change", args=[contract.pk])
    page = posted(client, url, holder=cast.tailspin.pk)
    assert page.status_code == 200
    [said] = page.context["adminform"].form.errors["holder"]
    assert said.endswith("end it, and make a new one for the other customer.")
    assert Contract.objects.get().holder == cast.northwind


def test_one_under_which_nothing_has_happened_is_put_right(client, cast):
    contract = contract_under("enghouse-premium", holder=cast.northwind)
    client.force_login(cast.max)
    url = reverse("admin:support_contract_change", args=[contract.pk])
    assert posted(client, url, holder=cast.tailspin.pk).status_code == 302
    contract.refresh_from_db()
    assert contract.holder == cast.tailspin
    assert Contract.history.filter(id=contract.pk).first().actor_name == "Max"

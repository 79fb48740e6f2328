"""Billing and escalations in the records: managers and finance read, nobody edits a ledger, secrets stay hidden."""

import pytest
from django.contrib import admin
from django.urls import reverse

from billing.models import Invitation, Invoice, RateCard
from tests.billing.billing_cases import at, entry, set_clock, world
from tests.factories import TESTS
from tests.ground import standing_on

pytestmark = pytest.mark.django_db

MODELS = sorted(
    (model for model in admin.site._registry if model._meta.app_label in ("billing", "escalations")),
    key=lambda model: model._meta.label,
)
EDITED = {
    "ratecard",
    "surcharge",
    "contractrate",
    "purchaseorder",
    "laddercontact",
    "region",
    "duty",
    "absence",
}  # what a finance program wants is for finance


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@standing_on
def w():
    w = world()
    entry(w, at(11), at(12)).save()
    customer = w.contract.bill_to
    customer.finance_name = "Northwind Ltd"
    customer.by(TESTS).save()
    return w


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_manager_reads_every_list_and_row_and_edits_only_rates(client, w, model):
    client.force_login(w.max)
    assert client.get(address(model, "changelist"), {"q": "a"}).status_code == 200
    edited = model._meta.model_name in EDITED
    assert client.get(address(model, "add")).status_code == (200 if edited else 403)
    if row := model.objects.first():
        page = client.get(address(model, "change", row.pk))
        assert page.status_code == 200
        assert ('name="_save"' in page.text) is edited
        assert client.get(address(model, "delete", row.pk)).status_code == 403


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_an_agent_is_refused_and_a_customer_sees_nothing(client, cast, model):
    for person, status in [(cast.ana, 403), (cast.robin, 404)]:
        client.force_login(person)
        assert client.get(address(model, "changelist")).status_code == status


def test_no_nonce_is_shown(client, w):
    client.force_login(w.max)
    invitation = Invitation.objects.get()
    assert invitation.nonce not in client.get(address(Invitation, "change", invitation.pk)).text


def test_changing_a_rate_leaves_history_with_the_manager(client, w):
    client.force_login(w.max)
    card = RateCard.objects.get()
    said = {"name": card.name, "currency": "USD", "hourly_rate": "275.00", "increment": "15", "minimum": "0"}
    said |= {"minimum_charge": "0.00"}
    site = {"surcharges-0-what": "on_site", "surcharges-0-how": "visit", "surcharges-0-amount": "90"}
    rows = {"surcharges-TOTAL_FORMS": "1", "surcharges-INITIAL_FORMS": "0", **site}
    page = client.post(
        address(RateCard, "change", card.pk), {**said, "terms": "", "account_code": "", **rows}
    )
    assert page.status_code == 302
    assert card.history.first().actor_name == "Max"
    assert card.surcharges.get().history.get().actor_name == "Max"


def test_finance_issues_drafts_as_an_action_and_managers_do_not(client, w):
    from billing import invoicing

    set_clock(at(18))
    [draft] = invoicing.draft(w.entity, at(11).date(), by=TESTS, at=at(18))
    chosen = {"action": "issue", "_selected_action": [draft.pk]}
    client.force_login(w.max)
    client.post(address(Invoice, "changelist"), chosen)
    draft.refresh_from_db()
    assert draft.number is None
    client.force_login(w.fin)
    client.post(address(Invoice, "changelist"), chosen)
    draft.refresh_from_db()
    assert draft.number == 1

"""The records open for those whose role has them, and for nobody else."""

from datetime import timedelta
from functools import partial

import pytest
from django.contrib import admin
from django.urls import reverse

from support.desk import calling
from support.models import (
    CalendarMove,
    ContractCalendar,
    ContractLine,
    Mail,
    ProductVersion,
    Team,
    Ticket,
    Wait,
)
from tests.cases import NOON, at_noon
from tests.factories import (
    TESTS,
    CalendarVersionFactory,
    ContractFactory,
    CustomerFactory,
    FileFactory,
    ProductFactory,
    ServiceVersionFactory,
    granted,
)
from tests.ground import standing_on
from tests.support.desk_cases import contract_under, raise_ticket
from tests.support.mail_cases import ingest, message

pytestmark = pytest.mark.django_db

OURS = sorted(
    (model for model in admin.site._registry if model._meta.app_label == "support"),
    key=lambda model: model._meta.model_name,
)
DESK = {"ticket", "event", "message", "wait", "clock", "alarm", "callrecord", "callstriking", "inboundmail"}
LEDGERS = {"calendarversion", "calendarmove", "serviceversion", "file", "mail", *DESK}
KEPT = {*LEDGERS, "user", "contact", "customer", "legalentity", "contract"}


@partial(standing_on, needs="db")
def rows():
    """One row at least of everything."""
    cast = at_noon()
    contract = ContractFactory(holder=cast.northwind, support_service=ServiceVersionFactory())
    product = ProductFactory()
    for row in [
        ProductVersion(product=product, version="9"),
        ContractLine(contract=contract, product=product),
        ContractCalendar(contract=contract, name="office", calendar=CalendarVersionFactory()),
        Team(name="Voice"),
    ]:
        row.by(TESTS).save()
    granted(cast.robin_contact, cast.tailspin)
    FileFactory()
    Mail.objects.create(
        key="k", message_id="<k@x>", to=["a@b.example"], subject="S", text="T", queued_at=NOON
    )
    ticket = raise_ticket(contract_under("exponential-e-ucc", holder=cast.tailspin), NOON)
    Wait.begin(ticket, reason="vendor", by=TESTS, at=NOON)
    told = {"channel": "phone", "offered_at": NOON, "waited": timedelta(), "answered": True}
    record = calling.tell(ticket.contract, **told, by=TESTS, at=NOON)
    move = {
        "calendar": CalendarVersionFactory(version=2),
        "older": ["office@1"],
        "tickets": 1,
        "contracts": 0,
    }
    CalendarMove.objects.create(**move, reason="New hours", at=NOON, actor_kind="staff", actor_name="Max")
    calling.strike(record, reason="A test", by=TESTS, at=NOON)
    ingest(message())
    return cast


def address(model, page, *args):
    return reverse(f"admin:support_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_a_manager_opens_list_and_row(client, rows, model):
    client.force_login(rows.max)
    assert client.get(address(model, "changelist"), {"q": "a"}).status_code == 200
    row = model.objects.order_by("pk").first()
    page = client.get(address(model, "change", row.pk))
    assert page.status_code == 200
    name = model._meta.model_name
    assert client.get(address(model, "add")).status_code == (403 if name in LEDGERS else 200)
    assert ('name="_save"' in page.content.decode()) is (name not in LEDGERS)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_an_agent_is_refused_and_a_customer_sees_nothing(client, rows, model):
    for person, status in [(rows.ana, 403), (rows.robin, 404)]:
        client.force_login(person)
        for page in ["changelist", "add"]:
            assert client.get(address(model, page)).status_code == status


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_what_is_kept_has_no_delete_button_not_even_for_a_superuser(client, rows, model):
    rows.max.is_superuser = True
    rows.max.by(TESTS).save()
    client.force_login(rows.max)
    row = model.objects.order_by("pk").first()
    kept = model._meta.model_name in KEPT
    assert ('class="deletelink"' in client.get(address(model, "change", row.pk)).content.decode()) is not kept
    assert client.get(address(model, "delete", row.pk)).status_code == (403 if kept else 200)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_finance_reads_and_changes_only_what_money_needs(client, rows, model):
    client.force_login(rows.fin)
    name = model._meta.model_name
    row = model.objects.order_by("pk").first()
    page = client.get(address(model, "change", row.pk))
    assert page.status_code == (403 if name == "user" else 200)
    assert ('name="_save"' in page.content.decode()) is (name in {"customer", "legalentity"})


@pytest.mark.parametrize(
    ("name", "queries"), [("customer", 9), ("contact", 7), ("contract", 12), ("user", 9), ("mail", 8)]
)
def test_a_list_asks_the_same_number_of_questions_however_long(
    client, rows, name, queries, django_assert_num_queries
):
    client.force_login(rows.max)
    for n in range(5):
        customer = CustomerFactory(success_manager=rows.ana)
        ContractFactory(holder=customer, support_service=ServiceVersionFactory())
        Mail.objects.create(
            key=n, message_id=n, to=["a@b.example"], subject="S", text="T", queued_at=NOON, customer=customer
        )
    client.get(f"/admin/support/{name}/")
    with django_assert_num_queries(queries):
        client.get(f"/admin/support/{name}/")


def test_a_manager_takes_and_closes_tickets_as_actions(client, rows):
    ticket = Ticket.objects.get()
    client.force_login(rows.max)
    for action in ["take", "close"]:
        page = client.post(
            address(Ticket, "changelist"), {"action": action, "_selected_action": [ticket.pk]}, follow=True
        )
    ticket.refresh_from_db()
    assert ticket.owner == rows.max
    assert ticket.state == "waiting"
    assert "cannot become closed" in page.text


def test_finance_gets_no_actions_on_tickets(client, rows):
    client.force_login(rows.fin)
    assert 'name="action"' not in client.get(address(Ticket, "changelist")).text

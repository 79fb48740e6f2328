"""Vendor cases in the records: managers and finance read them, nobody changes them there."""

import pytest
from django.urls import reverse

from escalations import vendors
from escalations.models import VendorCase, VendorEscalation, VendorStep
from tests.escalations.vendor_cases import NUMBER, escalate, open_case, told, vendor_ticket

pytestmark = pytest.mark.django_db
MODELS = [VendorCase, VendorStep, VendorEscalation]


@pytest.fixture
def case(cast, now):
    now("2026-10-14 09:00")
    made = open_case(vendor_ticket(holder=cast.northwind), now)
    told(vendors.noted, made, now, "2026-10-14 09:10", text="They see it.")
    escalate(made, now, "2026-10-14 10:05")
    return made


def address(model, page, *args):
    return reverse(f"admin:escalations_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("who", ["max", "fin"])
def test_it_is_read_and_not_changed(client, cast, case, model, who):
    client.force_login(getattr(cast, who))
    row = model.objects.get()
    found = client.get(address(model, "changelist"), {"q": NUMBER})
    assert found.status_code == 200
    assert found.context["cl"].result_count == 1
    page = client.get(address(model, "change", row.pk))
    assert page.status_code == 200
    assert "_save" not in page.content.decode()
    assert client.get(address(model, "add")).status_code == 403
    assert client.get(address(model, "delete", row.pk)).status_code == 403
    assert client.post(address(model, "change", row.pk), {"number": "x", "reason": "x"}).status_code == 403


@pytest.mark.parametrize("model", MODELS)
def test_an_agent_and_a_customer_do_not_come_in(client, cast, case, model):
    for who, status in [(cast.ana, 403), (cast.robin, 404)]:
        client.force_login(who)
        assert client.get(address(model, "changelist")).status_code == status


@pytest.mark.parametrize("model", MODELS)
def test_a_list_asks_the_same_number_of_questions_however_long(
    client, cast, case, model, now, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(cast.max)
    client.get(address(model, "changelist"))
    with CaptureQueriesContext(connection) as first:
        client.get(address(model, "changelist"))
    for number in range(3):
        other = open_case(case.ticket, now, "2026-10-14 10:10", number=f"{number}")
        told(vendors.noted, other, now, "2026-10-14 10:11", text="x")
        escalate(case, now, "2026-10-14 10:12")
    with django_assert_num_queries(len(first)):
        client.get(address(model, "changelist"))

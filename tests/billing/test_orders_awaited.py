"""What the month's page says of prices that wait for a purchase order, beside time."""

import pytest
from django.urls import reverse

from billing import delivering, invoicing, previewing
from billing.models import PurchaseOrder
from support.actors import Actor
from tests.billing.billing_cases import at, set_clock
from tests.billing.fixed_cases import fixed
from tests.billing.minimum_cases import OCTOBER, at_least, done, some_work
from tests.factories import TESTS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def afterwards(clock):
    yield
    set_clock(None)


def said(w, month=OCTOBER):
    found = previewing.warnings(w.entity, month, invoicing.preview(w.entity, month), [])
    return [words for _customer, sentences in found for words in sentences if "purchase order" in words]


def ordered(w):
    PurchaseOrder(contract=w.contract, number="PO-1").by(TESTS).save()


def test_a_minimum_that_waits_is_named(client):
    w = at_least(rate={"order_needed": True})
    some_work(w)
    assert len(said(w)) == 1, "its time; nothing is left to the minimum before the work is done"
    done(w)
    expected = f"$375.00, left to the minimum of {w.engagement.reference}, wait for a purchase order."
    assert said(w)[1:] == [expected]
    assert said(w, OCTOBER.replace(month=9)) == []
    client.force_login(w.fin)
    assert (
        expected in client.get(reverse("billing:month-page", args=[w.entity.number_series, "2026-10"])).text
    )
    ordered(w)
    assert said(w) == []


def test_a_fixed_price_that_waits_is_named():
    w = fixed(rate={"order_needed": True})
    assert said(w) == []
    delivering.deliver(w.approval, text="All moved.", by=Actor.of(w.ana), at=at(18))
    assert said(w) == [f"$1,200.00, the fixed price of {w.engagement.reference}, wait for a purchase order."]
    assert said(w, OCTOBER.replace(month=9)) == []
    ordered(w)
    assert said(w) == []

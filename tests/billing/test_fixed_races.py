"""A fixed price is delivered and billed once, with many at once; without the indexes it is not."""

from django.db import DatabaseError, connection, transaction

from billing import delivering, invoicing
from billing.models import BilledDelivery, Delivery, Invoice, InvoiceLine
from support.actors import Actor
from support.refusal import Refused
from tests.attacks import run
from tests.billing.at_once import at_once, both
from tests.billing.billing_cases import at
from tests.billing.fixed_cases import fixed
from tests.factories import TESTS

OCTOBER = at(0, day=1).date()


def test_eight_say_it_is_delivered_and_two_runs_bill_it_once(own_database):
    w = fixed()

    def act(i):
        try:
            delivering.deliver(w.approval, text="x", by=Actor.of(w.ana), at=at(18))
        except Refused as refused:
            assert "delivered already" in refused.sentence

    at_once(8, act, clock=at(18))
    assert Delivery.objects.count() == 1
    issued = at_once(4, lambda i: len(invoicing.run(w.entity, OCTOBER, by=TESTS, at=at(18))), clock=at(18))
    assert (sum(issued), Invoice.objects.get().total) == (1, 1200)


@both
def test_sixteen_writers_put_it_on_one_line(own_database, guarded):
    w = fixed()
    delivery = delivering.deliver(w.approval, text="x", by=Actor.of(w.ana), at=at(18))
    draft = Invoice(legal_entity=w.entity, bill_to=w.contract.bill_to, month=OCTOBER)
    draft.save(force_insert=True)
    said = {"kind": "fixed", "approval": w.approval, "rate": 1200, "net": 1200, "invoice": draft}
    lines = [InvoiceLine.objects.create(position=n, **said) for n in range(16)]
    if not guarded:
        with connection.as_owner():
            run("DROP INDEX delivery_on_one_live_line")

    def act(i):
        try:
            with transaction.atomic():
                BilledDelivery.objects.create(line=lines[i], delivery=delivery)
        except DatabaseError as error:
            assert "delivery_on_one_live_line" in str(error)

    at_once(16, act, clock=at(18))
    assert BilledDelivery.objects.count() == (1 if guarded else 16)

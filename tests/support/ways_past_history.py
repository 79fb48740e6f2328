"""Changes of a tracked row that forget its history."""

from support.models import Customer
from tests.attacks import run


def update(customer):
    Customer.objects.filter(pk=customer.pk).update(name="Z")


def bulk_create(customer):
    Customer.objects.bulk_create([Customer(name="Z", code="z", legal_entity=customer.legal_entity)])


def save_then_update(customer):
    customer.name = "Y"
    customer.save()
    Customer.objects.filter(pk=customer.pk).update(name="Z")


def skip(customer):
    customer.name = "Z"
    customer.save_without_historical_record()


def plain_sql(customer):
    run("UPDATE support_customer SET name = 'Z' WHERE id = %s", customer.pk)


WAYS_PAST_HISTORY = [update, bulk_create, save_then_update, skip, plain_sql]

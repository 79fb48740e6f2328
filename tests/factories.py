"""Builds valid things, each change in the name of the tests."""

from datetime import datetime

import factory
from factory.django import DjangoModelFactory

from support import models
from support.actors import Actor, ActorKind
from tests.cases import NOON

TESTS = Actor.system("tests")
ANA = Actor(ActorKind.STAFF, 1, "Ana")  # somebody of the desk, where a person has to act


class TrackedFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model, *args, **fields):
        row = model(*args, **fields).by(TESTS)
        row.save()
        return row


class UserFactory(TrackedFactory):
    class Meta:
        model = models.User

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@desk.example")


class LegalEntityFactory(TrackedFactory):
    class Meta:
        model = models.LegalEntity

    name = factory.Sequence(lambda n: f"Entity {n}")
    number_series = factory.Sequence(lambda n: f"E{n}")


class CustomerFactory(TrackedFactory):
    class Meta:
        model = models.Customer

    name = factory.Sequence(lambda n: f"Customer {n}")
    code = factory.Sequence(lambda n: f"customer-{n}")
    finance_name = factory.SelfAttribute("name")
    legal_entity = factory.LazyFunction(lambda: models.LegalEntity.objects.order_by("id").first())


class ContactFactory(TrackedFactory):
    class Meta:
        model = models.Contact

    customer = factory.SubFactory(CustomerFactory)
    name = factory.Sequence(lambda n: f"Contact {n}")
    email = factory.Sequence(lambda n: f"contact{n}@customer.example")


def granted(
    contact: models.Contact, customer: models.Customer, at: datetime | None = None
) -> models.PartnerGrant:
    """The contact's company becomes the customer's partner, and he is shown the customer."""
    customer.partner = contact.customer
    customer.by(TESTS, at).save()
    grant = models.PartnerGrant(contact=contact, customer=customer).by(TESTS, at)
    grant.save()
    return grant


class ProductFactory(TrackedFactory):
    class Meta:
        model = models.Product

    name = factory.Sequence(lambda n: f"Product {n}")
    code = factory.Sequence(lambda n: f"product-{n}")


class ContractFactory(TrackedFactory):
    class Meta:
        model = models.Contract

    number = factory.Sequence(lambda n: f"C-{n:04}")
    holder = factory.SubFactory(CustomerFactory)
    bill_to = factory.SelfAttribute("holder")
    legal_entity = factory.SelfAttribute("holder.legal_entity")
    starts_on = factory.LazyFunction(lambda: NOON.date().replace(month=1, day=1))


class ServiceVersionFactory(DjangoModelFactory):
    class Meta:
        model = models.ServiceVersion

    code = factory.Sequence(lambda n: f"service-{n}")
    version = 1
    name = factory.SelfAttribute("code")
    kind = models.ServiceKind.SUPPORT
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    data = factory.LazyFunction(dict)
    added_at = factory.LazyFunction(lambda: NOON)
    actor = TESTS


class CalendarVersionFactory(DjangoModelFactory):
    class Meta:
        model = models.CalendarVersion

    name = factory.Sequence(lambda n: f"calendar-{n}")
    version = 1
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    data = factory.LazyAttribute(
        lambda row: {
            "calendar": {
                "code": row.name,
                "name": row.name,
                "zone": "UTC",
                "document": "ours",
                "section": "1",
                "hours": {"mon": ["09:00-17:00"]},
            },
            "holidays": [],
        }
    )
    added_at = factory.LazyFunction(lambda: NOON)
    actor = TESTS


class FileFactory(DjangoModelFactory):
    class Meta:
        model = models.File

    key = factory.Sequence(lambda n: f"key-{n}")
    name = "log.txt"
    content_type = "text/plain"
    size = 3
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    added_at = factory.LazyFunction(lambda: NOON)
    actor = TESTS

"""The people of every test: Ana the agent, Max the manager, Fin from finance; Robin buys, Kim is a stranger."""

from dataclasses import dataclass
from datetime import UTC, datetime

from config.demo.clock import back_to_real, set_to
from support.models import Contact, Customer, User, UserKind
from support.roles import Role

NOON = datetime(2026, 10, 14, 12, 0, tzinfo=UTC)  # a Wednesday


@dataclass
class Cast:
    ana: User
    max: User
    fin: User
    robin: User
    kim: User
    northwind: Customer
    tailspin: Customer
    robin_contact: Contact
    kim_contact: Contact

    @classmethod
    def made(cls) -> "Cast":
        from tests.factories import TESTS, ContactFactory, CustomerFactory, UserFactory

        def person(name, role, kind=UserKind.STAFF):
            user = UserFactory(name=name, email=f"{name.lower()}@{kind}.example", kind=kind)
            user.give_roles([role], by=TESTS, at=NOON)
            return user

        northwind = CustomerFactory(name="Northwind", code="northwind")
        tailspin = CustomerFactory(name="Tailspin", code="tailspin")
        robin = person("Robin", Role.CUSTOMER, UserKind.CUSTOMER)
        kim = person("Kim", Role.CUSTOMER, UserKind.CUSTOMER)
        return cls(
            ana=person("Ana", Role.AGENT),
            max=person("Max", Role.MANAGER),
            fin=person("Fin", Role.FINANCE),
            robin=robin,
            kim=kim,
            northwind=northwind,
            tailspin=tailspin,
            robin_contact=ContactFactory(
                customer=northwind, name="Robin Sample", email=robin.email, user=robin, approves_up_to=5000
            ),
            kim_contact=ContactFactory(
                customer=tailspin, name="Kim Other", email=kim.email, user=kim, approves_up_to=5000
            ),
        )


def at_noon() -> Cast:
    """The cast as of NOON."""
    set_to(NOON)
    made = Cast.made()
    back_to_real()
    return made

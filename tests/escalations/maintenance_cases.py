"""Customers whose service announces maintenance, their nominated contacts, and windows under their contracts."""

from escalations import maintenance
from support.actors import Actor
from support.models import ContractLine
from tests.factories import TESTS, ContactFactory, ProductFactory
from tests.support.desk_cases import contract_under, utc

ANNOUNCED = "2026-10-14 09:00"
BEGINS, ENDS = "2026-11-14 22:00", "2026-11-15 02:00"
SAID = {"title": "New storage", "details": "The array is replaced; nobody can sign in.", "product": None}


def kept_contract(holder=None, contacts=1, service="enghouse-premium", zone="Europe/London", **fields):
    """A cloud contract of this holder's, who has so many contacts nominated for maintenance, and one who is not."""
    given = {"holder": holder} if holder else {}
    contract = contract_under(service, **given, **fields)
    for _ in range(contacts):
        ContactFactory(customer=contract.holder, nominated_for_maintenance=True, time_zone=zone)
    ContactFactory(customer=contract.holder)
    return contract


def announce(who, clock, *contracts, at=ANNOUNCED, begins=BEGINS, ends=ENDS, **said):
    now = clock(utc(at))
    return maintenance.announce(
        contracts, **{**SAID, **said}, begins_at=utc(begins), ends_at=utc(ends), by=Actor.of(who), at=now
    )


def withdraw(window, who, clock, at, text="The supplier cannot come."):
    maintenance.withdraw(window, text=text, by=Actor.of(who), at=clock(utc(at)))


def move(window, who, clock, at, begins, ends, text="The supplier comes later.", **said):
    return maintenance.move(
        window,
        begins_at=utc(begins),
        ends_at=utc(ends),
        text=text,
        **said,
        by=Actor.of(who),
        at=clock(utc(at)),
    )


def another_line(contract, deployment="cloud", at=None):
    line = ContractLine(contract=contract, product=ProductFactory(), deployment=deployment)
    line.by(TESTS, at).save()
    return line

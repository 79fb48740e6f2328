"""The customers that an audit log names by their location, and the one contract that an import makes for each of them."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from support.actors import Actor
from support.desk.incident_log import Incident
from support.models.contracts import Contract
from support.models.customers import Customer, LegalEntity
from support.models.definitions import ServiceVersion

NOWHERE = "Unknown"


class Contracts:
    """Contracts under one service, found or made as incidents need them, in the first legal entity."""

    def __init__(
        self, incidents: Iterable[Incident], service: ServiceVersion, *, zone: str, by: Actor, at: datetime
    ) -> None:
        self._service, self._zone, self._by, self._at = service, zone, by, at
        self._known: dict[str, Contract] = {}
        self._since: dict[str, datetime] = {}
        for incident in incidents:
            where, opened = _name(incident).lower(), incident.opened_at
            self._since[where] = min(opened, self._since.get(where, opened))

    def of(self, incident: Incident) -> Contract:
        """In force since the customer's first incident, whatever is imported first."""
        name = _name(incident)
        if known := self._known.get(name.lower()):
            return known
        customer = self._customer(name)
        since = self._since[name.lower()].astimezone(ZoneInfo(customer.time_zone)).date()
        made = Contract.objects.filter(holder=customer, number__startswith=f"IMPORT-{customer.pk}-")
        contract = made.filter(support_service__code=self._service.code).first()
        if contract is None:
            contract = Contract(
                number=f"IMPORT-{customer.pk}-{made.count() + 1}",
                holder=customer,
                bill_to=customer,
                legal_entity=customer.legal_entity,
                currency=customer.legal_entity.currency,
                support_service=self._service,
            )
        if contract.starts_on is None or since < contract.starts_on:
            contract.starts_on = since
            contract.by(self._by, self._at).save()
        return contract

    def remember(self, incident: Incident, contract: Contract) -> None:
        """Once it is committed: what a transaction took back must be made again."""
        self._known[_name(incident).lower()] = contract

    def _customer(self, name: str) -> Customer:
        entity = LegalEntity.objects.earliest("pk")
        customer = Customer.objects.filter(legal_entity=entity, name__iexact=name).first()
        if customer is None:
            customer = Customer(name=name, code=_free_code(name), legal_entity=entity, time_zone=self._zone)
            customer.by(self._by, self._at).save()
        return customer


def _name(incident: Incident) -> str:
    return incident.location or NOWHERE


def _free_code(name: str) -> str:
    """The name as it may stand in addresses; with a number behind it where that is taken."""
    code = slugify(name)[:50] or "customer"
    taken = set(Customer.objects.filter(code__startswith=code).values_list("code", flat=True))
    wanted = (code, *(f"{code}-{n}" for n in range(2, len(taken) + 3)))
    return next(free for free in wanted if free not in taken)

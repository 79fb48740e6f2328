"""The hourly look at Microsoft: every relationship as a row, and a reading for each customer that the gate may ask about."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from billing import gdap_readings
from billing.graph import relationships
from billing.graph.client import Gone, Graph, GraphError
from billing.graph.reading import relationship
from billing.models import GdapReading, GdapRelationship
from support.actors import Actor
from support.models import Customer
from support.refusal import Refused

log = logging.getLogger("countersign.gdap")
BY = Actor.system("graph")
SOURCE = GdapReading.Source.GRAPH
FAILURES = 3  # so many relationships one after the other: then it is Microsoft, not they


@dataclass(slots=True)
class Outcome:
    """What a sync did. `unread` are relationships, and rows without an id, of which nothing was taken."""

    relationships: int = 0
    readings: int = 0
    unlisted: int = 0
    unread: list[str] = field(default_factory=list)
    strangers: int = 0  # relationships of no customer of ours
    customers: set[int] = field(default_factory=set, repr=False)


def hourly(at: datetime) -> None:
    """The job: nothing to do without an app registration."""
    if graph := Graph.configured():
        outcome = run(graph, at=at)
        log.info("GDAP: %d relationships, %d readings.", outcome.relationships, outcome.readings)


def run(
    graph: Graph, *, at: datetime, on_done: Callable[[int, int], None] = lambda done, total: None
) -> Outcome:
    """Read everything as it is `at`. GraphError where the list could not be read whole; then nothing is changed.

    Of a customer with a relationship that could not be read no reading is written: the last one grows old, and the
    gate closes by itself.
    """
    rows, outcome, doubtful = relationships.every(graph), Outcome(), set()
    failures = 0
    for done, row in enumerate(rows, 1):
        try:
            _take(graph, row, outcome, at)
            failures = 0
        except (GraphError, Refused) as error:
            failures += 1
            if failures >= FAILURES:
                raise
            doubtful.add(_note(outcome, row, error))
        on_done(done, len(rows))
    _unlist(outcome, doubtful, at)
    unsure = GdapRelationship.objects.filter(relationship_id__in=doubtful).values("customer")
    for customer in Customer.objects.filter(pk__in=outcome.customers).exclude(
        pk__in=unsure.exclude(customer=None)
    ):
        _read(customer, outcome, at)
    return outcome


def _take(graph: Graph, row: object, outcome: Outcome, at: datetime) -> None:
    told = relationship(row)
    if told is None:
        outcome.unread.append("?")
        return
    if told.status == "active":  # in no other state does an assignment give anything
        try:
            told = relationship(row, relationships.assignments(graph, told.relationship_id))
        except Gone:
            return
    kept, customers = gdap_readings.keep(told, source=SOURCE, by=BY, at=at)
    outcome.relationships += 1
    outcome.strangers += kept.customer_id is None
    outcome.customers |= customers


def _note(outcome: Outcome, row: object, error: Exception) -> str:
    told = relationship(row)
    log.warning("GDAP: %s was not read: %s", told.relationship_id, error)
    outcome.unread.append(told.relationship_id)
    return told.relationship_id


def _unlist(outcome: Outcome, doubtful: set[str], at: datetime) -> None:
    """What the list has no more gives no access, whatever it said last."""
    lost = GdapRelationship.objects.filter(source=SOURCE, listed=True, synced_at__lt=at)
    lost = lost.exclude(relationship_id__in=doubtful).values_list("relationship_id", flat=True)
    for row in filter(None, [gdap_readings.unlist(each, by=BY, at=at) for each in lost]):
        outcome.unlisted += 1
        outcome.customers |= {row.customer_id} - {None}


def _read(customer: Customer, outcome: Outcome, at: datetime) -> None:
    stand = gdap_readings.of_customer(customer, customer.gdap_relationships.filter(source=SOURCE), at)
    try:
        outcome.readings += gdap_readings.read(customer, stand, source=SOURCE, by=BY, at=at) is not None
    except Refused as refused:  # somebody holds a ticket of this customer: the next hour looks again
        log.warning("GDAP: no reading for %s: %s", customer, refused.sentence)
        outcome.unread.append(f"{customer}")

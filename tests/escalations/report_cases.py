"""Outages and tickets that are over and owe a report, and a report on its way to being issued."""

from datetime import date

from escalations import outages, owing, reporting
from escalations.models import IncidentReport
from support.actors import Actor
from support.models import Outcome
from tests.escalations.outage_cases import act, declare, hit_contract, send
from tests.support.desk_cases import contract_under, raise_ticket, utc

OVER = "2026-10-14 11:00"
WORDS = {"impact": "Nobody read mail for two hours.", "root_cause": "A switch lost its power."}


def over(cast, clock, *contracts, at=OVER, **fields):
    """An outage that is closed at this instant."""
    outage = declare(cast, clock, *(contracts or [hit_contract(cast.northwind)]), **fields)
    act(outages.resolve, outage, cast, clock, "2026-10-14 10:30", text="Ana's own note on the switch.")
    act(outages.validate, outage, cast, clock, "2026-10-14 10:40", text="Robin and two others tried.")
    send(outage, cast, clock, at)
    return outage


def solved(cast, clock, at=OVER, service="enghouse-standard", outcome=Outcome.RESOLVED, **fields):
    """A P1 that is done at this instant."""
    contract = fields.pop("contract", None) or contract_under(service)
    ticket = raise_ticket(contract, clock(utc("2026-10-14 09:00")), **{"priority": "P1", **fields})
    ticket.resolve(outcome=outcome, by=Actor.of(cast.ana), at=clock(utc(at)))
    return ticket


def owed(cast, clock, subject=None):
    """The report of this, or of an outage."""
    subject = subject or over(cast, clock)
    owing.owe(clock(utc("2026-10-14 11:11")))
    return IncidentReport.objects.get(**{subject._meta.model_name: subject})


def drafted(cast, clock, report=None, **words):
    report = report or owed(cast, clock)
    by, at = Actor.of(cast.ana), clock(utc("2026-10-15 09:00"))
    reporting.begin(report, by=by, at=at)
    reporting.write(report, **{**WORDS, **words}, by=by, at=at)
    said = {"text": "Give the switch a second supply.", "owner": cast.ana, "due_on": date(2026, 11, 1)}
    reporting.add_action(report, **said, by=by, at=at)
    return report


def issued(cast, clock, report=None, at="2026-10-15 10:00", **words):
    report = drafted(cast, clock, report, **words)
    return reporting.issue(report, by=Actor.of(cast.max), at=clock(utc(at)))

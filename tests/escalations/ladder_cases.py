"""Tickets under the one shipped service that has a ladder: four levels, 4 h, 4 h, 16 h and 24 h apart."""

from escalations.models import Escalation
from tests.factories import ANA
from tests.support.desk_cases import contract_under, raise_ticket, utc

OPENED = "2026-10-12 09:00"  # a Monday; 10:00 in London
GROUND = "not-progressing"


def ladder_ticket(**fields):
    return raise_ticket(contract_under("exponential-e-ucc", **fields), utc(OPENED), priority="High")


def escalate(ticket, clock, at, **fields):
    """Raise the next level at this instant, which is the database's too; whoever is named as having asked has rung."""
    if fields.get("contact"):
        fields.setdefault("channel", "phone")
    return Escalation.escalate(
        ticket, at=clock(utc(at)), **{"ground": GROUND, "reason": "Third day.", "by": ANA, **fields}
    )


def on_level(ticket, clock, *instants):
    """The escalation on which the ticket stands after it was raised at each of these instants."""
    return [escalate(ticket, clock, at) for at in instants][-1]

"""Tickets under the shipped service that knows onsite assistance, an authorised contact, and requests on them."""

from escalations import onsite
from escalations.models import OnsiteVisitor
from tests.factories import ANA, TESTS
from tests.support.desk_cases import contract_under, raise_ticket, utc

OPENED = "2026-10-14 09:00"  # a Wednesday; 05:00 in New York
TASK, EQUIPMENT = "Replace a failed drive", "Rack 12, array 3, bay 7"
ZONE = "America/New_York"
WINDOW = {"window_from": utc("2026-10-14 13:00"), "window_until": utc("2026-10-14 17:00")}
VISIT = {"company": "Fibre Works", "visitors": "Jamie Doe\nLou Grant", "equipment": EQUIPMENT, "zone": ZONE}


def authorise(contact, may=True):
    contact.asks_onsite = may
    contact.by(TESTS, utc(OPENED)).save()
    return contact


def onsite_ticket(holder, code="microsoft-o365-dedicated", **fields):
    return raise_ticket(contract_under(code, holder=holder), utc(OPENED), **fields)


def ask_hands(ticket, contact, clock, at="2026-10-14 09:10", **fields):
    said = {"task": TASK, "equipment": EQUIPMENT, "by": ANA, **fields}
    return onsite.ask_hands(ticket, contact=contact, at=clock(utc(at)), **said)


def ask_access(ticket, contact, clock, at="2026-10-14 09:10", **fields):
    said = {**VISIT, **WINDOW, "by": ANA, **fields}
    return onsite.ask_access(ticket, contact=contact, at=clock(utc(at)), **said)


def step(request, kind, clock, at, **fields):
    """Written down at this instant, and told for it unless said otherwise."""
    now = clock(utc(at))
    return onsite.step(request, kind, at=now, **{"by": ANA, "happened_at": now, **fields})


def arrive(request, clock, at="2026-10-14 13:30", **fields):
    return step(request, "arrived", clock, at, **{"visitors": let_in(), **fields})


def let_in(*documents, by_whom="Sasha Guard"):
    """Each of the two who are announced, with what he showed."""
    shown = documents or ("passport", "passport")
    return [
        OnsiteVisitor(position=place, document=document, by_whom=by_whom)
        for place, document in enumerate(shown, 1)
    ]


def turned_away(position, why="Nothing to show.", by_whom="Sasha Guard"):
    return OnsiteVisitor(position=position, turned_away=why, by_whom=by_whom)

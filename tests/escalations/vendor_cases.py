"""Tickets under the shipped service whose vendor's clocks are Microsoft's, and cases on them."""

from escalations import vendors
from tests.factories import ANA
from tests.support.desk_cases import contract_under, raise_ticket, utc

OPENED = "2026-10-14 09:00"  # a Wednesday; 05:00 in New York
NUMBER = "TrackingID#2610140040001234"
CLAIM = {"how": "phone"}


def vendor_ticket(priority="A", at=OPENED, **fields):
    return raise_ticket(contract_under("egroup-csp-advantage", **fields), utc(at), priority=priority)


def open_case(ticket, clock, at=OPENED, **fields):
    """A Microsoft case of severity A, written down at this instant, which is the database's too."""
    now = clock(utc(at))
    said = {"party": "microsoft", "number": NUMBER, "severity": "A", "opened_at": now, "opened_how": "portal"}
    return vendors.open_case(ticket, by=ANA, at=now, **{**said, **fields})


def told(verb, case, clock, at, **fields):
    """A step of a case, claimed for the instant at which it is written down unless said otherwise."""
    now = clock(utc(at))
    return verb(case, by=ANA, at=now, **{"claimed_at": now, **CLAIM, **fields})


def escalate(case, clock, at, reason="Two hundred people stand still.", by=ANA):
    return vendors.escalate(case, reason=reason, by=by, at=clock(utc(at)))

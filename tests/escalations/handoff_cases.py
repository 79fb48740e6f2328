"""Tickets of severity A that cross from the United States to Australia, with the rota of an evening."""

from escalations import handing, handoff_alarms
from escalations.models import Absence, Duty, Region
from support.models import UserKind
from support.roles import Role
from tests.cases import NOON
from tests.factories import TESTS, UserFactory
from tests.support.desk_cases import contract_under, raise_ticket, utc

OPENED = "2026-10-14 20:00"  # 16:00 in New York
CLOSES = "2026-10-15 00:00"  # 20:00 there
WORDS = {
    "standing": "Two of three domains send again.",
    "tried": "Restarted the connector.",
    "next_action": "The third domain after midnight.",
    "expected": "A call from Sol, promised by Ana.",
}


def person(name, role=Role.AGENT, zone="Australia/Sydney"):
    user = UserFactory(name=name, email=f"{name.lower()}@staff.example", kind=UserKind.STAFF, time_zone=zone)
    user.give_roles([role], by=TESTS, at=NOON)
    return user


def region(code):
    return Region.objects.get(code=code)


def on_duty(who, code="au", begin=CLOSES, end="2026-10-15 10:00"):
    row = Duty(person=who, region=region(code), from_at=utc(begin), until_at=utc(end))
    row.by(TESTS).save()
    return row


def away(who, begin=CLOSES, end="2026-10-15 10:00"):
    row = Absence(person=who, from_at=utc(begin), until_at=utc(end))
    row.by(TESTS).save()
    return row


def sol_at_midnight(now):
    """Sol, on duty in Australia from the closing on; it is evening in New York."""
    now(OPENED)
    sol = person("Sol")
    on_duty(sol)
    return sol


def deferred(cast):
    """Northwind's ticket of severity A, Ana's."""
    return severe(holder=cast.northwind, owner=cast.ana, title="Mail is deferred")


def severe(at=OPENED, priority="A", service="egroup-csp-advantage", **fields):
    holder = fields.pop("holder", None)
    under = contract_under(service, **({"holder": holder} if holder else {}))
    return raise_ticket(under, utc(at), priority=priority, **fields)


def offered(ticket, clock, by, at="2026-10-14 23:00", **fields):
    """A hand-off, written down at this instant, which is the database's too."""
    return handing.offer(ticket, by=by, at=clock(utc(at)), **{**WORDS, **fields})


def swept(clock, at):
    """How many alarms are told at this instant, which is the database's too."""
    clock(utc(at))
    return handoff_alarms.sweep()

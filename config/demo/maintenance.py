"""The demo's maintenance: an hour of the past month, an outage that outlasts it, and a window that is still to come."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from config.demo import clock
from config.demo.month import Month
from escalations import maintenance, notices, outages
from escalations.models import MaintenanceWindow
from support.actors import Actor
from support.models import Contract, User

PAST, TO_COME = "Database servers are renewed", "Voice recording moves to new storage"
DOWN = "Agents cannot sign in"


@transaction.atomic
def play(contract: Contract, agent: User, month: Month, now: datetime) -> None:
    """A night's window, an outage that runs out of it, and a window that is still to come; where they are not there yet."""
    if MaintenanceWindow.objects.filter(title=TO_COME).exists():
        return
    begins = month.starts(contract.holder.time_zone) + timedelta(days=16, hours=1)
    details = "Nobody can sign in while the servers change."
    _announce(contract, agent, PAST, details, begins, 1, clock.set_to(begins - timedelta(days=35)))
    _outage(contract, Actor.of(agent), begins)
    zone = ZoneInfo(contract.holder.time_zone)
    day = now.astimezone(zone).date() + timedelta(days=34)
    night = datetime(day.year, day.month, day.day, 22, tzinfo=zone)
    details = "Recordings of that night are kept and appear later."
    _announce(contract, agent, TO_COME, details, night, 4, clock.set_to(now))


def _outage(contract: Contract, by: Actor, begins: datetime) -> None:
    def at(minutes: int) -> datetime:
        return clock.set_to(begins + timedelta(minutes=minutes))

    said = {"product": None, "priority": "P1", "title": DOWN, "began_at": at(40)}
    outage = outages.declare([contract], **said, by=by, at=at(45))

    def notice(minutes: int, details: str, impact: str) -> None:
        notices.send(outage, details=details, impact=impact, expected_at=None, by=by, at=at(minutes))

    notice(50, "The new servers refuse sessions.", "No agent can sign in to the contact centre.")
    over = begins + timedelta(minutes=88)
    outages.resolve(outage, ended_at=over, text="The sessions are shared again.", by=by, at=at(92))
    outages.validate(outage, text="Pat signed in with three agents.", by=by, at=at(95))
    notice(97, "A setting was missing.", "None any more.")


def _announce(contract, agent, title, details, begins, hours, at) -> None:
    maintenance.announce(
        [contract],
        product=None,
        title=title,
        details=details,
        begins_at=begins,
        ends_at=begins + timedelta(hours=hours),
        by=Actor.of(agent),
        at=at,
    )

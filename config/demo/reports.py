"""The demo's major incident reports: one issued in time after the outage of mailboxes; what else the month owes stays owed."""

from datetime import timedelta

from django.db import transaction

from config.demo import clock
from config.demo.outages import TITLE
from escalations import owing, reporting
from escalations.models import IncidentReport, Outage
from support.actors import Actor
from support.models import User

IMPACT = "From 07:50 to 15:10 in New York nobody could open a mailbox, from 13:00 on every second person. No mail was lost."
CAUSE = "Firmware of the storage array stopped at its counter's limit; the second array had the same and was not warned."
ACTIONS = {"Renew the firmware of both arrays": 14, "Watch the counter and warn at 80 %": 21}  # days


@transaction.atomic
def play(agent: User, manager: User) -> None:
    """Where it is not there yet."""
    outage = Outage.objects.get(title=TITLE)
    if IncidentReport.objects.filter(outage=outage).exists():
        return
    ended = outage.notices.get(kind="resolution").at
    owing.owe(clock.set_to(ended + timedelta(minutes=1)))
    report, by = IncidentReport.objects.get(outage=outage), Actor.of(agent)
    at = clock.set_to(ended + timedelta(days=1))
    reporting.begin(report, by=by, at=at)
    reporting.write(report, impact=IMPACT, root_cause=CAUSE, by=by, at=at)
    for text, days in ACTIONS.items():
        due_on = (at + timedelta(days=days)).date()
        reporting.add_action(report, text=text, owner=agent, due_on=due_on, by=by, at=at)
    reporting.issue(report, by=Actor.of(manager), at=clock.set_to(ended + timedelta(days=2)))

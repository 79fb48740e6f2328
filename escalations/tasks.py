"""The jobs of escalations. Each calls one function of a domain module."""

from django.utils import timezone

from escalations import climbing
from support import alarms, jobs


@jobs.app.periodic(cron="* * * * *")
@jobs.task("escalations.sweep", queueing_lock="escalations.sweep")
def sweep(timestamp: int) -> None:
    alarms.sweep("escalations")


@jobs.app.periodic(cron="* * * * *")
@jobs.task("escalations.climb", queueing_lock="escalations.climb")
def climb(timestamp: int) -> None:
    climbing.climb(timezone.now())

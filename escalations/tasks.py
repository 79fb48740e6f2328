"""The jobs of escalations. Each calls one function of a domain module."""

from support import alarms, jobs


@jobs.app.periodic(cron="* * * * *")
@jobs.task("escalations.sweep", queueing_lock="escalations.sweep")
def sweep(timestamp: int) -> None:
    alarms.sweep("escalations")

"""The jobs of escalations. Each calls one function of a domain module."""

from django.utils import timezone

from escalations import climbing, handoff_alarms, maintenance_stops, notices, owing, report_paper
from support import alarms, jobs


@jobs.app.periodic(cron="* * * * *")
@jobs.task("escalations.sweep", queueing_lock="escalations.sweep")
def sweep(timestamp: int) -> None:
    alarms.sweep("escalations")


@jobs.app.periodic(cron="* * * * *")
@jobs.task("escalations.climb", queueing_lock="escalations.climb")
def climb(timestamp: int) -> None:
    climbing.climb(timezone.now())


@jobs.app.periodic(cron="* * * * *")
@jobs.task("escalations.handoffs", queueing_lock="escalations.handoffs")
def handoffs(timestamp: int) -> None:
    handoff_alarms.sweep()


@jobs.app.periodic(cron="* * * * *")
@jobs.task("escalations.sweep_notices", queueing_lock="escalations.sweep_notices")
def sweep_notices(timestamp: int) -> None:
    notices.sweep(timezone.now())


@jobs.app.periodic(cron="* * * * *")
@jobs.task("escalations.maintenance", queueing_lock="escalations.maintenance")
def maintenance(timestamp: int) -> None:
    maintenance_stops.sweep()


@jobs.app.periodic(cron="* * * * *")
@jobs.task("escalations.owe_reports", queueing_lock="escalations.owe_reports")
def owe_reports(timestamp: int) -> None:
    owing.owe(timezone.now())


@jobs.app.periodic(cron="* * * * *")
@jobs.task("escalations.report_papers", queueing_lock="escalations.report_papers")
def report_papers(timestamp: int) -> None:
    report_paper.make_lacking(timezone.now())

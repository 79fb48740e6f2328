"""The jobs of the desk. Each calls one function of a domain module."""

import logging

from django.utils import timezone

from support import alarms, alarms_kept, jobs, troubled
from support.calendars import moving
from support.desk import replay_runs
from support.mail import ingesting, outbox
from support.models import CalendarMove

log = logging.getLogger("countersign.jobs")
STALLED_AFTER = int(troubled.SILENT.total_seconds())


@jobs.task("support.send_mail", queue="mail", retry=jobs.retry(outbox.TRIES))
def send_mail(mail: int) -> None:
    outbox.send(mail)


@jobs.task("support.replay", queue="replay")
def replay(run: int) -> None:
    replay_runs.perform(run)


@jobs.task(moving.TASK, retry=jobs.retry(3))
def move_calendar(move: int) -> None:
    moving.run(CalendarMove.objects.get(pk=move))


@jobs.app.periodic(cron="* * * * *")
@jobs.task("support.read_left_mail", queueing_lock="support.read_left_mail")
def read_left_mail(timestamp: int) -> None:
    ingesting.deal_with_left(timezone.now())


@jobs.app.periodic(cron="* * * * *")
@jobs.task("support.sweep", queueing_lock="support.sweep")
def sweep(timestamp: int) -> None:
    alarms.sweep("support")


@jobs.app.periodic(cron="30 3 * * *")
@jobs.task("support.mend_alarms", queueing_lock="support.mend_alarms")
def mend_alarms(timestamp: int) -> None:
    if mended := alarms_kept.mend():
        log.error("The alarms of %s tickets were not those of their timelines: armed anew.", mended)


@jobs.app.periodic(cron="* * * * *")
@jobs.task("support.retry_stalled", queueing_lock="support.retry_stalled", pass_context=True)
async def retry_stalled(context, timestamp: int) -> None:
    """A killed worker leaves its job `doing` for ever: put such jobs back."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        log.warning("Job %s (%s) stood still: tried again.", job.id, job.task_name)
        await manager.retry_job(job)

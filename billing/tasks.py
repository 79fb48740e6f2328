"""The jobs of billing. Each calls one function of a domain module."""

from django.utils import timezone

from billing import expiring, gdap_sync, gdap_warning, papers, reminding
from billing.book import uploads
from support import jobs


@jobs.app.periodic(cron="* * * * *")
@jobs.task("billing.expire", queueing_lock="billing.expire")
def expire(timestamp: int) -> None:
    expiring.run()


@jobs.app.periodic(cron="*/5 * * * *")
@jobs.task("billing.remind", queueing_lock="billing.remind")
def remind(timestamp: int) -> None:
    reminding.run()


@jobs.app.periodic(cron="17 * * * *")
@jobs.task("billing.sync_gdap", queueing_lock="billing.sync_gdap", retry=jobs.retry(4))
def sync_gdap(timestamp: int) -> None:
    gdap_sync.hourly(timezone.now())


@jobs.app.periodic(cron="47 * * * *")
@jobs.task("billing.warn_gdap", queueing_lock="billing.warn_gdap")
def warn_gdap(timestamp: int) -> None:
    gdap_warning.run()


@jobs.task(uploads.TASK, queue="book")
def take_book(run: int) -> None:
    uploads.perform(run)


@jobs.app.periodic(cron="* * * * *")
@jobs.task("billing.make_papers", queueing_lock="billing.make_papers")
def make_papers(timestamp: int) -> None:
    papers.make_lacking(timezone.now())

"""The jobs of billing. Each calls one function of a domain module."""

from billing import expiring, reminding
from support import jobs


@jobs.app.periodic(cron="* * * * *")
@jobs.task("billing.expire", queueing_lock="billing.expire")
def expire(timestamp: int) -> None:
    expiring.run()


@jobs.app.periodic(cron="*/5 * * * *")
@jobs.task("billing.remind", queueing_lock="billing.remind")
def remind(timestamp: int) -> None:
    reminding.run()

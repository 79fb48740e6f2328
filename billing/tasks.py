"""The jobs of billing. Each calls one function of a domain module."""

from billing import expiring
from support import jobs


@jobs.app.periodic(cron="* * * * *")
@jobs.task("billing.expire", queueing_lock="billing.expire")
def expire(timestamp: int) -> None:
    expiring.run()

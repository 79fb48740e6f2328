"""The one door to the queue of background work, which lives in the same PostgreSQL.

A job deferred in a transaction exists when that commits, and never otherwise. Its effect carries a
unique key of its own, so a job that runs twice acts once.
"""

from collections.abc import Iterable

from procrastinate import RetryStrategy, utils
from procrastinate.contrib.django import app

__all__ = ["app", "defer", "defer_all", "retry", "task", "try_again"]


def task(name: str, **options):
    """Register a function as the job `name`, as `app.task` does."""
    return app.task(name=name, **options)


def defer(name: str, **arguments) -> int:
    """Queue a job by name in the current transaction; returns its number."""
    return app.configure_task(name).defer(**arguments)


def defer_all(name: str, calls: Iterable[dict]) -> None:
    """Queue a job once for each of these arguments, by one statement."""
    if calls := list(calls):
        app.configure_task(name).batch_defer(*calls)


def try_again(number: int) -> None:
    """Put a failed job back: it runs at once, with its tries counted anew from there."""
    app.job_manager.retry_job_by_id(number, utils.utcnow())


def retry(tries: int) -> RetryStrategy:
    """Try a job again up to `tries` times, after 5, 25, 125, 625 … seconds: eight tries last a day."""
    return RetryStrategy(max_attempts=tries, exponential_wait=5)

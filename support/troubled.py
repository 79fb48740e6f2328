"""Which jobs need somebody: those that failed for good, and those whose worker has not been heard of."""

from datetime import datetime, timedelta

from django.db.models import Q

FAILED, DOING = "failed", "doing"
SILENT = timedelta(minutes=2)  # before a worker counts as gone; its heart beats every ten seconds
PARAMETER, YES = "trouble", "yes"  # of the list in the records


def jobs(at: datetime) -> Q:
    """Of procrastinate's jobs. A job whose worker was struck off the list has none."""
    gone = Q(worker=None) | Q(worker__last_heartbeat__lt=at - SILENT)
    return Q(status=FAILED) | Q(gone, status=DOING)

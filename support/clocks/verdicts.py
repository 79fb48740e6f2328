"""The words for how a clock stands, how it was judged, and whose a miss is."""

from enum import StrEnum


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


class Verdict(StrEnum):
    PENDING = "pending"
    MET = "met"
    MISSED = "missed"
    UNJUDGED = "unjudged"


class Attribution(StrEnum):
    PROVIDER = "provider"
    VENDOR = "vendor"
    CUSTOMER_WAIT = "customer_wait"
    RECLASSIFICATION = "reclassification"


class Why(StrEnum):
    """Why a segment counts or does not."""

    RUNNING = "running"
    CLOSED = "closed"  # outside the calendar's hours
    WAIT = "wait"
    OVERDUE = "overdue"  # after the due instant, until the clock was stopped

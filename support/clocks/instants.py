"""Instants as whole microseconds since 1970 in UTC: the numbers that calendars are compiled to and counted in."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL = EPOCH.toordinal()
SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 86_400 * SECOND


def micros(instant: datetime) -> int:
    """Microseconds since 1970 of an aware instant; ValueError when it has no zone."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone")
    since = instant - EPOCH
    return since.days * DAY + since.seconds * SECOND + since.microseconds


def instant(count: int) -> datetime:
    """The UTC instant that many microseconds after 1970."""
    return EPOCH + timedelta(microseconds=count)

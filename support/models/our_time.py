"""Bounds of what a table keeps: PostgreSQL knows instants and days that Python, and so every page, cannot show."""

from datetime import UTC, date, datetime

from django.db.models import CheckConstraint, Q

EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(9999, 12, 31)  # a day has no zone that leads past the end


def instants_in_our_time(name: str, *fields: str) -> CheckConstraint:
    """Each of these instants is empty, or one that any page can show."""
    return CheckConstraint(condition=_between(fields, EARLIEST, "lt", LATEST), name=name)


def days_in_our_time(name: str, *fields: str, last: date = LAST_DAY) -> CheckConstraint:
    """As instants_in_our_time, for days up to `last`."""
    return CheckConstraint(condition=_between(fields, FIRST_DAY, "lte", last), name=name)


def _between(fields: tuple[str, ...], first: date, until: str, last: date) -> Q:
    kept = Q()
    for field in fields:
        kept &= Q(**{field: None}) | Q(**{f"{field}__gte": first, f"{field}__{until}": last})
    return kept

"""Bounds of what a table keeps: PostgreSQL knows instants and days that Python, and so every page, cannot show."""

from datetime import UTC, date, datetime

from django.db.models import CheckConstraint, Q

from support.refusal import NOT_OF_OUR_TIME

# What is told of an outage, a window or a report, and a month of the books, is of our own time.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
# All that Python knows, but for a day at either end past which a zone leads.
FIRST, LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
FIRST_DAY, LAST_DAY = date(1, 1, 1), date(9999, 12, 31)


def instants_in_our_time(name: str, *fields: str) -> CheckConstraint:
    """Each of these instants is empty, or one that any page can show."""
    bound = _between(fields, FIRST, "lt", LAST)
    return CheckConstraint(condition=bound, name=name, violation_error_message=NOT_OF_OUR_TIME)


def days_in_our_time(name: str, *fields: str, last: date = LAST_DAY) -> CheckConstraint:
    """As instants_in_our_time, for days up to `last`."""
    bound = _between(fields, FIRST_DAY, "lte", last)
    return CheckConstraint(condition=bound, name=name, violation_error_message=NOT_OF_OUR_TIME)


def _between(fields: tuple[str, ...], first: date, until: str, last: date) -> Q:
    kept = Q()
    for field in fields:
        kept &= Q(**{field: None}) | Q(**{f"{field}__gte": first, f"{field}__{until}": last})
    return kept

"""Bounds of what a table keeps: PostgreSQL knows instants and days that Python, and so every page, cannot show."""

from datetime import UTC, date, datetime

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.db.models import CheckConstraint, Q

from support.refusal import NOT_OF_OUR_TIME

# What is told of an outage, a window or a report, and a month of the books, is of our own time.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
# All that Python knows, but for a day at either end past which a zone leads.
FIRST, LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
FIRST_DAY, LAST_DAY = date(1, 1, 1), date(9999, 12, 31)


class _Bound(CheckConstraint):
    """A check that is judged here as the database judges it, so that no form and no import asks for each row."""

    def __init__(self, *, fields: tuple[str, ...] = (), first: date = FIRST, last: date = LAST, **options):
        self.fields, self.first, self.last = fields, first, last
        super().__init__(**options)

    def deconstruct(self):
        """For migrations an ordinary check."""
        _path, args, options = super().deconstruct()
        return "django.db.models.CheckConstraint", args, options

    def clone(self):
        """As a model's Meta keeps it."""
        _path, _args, options = self.deconstruct()
        return type(self)(fields=self.fields, first=self.first, last=self.last, **options)

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        values = [getattr(instance, field) for field in self.fields if field not in (exclude or ())]
        if not all(self.first <= value <= self.last for value in values if isinstance(value, date)):
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)


def instants_in_our_time(name: str, *fields: str) -> CheckConstraint:
    """Each of these instants is empty, or one that any page can show."""
    return _bound(name, fields, FIRST, "lt", LAST)


def days_in_our_time(name: str, *fields: str, last: date = LAST_DAY) -> CheckConstraint:
    """As instants_in_our_time, for days up to `last`."""
    return _bound(name, fields, FIRST_DAY, "lte", last)


def _bound(name: str, fields: tuple[str, ...], first: date, until: str, last: date) -> CheckConstraint:
    kept = Q()
    for field in fields:
        kept &= Q(**{field: None}) | Q(**{f"{field}__gte": first, f"{field}__{until}": last})
    inclusive = last if until == "lte" else last - last.resolution
    said = {"condition": kept, "name": name, "violation_error_message": NOT_OF_OUR_TIME}
    return _Bound(fields=fields, first=first, last=inclusive, **said)

"""Queries whose SQL is written once: for a page that asks the same ones each time, writing them costs more than asking them."""

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BooleanField, Expression, F, Field, Func, QuerySet


class Given(Expression):
    """A value that is named when the query is asked, of the type of `field`."""

    def __init__(self, name: str, field: Field) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler, connection) -> tuple[str, list["Given"]]:
        return "%s", [self]


class Prepared:
    """A query of `values_list()`; its columns come as psycopg reads them, JSON as text."""

    def __init__(self, rows: QuerySet) -> None:
        self._sql, self._values = rows.query.sql_with_params()

    def rows(self, **given: object) -> list[tuple]:
        values = [given[each.name] if isinstance(each, Given) else each for each in self._values]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, values)
            return cursor.fetchall()


def is_one_of(name: str, field: Field, given: str) -> Func:
    """A condition: the column `name` is among the given list."""
    one_of = {"template": "%(expressions)s)", "arg_joiner": " = ANY (", "output_field": BooleanField()}
    return Func(F(name), Given(given, ArrayField(field)), **one_of)

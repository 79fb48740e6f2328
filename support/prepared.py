"""Queries whose SQL is written once: for a page that asks the same ones each time, writing them costs more than asking them."""

from collections.abc import Sequence
from functools import partial
from typing import Generic, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BigIntegerField, BooleanField, Expression, F, Field, Func, Model, QuerySet
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)


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
        return _asked(self._sql, self._values, given)

    def sql_with(self, given: dict[str, object]) -> tuple[str, list]:
        return self._sql, _named(self._values, given)


class Keys(Expression):
    """The keys that a prepared query answers, as an array in another query: `is_among("customer", Keys(named, words="teams"))`.

    The index of an array is read together with others; a subquery of IN would be joined, each for itself.
    """

    def __init__(self, query: Prepared, **given: object) -> None:
        super().__init__(output_field=ArrayField(BigIntegerField()))
        self._query, self._given = query, given

    def as_sql(self, compiler, connection) -> tuple[str, list]:
        sql, values = self._query.sql_with(self._given)
        return f"ARRAY({sql})", values


class PreparedModels(Generic[M]):
    """A query whose rows are models, each with what `select_related()` names, as Django's own iterable makes them."""

    def __init__(self, rows: QuerySet[M]) -> None:
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql, self._values = compiler.as_sql()
        columns, known = compiler.select, compiler.klass_info
        self._model, self._places = (
            rows.model,
            slice(known["select_fields"][0], known["select_fields"][-1] + 1),
        )
        self._names = [column.target.attname for column, *_rest in columns[self._places]]
        self._related = get_related_populators(known, columns, DEFAULT_DB_ALIAS)
        converters = compiler.get_converters([column for column, *_rest in columns])
        self._converted = partial(compiler.apply_converters, converters=converters) if converters else iter

    def rows(self, **given: object) -> list[M]:
        found = []
        for row in self._converted(_asked(self._sql, self._values, given)):
            made = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._places])
            for each in self._related:
                each.populate(row, made)
            found.append(made)
        return found


def _asked(sql: str, values: Sequence, given: dict[str, object]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, _named(values, given))
        return cursor.fetchall()


def _named(values: Sequence, given: dict[str, object]) -> list:
    return [given[each.name] if isinstance(each, Given) else each for each in values]


def is_one_of(name: str, field: Field, given: str) -> Func:
    """A condition: the column `name` is among the given list."""
    return is_among(name, Given(given, ArrayField(field)))


def is_among(name: str, array: Expression) -> Func:
    one_of = {"template": "%(expressions)s)", "arg_joiner": " = ANY (", "output_field": BooleanField()}
    return Func(F(name), array, **one_of)

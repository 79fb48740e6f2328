"""What no page can show is kept in no row, whoever writes it: PostgreSQL knows infinity, and years that Python does not."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import DateField

from support.models import LegalEntity
from support.models.our_time import LAST, instants_in_our_time
from support.refusal import Refused, refusing
from tests.attacks import run

pytestmark = pytest.mark.django_db

BOUNDS = r"""
    SELECT c.conname, pg_get_expr(c.conbin, c.conrelid), array_agg(a.attname::text), max(format_type(a.atttypid, a.atttypmod))
    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
    WHERE c.conname LIKE '%\_in\_our\_time' AND c.convalidated GROUP BY c.oid
"""
UNBOUND = r"""
    SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind = 'r' AND c.relname ~ '^(support|billing|escalations)_' AND c.relname !~ 'historical'
        AND a.atttypid IN ('date'::regtype, 'timestamptz'::regtype)
        AND (has_column_privilege('countersign_app', c.oid, a.attnum, 'INSERT') OR has_column_privilege('countersign_app', c.oid, a.attnum, 'UPDATE'))
        AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND a.attnum = ANY (k.conkey) AND k.contype = 'c'
            AND pg_get_constraintdef(k.oid) ~ '(2200|9999)-')
        AND NOT EXISTS (SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgrelid = c.oid
            AND p.prosrc ~ ('NEW\.' || a.attname || '\s*:=|INTO (STRICT )?([^;]*, )?NEW\.' || a.attname || '\M'))
    ORDER BY 1, 2
"""
OUTSIDE = ["infinity", "-infinity", "4000-01-01 00:00 BC", "294000-01-01 00:00"]


def test_each_instant_and_each_day_is_one_that_can_be_shown():
    bounds = run(BOUNDS)
    assert len(bounds) >= 54
    for name, bound, columns, kind in bounds:
        for column in columns:
            row = ", ".join(f"{'%s' if each == column else 'NULL'}::{kind} AS {each}" for each in columns)
            asked = f"SELECT {bound} FROM (SELECT {row}) alone"
            told = [run(asked, at)[0][0] is not False for at in ("2026-10-14", *OUTSIDE)]
            assert told == [True, False, False, False, False], f"{name}: {column}"


def test_what_the_app_may_write_is_bound_or_set_by_a_guard():
    assert run(UNBOUND) == []


def test_a_form_judges_it_as_the_database_does_without_asking_it(django_assert_num_queries):
    every = [(bound, model) for model in apps.get_models() for bound in model._meta.constraints]
    bounds = [
        (bound, model) for bound, model in every if type(bound) is type(instants_in_our_time("x", "at"))
    ]
    assert len(bounds) >= 54
    with django_assert_num_queries(0):
        for bound, model in bounds:
            judged(bound, model)


def judged(bound, model):
    assert bound.fields
    for name in bound.fields:
        day = type(model._meta.get_field(name)) is DateField
        last = bound.last if day else LAST - timedelta.resolution
        bound.validate(model, model(**{name: last}))
        bound.validate(model, model(**{name: None}), exclude={name})
        late = date(9999, 12, 31) if day else LAST
        if late > last:
            with pytest.raises(ValidationError, match="look at the year"):
                bound.validate(model, model(**{name: late}))


@pytest.mark.parametrize("at", OUTSIDE)
def test_whoever_writes_one_reads_what_to_look_at(at):
    company = LegalEntity.objects.get().pk
    with pytest.raises(Refused, match="look at the year"), refusing({}), transaction.atomic():
        run("SELECT hold_month(%s, %s)", company, at)

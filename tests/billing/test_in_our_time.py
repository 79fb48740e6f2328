"""What no page can show is kept in no row, whoever writes it: PostgreSQL knows infinity, and years that Python does not."""

import pytest
from django.db import connection

from billing.rules import OUR_TIME, SENTENCES
from tests.attacks import run

pytestmark = pytest.mark.django_db

BOUND = """
    SELECT pg_get_expr(c.conbin, c.conrelid), array_agg(a.attname::text), max(format_type(a.atttypid, a.atttypmod))
    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
    WHERE c.conname = %s AND c.convalidated GROUP BY c.oid
"""
OUTSIDE = ["infinity", "-infinity", "4000-01-01 00:00 BC", "294000-01-01 00:00"]


@pytest.mark.parametrize("what", OUR_TIME)
def test_each_instant_and_each_day_is_one_that_can_be_shown(what):
    [(bound, columns, kind)] = run(BOUND, f"{what}_in_our_time")

    def holds(column, at):
        row = ", ".join(f"{'%s' if name == column else 'NULL'}::{kind} AS {name}" for name in columns)
        return run(f"SELECT {bound} FROM (SELECT {row}) alone", at)[0][0]

    for column in columns:
        assert [holds(column, at) for at in (None, "2026-10-14")] == [True, True]
        assert [holds(column, at) for at in OUTSIDE] == [False] * len(OUTSIDE)


def test_each_bound_has_its_sentence():
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE conname LIKE '%in_our_time'")
        names = {name for (name,) in cursor.fetchall()}
    ours = {f"{what}_in_our_time" for what in OUR_TIME}
    assert ours <= names & SENTENCES.keys()
    assert {name for name in names - ours if not name.startswith(("outage_", "notice_", "report_"))} == set()

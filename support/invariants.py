"""What `manage.py check_invariants` asks: read-only queries whose rows are what is wrong. Each app has a module `invariants`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection

from support import alarms_kept
from support.models.tracked import Tracked


@dataclass(frozen=True, slots=True)
class Check:
    """`number` as the list of invariants has it, `promise` in a few words, `finds` the SQL or function that finds every breach."""

    number: int
    promise: str
    finds: str | Callable[[], list[tuple]]

    def breaches(self) -> list[tuple]:
        if callable(self.finds):
            return self.finds()
        with connection.cursor() as cursor:
            cursor.execute(self.finds)
            return cursor.fetchall()


FIRED = """
    SELECT a.id, a.key FROM support_alarm a LEFT JOIN support_mail m ON m.key = 'alarm:' || a.id
    WHERE (a.fired_at IS NULL) <> (m.id IS NULL) OR a.fired_at < a.due_at
"""


def append_only(tables: Iterable[str]) -> str:
    """SQL that finds the tables among these which lack the trigger, or to which the app has more rights than to add."""
    names = ", ".join(f"('{table}')" for table in tables)
    return f"""
        SELECT name, 'no trigger append_only that is always on' FROM (VALUES {names}) AS known (name)
        WHERE NOT EXISTS (SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgrelid = name::regclass
            AND p.proname = 'append_only' AND t.tgenabled = 'A' AND t.tgtype & 56 = 56)
        UNION ALL
        SELECT name, 'the app may ' || r FROM (VALUES {names}) AS known (name), unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) r
        WHERE has_table_privilege('countersign_app', name, r)
            OR (r = 'UPDATE' AND has_any_column_privilege('countersign_app', name, r))
    """  # noqa: S608  names of tables of ours


def guarded(tables: Iterable[str]) -> str:
    """SQL that finds the tables among these whose guard is not always on."""
    names = ", ".join(f"('{table}')" for table in tables)
    return f"""
        SELECT name, 'no guard that is always on' FROM (VALUES {names}) AS known (name)
        WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = name::regclass AND tgname = 'guard' AND tgenabled = 'A')
    """  # noqa: S608  names of tables of ours


READ_BY_RULES = ("support_historicaluser", "support_historicalcustomer")


def checks() -> Iterator[Check]:
    yield Check(21, "every alarm that fired had one effect, and no other", FIRED)
    yield Check(
        21, "every alarm that an open ticket wants is armed for its instant or has fired", alarms_kept.strayed
    )
    yield Check(44, "every change of a tracked row leaves history", _history())
    yield Check(
        44,
        "history itself only grows",
        append_only(model.history.model._meta.db_table for model in _tracked()),
    )
    yield Check(44, "history that rules are read from is written as it happens", guarded(READ_BY_RULES))


def _tracked() -> list[type[Tracked]]:
    return [model for model in apps.get_models() if issubclass(model, Tracked)]


def _history() -> str:
    """Per tracked table: rows whose newest history says something else, and history of rows that vanished."""
    return " UNION ALL ".join(_history_of(model) for model in _tracked())


def _history_of(model: type[Tracked]) -> str:
    table, history = model._meta.db_table, model.history.model._meta.db_table
    untracked = "".join(f" - '{name}'" for name in model.untracked)
    return f"""
        SELECT '{table}', coalesce(t.id, h.id) FROM {table} t FULL JOIN
            (SELECT DISTINCT ON (id) * FROM {history} ORDER BY id, history_id DESC) h ON h.id = t.id
        WHERE h.id IS NULL OR (t.id IS NULL) <> (h.history_type = '-')
            OR (to_jsonb(t){untracked}) || to_jsonb(h) <> to_jsonb(h) || (to_jsonb(t){untracked})
    """  # noqa: S608  names of tables of ours

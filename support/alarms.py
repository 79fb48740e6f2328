"""Alarms that are due: claimed in batches, each acted on once, whoever is killed and however many look at once."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction

from support.models.alarms import Alarm

BATCH = 200  # alarms in a transaction

# What an action does with the alarms of a batch, in the transaction that marks them as fired; effects carry unique keys.
Act = Callable[[list[Alarm], datetime], None]
_actions: dict[str, Act] = {}

# countersign_now() is volatile: compared bare, it would be asked anew for every alarm that is armed, and no index would help.
CLAIM = """
UPDATE support_alarm SET fired_at = countersign_now() WHERE id IN (
    SELECT id FROM support_alarm WHERE fired_at IS NULL AND app = %s AND due_at <= (SELECT countersign_now())
    ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING id
"""
FIRST_IS_DUE = """
SELECT due_at <= countersign_now() FROM support_alarm WHERE fired_at IS NULL AND app = %s ORDER BY due_at LIMIT 1
"""


def register(action: str, act: Act) -> None:
    """Called by the app that acts, when it is ready."""
    _actions[action] = act


def sweep(app: str) -> int:
    """Fire every alarm of this app that is due; answers how many. Its cost follows the number due, not the number armed.

    A batch that fails is undone whole and raises; a worker that is killed leaves its batch armed.
    """
    fired = 0
    if not _any_due(app):  # nearly every tick: one small query and no transaction
        return fired
    while claimed := _fire(app):
        fired += claimed
    return fired


def _any_due(app: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(FIRST_IS_DUE, [app])
        return cursor.fetchone() == (True,)


@transaction.atomic
def _fire(app: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [app, BATCH])
        ids = [pk for (pk,) in cursor.fetchall()]
    grouped: dict[str, list[Alarm]] = defaultdict(list)
    for alarm in (
        Alarm.objects.filter(pk__in=ids)
        .select_related("ticket__owner", "ticket__customer")
        .order_by("due_at", "id")
    ):
        grouped[alarm.action].append(alarm)
    for action, alarms in grouped.items():
        _actions[action](alarms, alarms[0].fired_at)
    return len(ids)

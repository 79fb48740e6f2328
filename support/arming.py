"""The alarms of tickets as rows, in one statement: what is wanted is armed or moved, what is not is taken back."""

import json
from collections.abc import Iterable, Mapping

from django.db import connection

from support.clocks.alarms import MANAGEMENT, WAKE, Alarm

# Threshold → the action that is due, with the app that acts in front; every other share is a warning.
ACTIONS = {MANAGEMENT: "escalations.management", "100": "support.late", WAKE: "support.wake"}
WARNING = "support.warn"

ARM = """
WITH wanted AS (SELECT * FROM jsonb_to_recordset(%s::jsonb) AS w (ticket_id bigint, key text, threshold text, action text, due_at timestamptz)),
gone AS (
    DELETE FROM support_alarm a WHERE a.ticket_id = ANY (%s) AND a.fired_at IS NULL
        AND NOT EXISTS (SELECT FROM wanted w WHERE (w.ticket_id, w.key, w.threshold, w.action) = (a.ticket_id, a.key, a.threshold, a.action))
)
INSERT INTO support_alarm (ticket_id, key, threshold, app, action, due_at)
SELECT ticket_id, key, threshold, split_part(action, '.', 1), action, due_at FROM wanted
ON CONFLICT (ticket_id, key, threshold, action) DO UPDATE SET due_at = EXCLUDED.due_at
    WHERE support_alarm.fired_at IS NULL AND support_alarm.due_at <> EXCLUDED.due_at
"""


def action_of(alarm: Alarm) -> str:
    """What is done when it is due."""
    return ACTIONS.get(alarm.threshold, WARNING)


def arm(alarms: Mapping[int, Iterable[Alarm]]) -> None:
    """Ticket's id → what it wants. Call it with their rows locked. An alarm that has fired is never armed again."""
    wanted = [
        {
            "ticket_id": ticket,
            "key": alarm.key,
            "threshold": alarm.threshold,
            "action": action_of(alarm),
            "due_at": alarm.at.isoformat(),
        }
        for ticket, of_ticket in alarms.items()
        for alarm in of_ticket
    ]
    with connection.cursor() as cursor:
        cursor.execute(ARM, [json.dumps(wanted), list(alarms)])

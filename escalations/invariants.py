"""What of this app must hold whatever happens, as SQL that names the rows for which it does not."""

from collections.abc import Iterator

from support.invariants import Check, append_only, guarded

TABLES = [f"escalations_escalation{what}" for what in ("", "acknowledgement", "closing")]
VENDORS = ["escalations_vendorstep", "escalations_vendorescalation"]

LADDER = """
        WITH raised AS (
            SELECT e.*, lag(e) OVER w AS last, lag(c.id) OVER w IS NOT NULL AS was_closed
            FROM escalations_escalation e LEFT JOIN escalations_escalationclosing c ON c.escalation_id = e.id
            WINDOW w AS (PARTITION BY e.ticket_id ORDER BY e.position)
        )
        SELECT format('%s, escalation %s to level %s', t.number, r.position, r.level)
        FROM raised r JOIN support_ticket t ON t.id = r.ticket_id
        WHERE CASE WHEN (r.last).id IS NULL OR r.was_closed THEN r.level <> 1
            ELSE r.level <> least((r.last).level + 1, r.levels)
                OR (r.override_reason = '' AND ((r.last).not_before IS NULL OR r.raised_at < (r.last).not_before))
        END
        ORDER BY t.number, r.position
"""


def checks() -> Iterator[Check]:
    yield Check(25, "no level of a ladder is raised before its time without a manager's reason", LADDER)
    yield Check(25, "escalations are only ever added", append_only([*TABLES, *VENDORS]))
    yield Check(
        25,
        "what is raised, acknowledged and closed is guarded",
        guarded([*TABLES, "escalations_vendorcase", *VENDORS]),
    )

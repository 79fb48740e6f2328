"""What of this app must hold whatever happens, as SQL that names the rows for which it does not."""

from collections.abc import Iterator

from support.invariants import Check, append_only, guarded

LADDER = [
    f"escalations_escalation{what}"
    for what in ("", "acceptance", "decline", "acknowledgement", "act", "stepdown", "closing")
]
VENDORS = ["escalations_vendorstep", "escalations_vendorescalation"]
ABOVE = [
    f"escalations_{what}"
    for what in (
        "faultreport",
        "levelmove",
        "engineeringreview",
        "managementescalation",
        "managementtaking",
        "managementupdate",
        "managementclosing",
    )
]
TABLES = [*LADDER, *ABOVE]

UNOPENED = """
        SELECT format('%s, %s', t.number, a.key) FROM support_alarm a JOIN support_ticket t ON t.id = a.ticket_id
        WHERE a.action = 'escalations.management' AND a.fired_at IS NOT NULL
            AND NOT EXISTS (SELECT FROM escalations_managementescalation m WHERE m.alarm_id = a.id)
        ORDER BY t.number, a.key
"""

# Stepped down from a level above since, the level below counts anew.
EARLY = """
        SELECT format('%s, escalation %s to level %s', t.number, e.position, e.level)
        FROM escalations_escalation e JOIN support_ticket t ON t.id = e.ticket_id
        LEFT JOIN escalations_escalation below ON below.id = e.follows_id AND below.ticket_id = e.ticket_id AND below.position < e.position
        WHERE CASE WHEN below.id IS NULL THEN e.level <> 1
            ELSE e.level <> least(below.level + 1, e.levels) OR (e.override_reason = '' AND (below.not_before IS NULL
                OR e.raised_at < greatest(below.not_before, (
                    SELECT max(d.not_before) FROM escalations_escalationstepdown d JOIN escalations_escalation above ON above.id = d.escalation_id
                    WHERE above.ticket_id = e.ticket_id AND above.position BETWEEN below.position + 1 AND e.position - 1))))
        END
        ORDER BY t.number, e.position
"""


def checks() -> Iterator[Check]:
    yield Check(25, "no level of a ladder is raised before its time without a manager's reason", EARLY)
    yield Check(21, "each alarm of management that fired is at management, once", UNOPENED)
    yield Check(25, "escalations are only ever added", append_only([*TABLES, *VENDORS]))
    yield Check(
        25,
        "what is raised, acknowledged and closed is guarded",
        guarded([*TABLES, "escalations_vendorcase", *VENDORS]),
    )

"""What of this app must hold whatever happens, as SQL that names the rows for which it does not."""

from collections.abc import Iterator

from escalations import owing
from support.invariants import Check, append_only, guarded

LADDER = [
    f"escalations_escalation{what}"
    for what in ("", "acceptance", "decline", "acknowledgement", "act", "stepdown", "closing")
]
ONSITE = ["escalations_onsitestep", "escalations_onsitevisitor"]
ROTA = [f"escalations_{what}" for what in ("region", "duty", "absence")]
HANDOFFS = ["escalations_handoffstep", "escalations_handoffalarm"]
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
OUTAGES = [
    f"escalations_{what}"
    for what in ("outagecontract", "outageticket", "outagestep", "notice", "noticerecipient")
]

REPORTS = [f"escalations_{what}" for what in ("reportrecipient", "reportpaper")]
WRITTEN = [f"escalations_{what}" for what in ("incidentreport", "reportversion", "reportaction")]
REPORTED = """
        SELECT format('%s, version %s says %s and reached %s', i.number, v.position, v.recipients, count(r.id))
        FROM escalations_reportversion v JOIN escalations_incidentreport i ON i.id = v.report_id
        LEFT JOIN escalations_reportrecipient r ON r.version_id = v.id
        GROUP BY i.number, v.id HAVING v.recipients <> count(r.id)
"""

NOTICES = """
        SELECT format('%s, notice %s says %s and reached %s', o.number, n.position, n.recipients, count(r.id))
        FROM escalations_notice n JOIN escalations_outage o ON o.id = n.outage_id LEFT JOIN escalations_noticerecipient r ON r.notice_id = n.id
        GROUP BY o.number, n.id HAVING n.recipients <> count(r.id)
        UNION ALL
        SELECT format('%s, notice %s answers none of its own', o.number, n.position)
        FROM escalations_notice n JOIN escalations_outage o ON o.id = n.outage_id JOIN escalations_duenotice d ON d.id = n.due_id WHERE d.outage_id <> o.id
        UNION ALL
        SELECT format('%s was told early', o.number) FROM escalations_duenotice d JOIN escalations_outage o ON o.id = d.outage_id
        WHERE d.told_at < d.due_at OR d.warned_at < d.warn_at
"""

STATES = """
        SELECT format('%s is %s', o.number, o.state) FROM escalations_outage o
        LEFT JOIN LATERAL (SELECT kind FROM escalations_outagestep s WHERE s.outage_id = o.id AND kind <> 'bridge' ORDER BY id DESC LIMIT 1) last ON true
        WHERE o.state <> CASE WHEN EXISTS (SELECT FROM escalations_notice n WHERE n.outage_id = o.id AND n.kind = 'resolution') THEN 'closed'
            WHEN last.kind IN ('resolved', 'validated') THEN last.kind ELSE 'open' END
"""

WINDOWS = [f"escalations_maintenance{what}" for what in ("window", "contract", "notice", "recipient", "stop")]

TOLD = """
        SELECT format('%s, "%s" says %s and reached %s', w.number, n.kind, n.recipients, count(r.id))
        FROM escalations_maintenancenotice n JOIN escalations_maintenancewindow w ON w.id = n.window_id
        LEFT JOIN escalations_maintenancerecipient r ON r.notice_id = n.id
        GROUP BY w.number, n.id HAVING n.recipients <> count(r.id)
        UNION ALL
        SELECT format('%s was announced to nobody', w.number) FROM escalations_maintenancewindow w
        WHERE NOT EXISTS (SELECT FROM escalations_maintenancenotice n WHERE n.window_id = w.id AND n.kind = 'announced')
        UNION ALL
        SELECT format('%s is late without a reason', w.number) FROM escalations_maintenancewindow w
        WHERE w.reason ~ '^\\s*$' AND EXISTS (SELECT FROM escalations_maintenancecontract m WHERE m.window_id = w.id AND NOT m.in_time)
        UNION ALL
        SELECT format('ticket %s stood still for maintenance that no window says', e.ticket_id) FROM support_event e
        WHERE e.kind = 'wait.started' AND e.facts ->> 'announced_in_time' = 'true'
            AND NOT EXISTS (SELECT FROM escalations_maintenancestop s WHERE s.ticket_id = e.ticket_id AND s.wait_id::text = e.facts ->> 'id')
        UNION ALL
        SELECT format('ticket %s stands still for %s beyond its end', s.ticket_id, m.number) FROM escalations_maintenancestop s
        JOIN escalations_maintenancewindow m ON m.id = s.window_id JOIN support_wait w ON w.id = s.wait_id
        JOIN support_event e ON e.ticket_id = s.ticket_id AND e.kind = 'wait.started' AND e.facts ->> 'id' = s.wait_id::text
        WHERE w.until IS DISTINCT FROM (e.facts ->> 'until')::timestamptz OR w.until > m.ends_at
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
                    WHERE above.ticket_id = e.ticket_id AND above.position BETWEEN below.position + 1 AND e.position - 1
                        AND above.level = least(below.level + 1, below.levels)))))
        END
        ORDER BY t.number, e.position
"""

# The most minutes that its region ever had count: a manager may raise them after a hand-off was written.
HANDED_EARLY = """
        SELECT format('%s, alarm at %s for %s', t.number, a.fired_at, a.closes_at)
        FROM escalations_handoffalarm a JOIN support_ticket t ON t.id = a.ticket_id
        WHERE a.fired_at < a.closes_at - make_interval(mins => coalesce(
            (SELECT max(r.alarm_minutes) FROM escalations_historicalregion r WHERE r.id = a.from_region_id), 30))
        UNION ALL
        SELECT format('%s, %s alarms for %s', t.number, count(*), a.closes_at)
        FROM escalations_handoffalarm a JOIN support_ticket t ON t.id = a.ticket_id
        GROUP BY t.id, a.kind, a.closes_at, a.lost_id, CASE WHEN a.kind = 'person' THEN a.handoff_id END HAVING count(*) > 1
        ORDER BY 1
"""

CLOSED_NEVER = """
        SELECT format('%s, hand-off %s is for %s, when %s closes in no version of its hours', t.number, h.position, h.closes_at, r.code)
        FROM escalations_handoff h JOIN support_ticket t ON t.id = h.ticket_id JOIN escalations_region r ON r.id = h.from_region_id
        WHERE NOT EXISTS (SELECT FROM support_calendarversion v JOIN escalations_historicalregion was ON was.calendar = v.name
            WHERE was.id = r.id AND calendar_closes(v.data, h.closes_at)) AND NOT region_closes(r.id, h.closes_at)
"""

UNTOLD = """
        SELECT format('%s, nobody had a mail of its notice at %s', o.number, said.at) FROM escalations_duenotice d JOIN escalations_outage o ON o.id = d.outage_id
        CROSS JOIN LATERAL (VALUES ('due', d.told_at), ('warn', d.warned_at)) said (what, at)
        WHERE said.at IS NOT NULL AND NOT EXISTS (SELECT FROM support_mail m WHERE m.key LIKE format('notice-%s:%s:%%', said.what, d.id))
        UNION ALL
        SELECT format('%s, nobody had a mail of the alarm at %s', t.number, a.fired_at)
        FROM escalations_handoffalarm a JOIN support_ticket t ON t.id = a.ticket_id
        WHERE NOT EXISTS (SELECT FROM support_mail m WHERE m.key LIKE format('handoff-alarm:%s:%%', a.id))
"""


def checks() -> Iterator[Check]:
    yield Check(25, "no level of a ladder is raised before its time without a manager's reason", EARLY)
    yield Check(21, "each alarm of management that fired is at management, once", UNOPENED)
    yield Check(25, "escalations are only ever added", append_only([*TABLES, *VENDORS, *ONSITE, *HANDOFFS]))
    yield Check(
        25,
        "what is raised, acknowledged and closed is guarded",
        guarded([*TABLES, "escalations_vendorcase", *VENDORS, "escalations_onsiterequest", *ONSITE]),
    )
    yield Check(21, "managers are told of a ticket that crosses once, and never early", HANDED_EARLY)
    yield Check(21, "every hand-off to a region is for a closing of the one before", CLOSED_NEVER)
    yield Check(21, "each alarm of a hand-off or a due notice had its mail", UNTOLD)
    yield Check(
        21,
        "regions, the rota and hand-offs are guarded",
        guarded([*ROTA, "escalations_historicalregion", "escalations_handoff", *HANDOFFS]),
    )
    yield Check(33, "every notice has reached as many as it says, each due one answered once", NOTICES)
    yield Check(33, "outages stand as their steps and notices say", STATES)
    yield Check(33, "notices and steps of outages are only ever added", append_only(OUTAGES))
    yield Check(33, "outages are guarded", guarded(["escalations_outage", "escalations_duenotice", *OUTAGES]))
    yield Check(33, "maintenance is told to whom it says, in time or with a reason", TOLD)
    yield Check(33, "maintenance windows are only ever added", append_only(WINDOWS))
    yield Check(33, "maintenance windows are guarded", guarded(WINDOWS))
    yield Check(33, "every issued report has reached as many as it says", REPORTED)
    yield Check(33, "every report is due when a service says", owing.misdated)
    yield Check(33, "whom a report was given to is only ever added", append_only(REPORTS))
    yield Check(33, "what has been issued does not change", guarded([*REPORTS, *WRITTEN]))

from django.db import migrations, models

# Management's alarm bears the event that began its cycle: the opening, the reopening, or what raised the level since.
# One that has fired is of the cycle in which it did, one that is armed of the last.
CYCLES = """
ALTER TABLE support_alarm DISABLE TRIGGER guard;
WITH told AS (
    SELECT id, ticket_id, split_part(key, ':', 1) AS subject_kind, split_part(key, ':', 2) AS subject_id, fired_at
    FROM support_alarm WHERE threshold = 'management'
), said AS (
    SELECT ticket_id, subject_kind, subject_id::text AS subject_id, seq, at, kind,
        coalesce(nullif(facts ->> 'level', ''), nullif(facts ->> 'priority', '')) AS level,
        nullif(CASE kind WHEN 'service.moved' THEN facts ->> 'new' ELSE facts ->> 'service' END, '') AS service
    FROM support_event WHERE ticket_id IN (SELECT ticket_id FROM told) AND kind IN (
        'ticket.opened', 'engagement.requested', 'service.moved', 'priority.assessed', 'priority.agreed', 'ticket.reopened')
), ranks AS (
    SELECT format('%s@%s', code, version) AS service, step ->> 'code' AS level, (step ->> 'rank')::int AS rank
    FROM support_serviceversion, jsonb_array_elements(data -> 'priorities') step
), raised AS (
    SELECT s.ticket_id, s.subject_kind, s.subject_id, s.seq, s.at FROM said s
    CROSS JOIN LATERAL (SELECT service FROM said b WHERE (b.ticket_id, b.subject_kind, b.subject_id) = (s.ticket_id, s.subject_kind, s.subject_id)
        AND b.seq < s.seq AND b.service IS NOT NULL ORDER BY b.seq DESC LIMIT 1) under
    CROSS JOIN LATERAL (SELECT level FROM said b WHERE (b.ticket_id, b.subject_kind, b.subject_id) = (s.ticket_id, s.subject_kind, s.subject_id)
        AND b.seq < s.seq AND b.level IS NOT NULL ORDER BY b.seq DESC LIMIT 1) before
    JOIN ranks was ON (was.service, was.level) = (under.service, before.level)
    JOIN ranks becomes ON (becomes.service, becomes.level) = (under.service, s.level)
    WHERE s.kind IN ('priority.assessed', 'priority.agreed') AND becomes.rank < was.rank
), begun AS (
    SELECT told.id, max(b.seq) AS seq FROM told JOIN (
        SELECT ticket_id, NULL AS subject_kind, NULL AS subject_id, seq, at FROM said WHERE kind IN ('ticket.opened', 'ticket.reopened')
        UNION ALL SELECT * FROM raised
    ) b ON b.ticket_id = told.ticket_id AND coalesce(b.subject_kind, told.subject_kind) = told.subject_kind
        AND coalesce(b.subject_id, told.subject_id) = told.subject_id AND (told.fired_at IS NULL OR b.at <= told.fired_at)
    GROUP BY told.id
)
UPDATE support_alarm a SET key = format('%s:%s', a.key, begun.seq) FROM begun WHERE begun.id = a.id;
ALTER TABLE support_alarm ENABLE ALWAYS TRIGGER guard;
"""


class Migration(migrations.Migration):
    dependencies = [("support", "0032_currencies_with_cents")]

    operations = [
        migrations.RunSQL(CYCLES, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="alarm",
            name="key",
            field=models.CharField(
                help_text="The clock, or the subject whose management is told and the event that began the cycle.",
                max_length=80,
            ),
        ),
    ]

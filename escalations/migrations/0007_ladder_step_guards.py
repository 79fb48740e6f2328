from pathlib import Path

from django.db import migrations

from support.guards import functions, sql

GUARDS = Path(__file__).parent.parent / "guards"

# What was raised before this column followed the one raised before it; nothing had been declined or stepped down from.
FOLLOWS = """
ALTER TABLE escalations_escalation DISABLE TRIGGER append_only;
UPDATE escalations_escalation e SET follows_id = below.id FROM escalations_escalation below
    WHERE below.ticket_id = e.ticket_id AND below.position = e.position - 1 AND e.level > 1;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE escalations_escalation ENABLE ALWAYS TRIGGER append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("escalations", "0006_ladder_steps")]

    operations = [
        migrations.RunSQL(*sql("ladder_steps", GUARDS)),
        migrations.RunSQL(functions("ladder", GUARDS), migrations.RunSQL.noop),
        migrations.RunSQL(FOLLOWS, migrations.RunSQL.noop),
    ]

from pathlib import Path

from django.db import migrations

from support.guards import sql

GUARDS = Path(__file__).parent.parent / "guards"

# Alarms that told management before there was a row for it; the list shows those whose ticket is not done.
TOLD = """
INSERT INTO escalations_managementescalation (ticket_id, cause, alarm_id, opened_at)
    SELECT ticket_id, 'alarm', id, fired_at FROM support_alarm
    WHERE action = 'escalations.management' AND fired_at IS NOT NULL ORDER BY fired_at, id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("escalations", "0008_levels")]

    operations = [
        migrations.RunSQL(TOLD, migrations.RunSQL.noop),
        migrations.RunSQL(*sql("levels", GUARDS)),
    ]

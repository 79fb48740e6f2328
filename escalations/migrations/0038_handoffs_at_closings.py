from pathlib import Path

from django.db import migrations

from support.guards import functions, sql

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("escalations", "0037_outages_end_after_they_were_seen_down"),
        ("support", "0033_management_is_told_once_a_cycle"),
    ]

    operations = [
        migrations.RunSQL(*sql("closings", GUARDS)),
        migrations.RunSQL(functions("handoffs", GUARDS), migrations.RunSQL.noop),
    ]

from pathlib import Path

from django.db import migrations

from support.guards import functions, sql

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("escalations", "0047_days_that_pages_can_show"),
        ("support", "0037_instants_that_pages_can_show"),
    ]

    operations = [
        migrations.RunSQL(functions("handoffs", GUARDS), migrations.RunSQL.noop),
        migrations.RunSQL(*sql("region_history", GUARDS)),
    ]

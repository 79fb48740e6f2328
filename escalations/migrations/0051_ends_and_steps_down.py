from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0050_grants_in_time_and_issuing_managers")]

    operations = [
        migrations.RunSQL(functions("outages", GUARDS), migrations.RunSQL.noop),
        migrations.RunSQL(functions("ladder_steps", GUARDS), migrations.RunSQL.noop),
    ]

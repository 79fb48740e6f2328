from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0044_late_work_dismissed"),
    ]

    operations = [
        migrations.RunSQL(functions("months", GUARDS), migrations.RunSQL.noop),
    ]

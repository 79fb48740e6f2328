from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0035_statements_by_size"),
    ]

    operations = [
        migrations.RunSQL(functions("assist", GUARDS), migrations.RunSQL.noop),
    ]

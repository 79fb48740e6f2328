from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0041_declined_with_a_reason"),
    ]

    operations = [
        migrations.RunSQL(functions("invoices", GUARDS), migrations.RunSQL.noop),
    ]

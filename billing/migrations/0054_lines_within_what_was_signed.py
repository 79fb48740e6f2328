from pathlib import Path

from django.db import migrations

from support.guards import functions, sql

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("billing", "0053_instants_that_pages_can_show")]

    operations = [
        migrations.RunSQL(*sql("asked", GUARDS)),
        migrations.RunSQL(functions("invoices", GUARDS), migrations.RunSQL.noop),
    ]

from pathlib import Path

from django.db import migrations

from support.guards import functions, sql

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0023_skipped_as_meant")]

    operations = [
        migrations.RunSQL(*sql("report_dates", GUARDS)),
        migrations.RunSQL(functions("reports", GUARDS), migrations.RunSQL.noop),
    ]

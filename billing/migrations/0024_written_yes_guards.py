from pathlib import Path

from django.db import migrations

from support.guards import functions, sql

GUARDS = Path(__file__).parents[1] / "guards"


class Migration(migrations.Migration):
    """Links tell what was written and who confirmed it from here on."""

    dependencies = [("billing", "0023_written_yes")]

    operations = [
        migrations.RunSQL(functions("approvals", GUARDS), migrations.RunSQL.noop),
        migrations.RunSQL(functions("evidence", GUARDS), migrations.RunSQL.noop),
        migrations.RunSQL(*sql("written", GUARDS)),
    ]

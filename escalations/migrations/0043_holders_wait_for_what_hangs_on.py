from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0042_windows_follow_renewals")]

    operations = [
        migrations.RunSQL(functions("outages", GUARDS), migrations.RunSQL.noop),
        migrations.RunSQL(functions("maintenance", GUARDS), migrations.RunSQL.noop),
    ]

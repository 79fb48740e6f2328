from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0022_notices_reach_somebody")]

    operations = [
        migrations.RunSQL(functions("outages", GUARDS), migrations.RunSQL.noop),
    ]

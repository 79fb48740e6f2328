from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0049_hours_of_regions_count_later")]

    operations = [
        migrations.RunSQL(functions("onsite", GUARDS), migrations.RunSQL.noop),
        migrations.RunSQL(functions("reports", GUARDS), migrations.RunSQL.noop),
    ]

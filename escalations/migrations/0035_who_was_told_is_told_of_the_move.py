from pathlib import Path

from django.db import migrations

from support.guards import functions

GUARDS = Path(__file__).parent.parent / "guards"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0034_maintenance_ends_with_its_window")]

    operations = [migrations.RunSQL(functions("maintenance", GUARDS), migrations.RunSQL.noop)]
